"""Finds the lists to show of a part of a book that has no sentence to show."""

from collections.abc import Iterator, Sequence

from plccoach_api.coach.generation.selection.outline import Placed
from plccoach_api.coach.generation.selection.readable import MOST_LIST_WORDS, is_entry

_MOST_LISTS = 3
_MOST_LABEL_WORDS = 8


def lists_of_part(outlines: Sequence[Sequence[Placed]]) -> list[tuple[int, list[Placed]]]:
    """Returns the first lists, each after the index of its passage: the line before the items, and the first items."""
    lists = ((passage, items) for passage, outline in enumerate(outlines) for items in _lists(outline))
    return [items for items, _ in zip(lists, range(_MOST_LISTS), strict=False)]


def _lists(outline: Sequence[Placed]) -> Iterator[list[Placed]]:
    found: list[Placed] = []
    for placed in outline:
        is_item = placed.is_item and is_entry(placed.sentence)
        if found and not (is_item and placed.section == found[-1].section):
            yield from _with_items(found)
            found = []
        is_label = not placed.is_item and placed.sentence.words <= _MOST_LABEL_WORDS
        if is_label or (is_item and _words([*found, placed]) <= MOST_LIST_WORDS):
            found.append(placed)
    yield from _with_items(found)


def _with_items(found: list[Placed]) -> Iterator[list[Placed]]:
    if found and found[-1].is_item:
        yield found


def _words(found: Sequence[Placed]) -> int:
    return sum(each.sentence.words for each in found)
