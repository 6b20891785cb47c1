"""Recognises a claim of two parts that exchanges what is said of each: "pears are red, and apples are green".

In the sentences of the passage each word belongs to the nearest word before it that begins a part of the claim. The
claim exchanges the parts when most of its words belong to the beginning of the other part.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from plccoach_api.coach.generation.claims.contrasts import Token, compares
from plccoach_api.coach.generation.claims.stop_words import STOP_WORDS
from plccoach_api.rules.stems import stems

_DIVIDING = frozenset(
    {"while", "whereas", "but", "than", "because", "since", "although", "though", "that", "who", "which"}
)
_JOINING = frozenset({"and", "or"})
_PAUSES = frozenset(";:.\u2014")
# A shorter part goes on with what is said before it.
_LEAST_STEMS = 2

Part = tuple[str, Sequence[str]]
"""The word before a part of a claim, and the part's stems in order."""


def role_parts(tokens: Sequence[Token]) -> tuple[Part, ...]:
    found: list[Part] = []
    for divider, stems_of_part in _parts(tokens):
        if found and len(stems_of_part) < _LEAST_STEMS and divider != "than":
            before, earlier = found.pop()
            found.append((before, (*earlier, *stems_of_part)))
        else:
            found.append((divider, stems_of_part))
    return tuple(found)


def exchanges_roles(claim: Sequence[Part], evidence: Sequence[str]) -> bool:
    """`evidence` are the stems of the passage's sentences in order."""
    return any(_are_exchanged(first, second, evidence) for first, second in pairwise(claim))


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    divider, found = "", list[str]()
    words = ["", *(word for word, _, _ in tokens), ""]
    for (word, _, gap), before, following in zip(tokens, words, words[2:], strict=False):
        if _divides(before, word, following, gap):
            if found:
                yield divider, tuple(found)
                found = []
            divider = word
        if word not in STOP_WORDS:
            found += stems(word)
    if found:
        yield divider, tuple(found)


def _divides(before: str, word: str, following: str, gap: str) -> bool:
    if word == "than":
        # "Rather than" denies what follows it.
        return before != "rather" and compares(before, following)
    return word in _DIVIDING or not _PAUSES.isdisjoint(gap) or ("," in gap and word in _JOINING)


def _are_exchanged(one: Part, other: Part, evidence: Sequence[str]) -> bool:
    present = frozenset(evidence)
    (_, first), (divider, second) = one, other
    own = [stem for stem in first if stem not in second and stem in present]
    others = [stem for stem in second if stem not in first and stem in present]
    if not own or not others or _votes(own[0], others[0], own[1:], evidence) <= 0:
        return False
    # The thing that is compared stands alone: "pears are redder than apples".
    return divider == "than" or _votes(others[0], own[0], others[1:], evidence) > 0


def _votes(own: str, other: str, words: Sequence[str], evidence: Sequence[str]) -> int:
    """Counts how many occurrences of the words belong to the other beginning, minus those that belong to their own."""
    votes, nearest = 0, ""
    for stem in evidence:
        if stem in {own, other}:
            nearest = stem
        elif stem in words and nearest:
            votes += 1 if nearest == other else -1
    return votes
