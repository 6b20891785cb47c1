"""Finds the items of an enumeration over several paragraphs: "The first phase is …", "The second phase is …"."""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from plccoach_api.coach.generation.selection.outline import Placed
from plccoach_api.rules.numerals import ORDINALS, parse_numeral
from plccoach_api.rules.stems import stems, with_digits

_ORDINALS = ORDINALS[:10]
_ITEM = re.compile(
    rf"\W{{0,3}}(?:(?:the|an?|our|my|your|their) )?(?P<ordinal>{'|'.join(_ORDINALS)})"
    r"(?P<adverb>ly\b|,)?(?: (?P<noun>\w+))?",
    re.IGNORECASE,
)
# The things that books enumerate.
_THINGS = re.findall(
    r"\w+",
    "step stage phase type kind way principle reason element part component characteristic rule strategy example form "
    "level role habit artifact question point",
)
_ASKS_FOR_SEVERAL = re.compile(
    r"\b(?:list|name|what are|which are|how (?:do|does|can|could|should|to)"
    rf"|\d+|two|three|four|five|six|seven|eight|nine|ten|strategies|(?:{'|'.join(_THINGS)})s)\b",
    re.IGNORECASE,
)

# "Experts have suggested strategies for this." is followed by a list, although it has no colon.
_NAMES_SEVERAL = re.compile(
    rf"\b(?:following|below|several|suggestions|tips|strategies|methods|(?:{'|'.join(_THINGS)})s)\b", re.IGNORECASE
)
_ASKED_ORDINAL = re.compile(
    rf"\bthe (?P<ordinal>{'|'.join(_ORDINALS)})(?: (?:one|{'|'.join(_THINGS)}))?\W*$", re.IGNORECASE
)
# "What is in the second category of the plan?"
_ASKED_PART = re.compile(rf"\bthe (?P<ordinal>{'|'.join(_ORDINALS)}) (?P<noun>[a-z]+)", re.IGNORECASE)


def asks_for_several(question: str) -> bool:
    """Returns True for "What are the phases of a budget?" and "How do we plan a budget?"."""
    return _ASKS_FOR_SEVERAL.search(question) is not None


class AskedItem(NamedTuple):
    """An item of an enumeration that a question names by its number."""

    ordinal: str
    things: Container[str]
    """The stems of what may be enumerated."""
    is_of_answer: bool
    """True for "the second one", which may be any second thing: "Secondly, …"."""

    def begins(self, text: str) -> bool:
        """Returns True for a sentence that begins the item, or names it: "question two" for "second"."""
        item = _ITEM.match(text)
        if item and item["ordinal"].lower() == self.ordinal:
            is_any = self.is_of_answer and bool(item["adverb"])
            return is_any or any(stem in self.things for stem in stems(item["noun"] or ""))
        number = str(parse_numeral(self.ordinal))
        return any(each == number and before in self.things for before, each in pairwise(with_digits(stems(text))))


def asked_item(question: str, asked: Container[str]) -> AskedItem | None:
    """Returns the item of "Explain the second one" and of "What is in the second category?".

    `asked` has the stems of the question. What is enumerated is one of them: "the second phase" is no second question.
    """
    if item := _ASKED_ORDINAL.search(question):
        return AskedItem(item["ordinal"].lower(), asked, is_of_answer=True)
    if part := _ASKED_PART.search(question):
        return AskedItem(part["ordinal"].lower(), stems(part["noun"]), is_of_answer=False)
    return None


def items_of_list(near: Placed, outline: Sequence[Placed]) -> Iterator[Placed]:
    """Yields the first sentence of each item of a list that a sentence before it names: "suggested some strategies".

    The given sentence is the one that names it, or one of the items.
    """
    place = near.place
    while outline[place].is_item and place:
        place -= 1
    named = outline[place]
    after = outline[place + 1 :]
    items = [*takewhile(lambda each: each.is_item and each.section == named.section, after)]
    firsts = [item for last, item in pairwise([named, *items]) if item.paragraph != last.paragraph]
    names_them = not named.is_item and _NAMES_SEVERAL.search(named.sentence.text) is not None
    if names_them and len(firsts) > 1 and all(item.is_readable for item in firsts):
        yield from firsts


def items_after(first: Placed, outline: Sequence[Placed]) -> Iterator[Placed]:
    """Yields the items that follow the first one of an enumeration; nothing for any other sentence."""
    begun = _ITEM.match(first.sentence.text)
    if not begun or begun["ordinal"].lower() != _ORDINALS[0]:
        return
    wanted = iter(_ORDINALS[1:])
    ordinal = next(wanted)
    for placed in outline[first.place + 1 :]:
        item = _ITEM.match(placed.sentence.text)
        if item and item["ordinal"].lower() == ordinal and _are_alike(begun, item):
            if not placed.is_readable:
                return
            yield placed
            ordinal = next(wanted, "")


def _are_alike(one: re.Match[str], other: re.Match[str]) -> bool:
    """Returns True for "First, …" and "Second, …", and for "The first phase …" and "The second phase …"."""
    if one["adverb"] or other["adverb"]:
        return bool(one["adverb"] and other["adverb"])
    return (one["noun"] or "").lower() == (other["noun"] or "").lower()
