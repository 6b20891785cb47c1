"""Releases the units of an answer that its passages support, each with its references, and withholds the others.

A unit without a reference waits for the next reference of its paragraph or list, which then counts for it too. The
items of a list and the rows of a table inherit the references of the sentence that introduces them. A heading, the head
of a table or a sentence that claims nothing is released with the unit after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from plccoach_api.coach.generation.claims.support import ClaimJudge
from plccoach_api.coach.generation.model_text.answer_units import Unit, UnitKind

_BOLD_LEVEL = 7
_HEADS = frozenset({UnitKind.heading, UnitKind.table_head})


@dataclass(frozen=True, slots=True)
class Grounded:
    """A unit to release, with the passages that support it."""

    unit: Unit
    references: tuple[int, ...] = ()


class Grounding:
    """Takes the units in order and returns those to release."""

    def __init__(self, judge: ClaimJudge) -> None:
        self._judge = judge
        self._waiting: list[Unit] = []
        self._inherited: tuple[int, ...] = ()

    def feed(self, unit: Unit) -> list[Grounded]:
        self._close_paragraph(unit)
        references = () if unit.kind in _HEADS else unit.references
        if not unit.plain:
            return self._settle(references) if references else []
        if not references and self._claims_nothing(unit):
            self._waiting.append(unit)
            return []
        if references and unit.introduces:
            self._inherited = references
        supporting = self._judge.supporting(unit.plain, references or self._inherited)
        if supporting:
            released = self._settle(supporting)
            before = [Grounded(each) for each in self._waiting if self._may_stand(each, supporting)]
            self._waiting.clear()
            return [*released, *before, Grounded(unit, supporting)]
        if references and not self._claims_nothing(unit):
            return self._settle(references)
        self._waiting.append(unit)
        return []

    def _close_paragraph(self, unit: Unit) -> None:
        """Drops what no later reference can support: the claims of an ended paragraph, and headings without text."""
        is_continued = unit.is_item or unit.is_in_table
        if not is_continued and unit.begins_line and unit.kind is not UnitKind.code:
            self._inherited = ()
        if unit.kind is UnitKind.table_head and unit.references:
            self._inherited = unit.references
        if not unit.is_in_table:
            self._waiting = [each for each in self._waiting if each.kind is not UnitKind.table_head]
        if unit.kind is UnitKind.heading:
            self._waiting = [each for each in self._waiting if _level(each) < _level(unit)]
        elif unit.begins_paragraph and not is_continued:
            self._waiting = [each for each in self._waiting if self._claims_nothing(each)]

    def _settle(self, references: Sequence[int]) -> list[Grounded]:
        """Releases the waiting claims that these passages support, with their introductions. Drops other claims."""
        released: list[Grounded] = []
        introductions: list[Unit] = []
        for unit in self._waiting:
            if self._claims_nothing(unit):
                introductions.append(unit)
            elif self._judge.support(unit.plain, references):
                released += [Grounded(each) for each in introductions if self._may_stand(each, references)]
                released.append(Grounded(unit, tuple(references)))
                introductions.clear()
        self._waiting = introductions
        return released

    def _claims_nothing(self, unit: Unit) -> bool:
        if unit.kind is UnitKind.code:
            # Brackets in code look like references, so that it is released only with a citation.
            return False
        return unit.kind in _HEADS or self._judge.claims_nothing(unit.plain, cited=bool(unit.references))

    def _may_stand(self, unit: Unit, references: Sequence[int]) -> bool:
        """Returns False for a heading with a number that the passages do not have."""
        return self._judge.has_numbers_of(unit.plain, references)


def _level(unit: Unit) -> int:
    marks = len(unit.text) - len(unit.text.lstrip("#"))
    return marks or _BOLD_LEVEL if unit.kind is UnitKind.heading else _BOLD_LEVEL + 1
