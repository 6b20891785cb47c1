"""Finds the items of an enumeration over several paragraphs: "The first phase is …", "The second phase is …"."""

import re
from collections.abc import Iterator, Sequence

from plccoach_api.coach.generation.selection.outline import Placed

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ITEM = re.compile(
    rf"\W{{0,3}}(?:(?:the|an?|our|my|your|their) )?(?P<ordinal>{'|'.join(_ORDINALS)})"
    r"(?P<adverb>ly\b|,)?(?: (?P<noun>\w+))?",
    re.IGNORECASE,
)
_ASKS_FOR_SEVERAL = re.compile(
    r"\b(?:list|name|what are|which are|how (?:do|does|can|could|should|to)"
    r"|\d+|two|three|four|five|six|seven|eight|nine|ten"
    r"|(?:step|stage|phase|type|kind|way|principle|reason|element|part|component|characteristic|rule|strateg(?:y|ie)"
    r"|example|form|level|role|habit|artifact)s)\b",
    re.IGNORECASE,
)


def asks_for_several(question: str) -> bool:
    """Returns True for "What are the phases of a budget?" and "How do we plan a budget?"."""
    return _ASKS_FOR_SEVERAL.search(question) is not None


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
