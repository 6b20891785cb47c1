"""Reads how many of a thing a sentence speaks of in words: "all learners", "most of the teams", "some schools"."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from plccoach_api.coach.generation.claims.stop_words import STOP_WORDS, word_set
from plccoach_api.rules.stems import stems

_ALL, _MOST, _SOME = 3, 2, 1
_QUANTITIES: Mapping[str, int] = {
    **dict.fromkeys(("all", "every", "each", "any"), _ALL),
    "most": _MOST,
    **dict.fromkeys(("some", "many", "several", "certain", "various", "numerous", "few"), _SOME),
}
_BETWEEN = word_set("of the these those my your our their its")

Quantity = tuple[int, str]
"""How many of a thing, and the stem of its name."""


def quantities_of(words: Sequence[str]) -> frozenset[Quantity]:
    found = set[Quantity]()
    for index, word in enumerate(words):
        if word in _QUANTITIES:
            thing = next((each for each in words[index + 1 : index + 4] if each not in _BETWEEN), "")
            if thing and thing not in STOP_WORDS:
                found.update((_QUANTITIES[word], stem) for stem in stems(thing))
    return frozenset(found)


def exceeds(claimed: AbstractSet[Quantity], found: Iterable[AbstractSet[Quantity]]) -> bool:
    """Returns True when the claim speaks of all learners, where only most or some of them stand."""
    if not claimed:
        return False
    most: dict[str, int] = {}
    for quantity, thing in chain.from_iterable(found):
        most[thing] = max(quantity, most.get(thing, 0))
    return any(quantity > max(most.get(thing, _ALL), _SOME) for quantity, thing in claimed)
