"""Reads what a sentence affirms and what it denies, and what it puts before and after another thing."""

import re
from collections.abc import Sequence
from itertools import pairwise

from plccoach_api.coach.generation.claims.stop_words import STOP_WORDS, word_set
from plccoach_api.rules.stems import stems

# A quotation ends the reach of a denial, too.
_PAUSE = re.compile(r"[.;:!?()\u2014\"\u201c\u201d]")


_DENIALS = word_set(
    "not no never none nor neither without cannot nobody nothing nowhere unless avoid avoids refrain refrains seldom"
    " rarely hardly prohibited forbidden forbid forbids prohibit prohibits"
)
DENIES = word_set("not no never none nor neither without cannot nobody nothing nowhere")
# Words that may express a denial of the other sentence in another way.
HALF_DENIALS = word_set(
    "rather instead avoid avoids avoided refrain seldom rarely hardly little few fewer fails fail lack lacks stop"
    " except refuse less unlike differ differs different mistaken poorly badly violate violates unless only merely"
    " forbid forbids forbidden prohibit prohibits prohibited prevent prevents impossible"
)
# A denial reaches this many words with meaning. Those after them may belong to another part of the sentence.
_DENIED_WORDS = 4
_NEW_CLAUSE = word_set(
    "but because since so although while though whereas as if when unless which who that they we he she"
)
_AUXILIARIES = word_set("does do is are should can must has have will cannot would could may did was were")
_ONLY = word_set("only merely just")
_CONTRASTS = frozenset({("rather", "than"), ("instead", "of"), ("and", "not"), ("but", "not"), ("or", "not")})


class _Clause:
    """The stems of the current clause, and whether they are denied."""

    def __init__(self) -> None:
        self._found: dict[str, frozenset[bool]] = {}
        self._stems: list[tuple[str, bool]] = []
        self._reach = _DENIED_WORDS
        self.denied = False
        self.denied_by = ""
        self.contrasted = False

    def add(self, word: str) -> None:
        self._reach -= self.denied
        self._stems += [(stem, self.denied and self._reach >= 0) for stem in stems(word)]

    @property
    def is_empty(self) -> bool:
        return not self._stems

    def end(self, *, contrasted: bool = False) -> None:
        for stem, after_denial in self._stems:
            # A subject before "not" is neither affirmed nor denied, nor is what stands far behind it.
            values = {True, False} if self.denied and not after_denial else {self.denied == self.contrasted}
            self._found[stem] = self._found.get(stem, frozenset()) | values
        self._stems.clear()
        self._reach = _DENIED_WORDS
        self.denied, self.denied_by, self.contrasted = False, "", contrasted

    def found(self) -> dict[str, frozenset[bool]]:
        self.end()
        return self._found


def denies(words: Sequence[str]) -> bool:
    """Returns True for words that deny something. "Not only" does not."""
    return any(
        word in DENIES and not (word == "not" and {*words[index + 1 : index + 2]} & _ONLY)
        for index, word in enumerate(words)
    )


def absent(words: Sequence[str]) -> frozenset[str]:
    """Returns the stems of the words that follow "no"."""
    return frozenset(stems(following)[0] for word, following in pairwise(words) if word == "no")


def polarity(tokens: Sequence[tuple[str, bool, str]]) -> dict[str, frozenset[bool]]:
    clause = _Clause()
    words = [word for word, _, _ in tokens]
    for index, (word, _, gap) in enumerate(tokens):
        following = [*words[index + 1 : index + 3], "", ""]
        if _PAUSE.search(gap) or ("," in gap and (clause.denied or clause.contrasted or word in _DENIALS)):
            clause.end()
        if word in _NEW_CLAUSE or (
            word == "and" and (clause.denied_by == "no" or following[0] in _AUXILIARIES or following[1] in _DENIALS)
        ):
            clause.end()
        if (
            (word, following[0]) in _CONTRASTS
            or (word == "than" and words[index - 1 : index] == ["other"])
            or (word == "not" and "," in gap)
        ):
            clause.end(contrasted=True)
        elif word in _DENIALS:
            only = word == "not" and (following[0] in _ONLY or (clause.contrasted and clause.is_empty))
            clause.denied = clause.denied or not only
            clause.denied_by = word
        elif word not in STOP_WORDS:
            clause.add(word)
    return clause.found()


def sides(words: Sequence[str]) -> dict[str, frozenset[bool]]:
    # "Before the meeting they met" names the later thing first.
    if "before" not in words[1:] or words[0] == "before":
        return {}
    middle, found = words.index("before"), dict[str, frozenset[bool]]()
    for index, word in enumerate(words):
        if word not in STOP_WORDS:
            for stem in stems(word):
                found[stem] = found.get(stem, frozenset()) | {index < middle}
    return found
