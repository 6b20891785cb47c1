"""How much of a question's words each sentence of the passages has: alone, and together with its neighbours."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter

import msgspec

from plccoach_api.coach.generation.selection.outline import Placed


class Covered(msgspec.Struct, frozen=True):
    """Each is from 0 to 1."""

    alone: float
    """The share of the question's weight that the sentence has. A word of near meaning counts in part."""
    around: float
    """The same for the sentence and its neighbours."""
    precision: float
    """The share of the sentence's words that the question has. A rarer word counts more."""


def coverage_of_sentences(
    outlines: Sequence[Sequence[Placed]], weights: Mapping[str, float], standing: Mapping[str, Mapping[str, float]]
) -> list[Covered]:
    """Returns one for each sentence, in order. `standing` has the stems that stand for each stem of the question."""
    cells = _cells(outlines)
    found = _found(cells, frozenset(chain.from_iterable(standing.values())))
    alone, around = _totals(found, standing, len(cells))
    precision = _precision(cells, found, weights)
    total = sum(weights.values()) or 1.0
    return [
        Covered(alone[cell] / total, around[cell] / total, precision.get(cell, 0.0))
        for cell, placed in enumerate(cells)
        if placed
    ]


def _cells(outlines: Sequence[Sequence[Placed]]) -> list[Placed | None]:
    """Returns all sentences, with an empty cell after each section: sentences of two sections are no neighbours."""
    cells: list[Placed | None] = []
    for outline in outlines:
        for placed in outline:
            if placed.place and placed.section != outline[placed.place - 1].section:
                cells.append(None)
            cells.append(placed)
        cells.append(None)
    return cells


def _found(cells: Sequence[Placed | None], wanted: frozenset[str]) -> Mapping[str, Sequence[int]]:
    """Returns for each wanted stem the cells of the sentences that have it."""
    found: dict[str, list[int]] = defaultdict(list)
    for cell, placed in enumerate(cells):
        if placed:
            for stem in wanted.intersection(placed.sentence.stems):
                found[stem].append(cell)
    return found


def _totals(
    found: Mapping[str, Sequence[int]], standing: Mapping[str, Mapping[str, float]], cells: int
) -> tuple[Sequence[float], Sequence[float]]:
    """Returns for each cell the weight that its sentence has, and the weight that it has with its neighbours."""
    # One row stays when the question has no words that count.
    alone, around = [[0.0] * cells], [[0.0] * cells]
    for stems in standing.values():
        here, near = [0.0] * cells, [0.0] * cells
        # In each cell the highest weight replaces lower ones.
        for stem, weight in sorted(stems.items(), key=itemgetter(1)):
            for cell in found.get(stem, ()):
                here[cell] = near[cell - 1] = near[cell] = near[cell + 1] = weight
        alone.append(here)
        around.append(near)
    return [*map(sum, zip(*alone, strict=True))], [*map(sum, zip(*around, strict=True))]


def _precision(
    cells: Sequence[Placed | None], found: Mapping[str, Sequence[int]], weights: Mapping[str, float]
) -> Mapping[int, float]:
    """Returns the precision in the cells whose sentence has a word of the question, and can be shown."""
    sentences = [placed.sentence.stems for placed in cells if placed]
    frequency = Counter(chain.from_iterable(sentences))
    rarity = {count: math.log(1 + len(sentences) / count) for count in {*frequency.values()}}
    asked: dict[int, float] = defaultdict(float)
    for stem in weights:
        for cell in found.get(stem, ()):
            asked[cell] += rarity[frequency[stem]]
    return {
        cell: own / sum(map(rarity.__getitem__, map(frequency.__getitem__, placed.sentence.stems)))
        for cell, own in asked.items()
        if (placed := cells[cell]) and placed.can_be_shown
    }
