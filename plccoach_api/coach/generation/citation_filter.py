"""The filter between a model and a reader: only sentences that a cited passage supports are released.

It is a pipeline: control characters, a leak of the instructions, reference marks, sentences, support, release. The
released text does not depend on how the model's text was divided into deltas.
"""

import re
from collections.abc import Iterable, Sequence

from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.coach.generation.citations import best_quote, cite
from plccoach_api.coach.generation.claims.support import ClaimJudge
from plccoach_api.coach.generation.grounding import Grounded, Grounding
from plccoach_api.coach.generation.model_text.answer_units import MARK, AnswerUnits, Unit, UnitKind
from plccoach_api.coach.generation.model_text.control_characters import ControlCharacterFilter
from plccoach_api.coach.generation.model_text.literal_code import CODE, CODE_END
from plccoach_api.coach.generation.model_text.reference_marks import ReferenceMarks
from plccoach_api.coach.generation.model_text.wrapped_marks import WrappedMarks
from plccoach_api.coach.llm.prompt_leak import PromptLeakGuard
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation

_SPACED_MARK = re.compile(f" ?{MARK.pattern}")
_CODE = re.compile(f"({CODE}[^{CODE_END}]*{CODE_END}?)")
# A bracket that a reader would take for a reference: around a number, or open at the end.
_FALSE_BRACKET = re.compile(r"\[(?=\s*\d[\d\s]*\]|[\s\d]*(?:\x01|\Z))")
_BRACKETS = {1: "[", 2: "]"}
_STOPS = ".!?:;,\u2026"
_CLOSING = '"\u201d\u2019)*_'


class CitationFilter:
    """Takes a model's deltas and returns the pieces to release: a Cited comes before the Delta that refers to it."""

    def __init__(
        self, passages: Sequence[Passage], question: str, leak_ngrams: frozenset[tuple[str, ...]] = frozenset()
    ) -> None:
        self._passages = passages
        self._question = question
        self._control_filter, self._leak_guard = ControlCharacterFilter(), PromptLeakGuard(leak_ngrams)
        self._marks, self._wrapped_marks = ReferenceMarks(len(passages)), WrappedMarks()
        self._units = AnswerUnits()
        self._grounding = Grounding(ClaimJudge([passage.content for passage in passages], question))
        self._cited: set[int] = set()
        self._line = -1
        self.has_output = False
        """True from the first supported sentence on. Nothing is released before it."""

    @property
    def leaked_prompt(self) -> bool:
        """True when the model began to repeat its instructions. Nothing is released after that."""
        return self._leak_guard.leaked

    def feed(self, text: str) -> list[Cited | Delta]:
        plain = self._leak_guard.feed(self._control_filter.feed(text))
        return self._release(self._units.feed(self._wrapped_marks.feed(self._marks.feed(plain))))

    def finish(self) -> list[Cited | Delta]:
        """Releases the rest of the text."""
        plain = self._leak_guard.feed(self._control_filter.finish()) + self._leak_guard.finish()
        marked = self._marks.feed(plain) + self._marks.finish()
        marked = self._wrapped_marks.feed(marked) + self._wrapped_marks.finish()
        return self._release([*self._units.feed(marked), *self._units.finish()])

    def _release(self, units: Iterable[Unit]) -> list[Cited | Delta]:
        return [piece for unit in units for grounded in self._grounding.feed(unit) for piece in self._pieces(grounded)]

    def _pieces(self, grounded: Grounded) -> list[Cited | Delta]:
        unit = grounded.unit
        # The first sentence of a line may have been withheld, with the line break and the marker of a list item.
        lead = unit.lead if unit.line == self._line else unit.line_lead
        text = lead + written(unit, grounded.references)
        new = [index for index in grounded.references if index not in self._cited]
        self._cited.update(new)
        self._line = unit.line
        delta = Delta(text if self.has_output else text.lstrip())
        self.has_output = True
        return [*(Cited(self._citation(index, unit.plain)) for index in new), delta]

    def _citation(self, index: int, claim: str) -> Citation:
        """Quotes the passage for the first claim that cites it."""
        passage = self._passages[index - 1]
        span = best_quote(passage.content, claim, self._question)
        if span is None:
            raise LookupError("a passage without a quote supported a claim")
        return cite(passage, span, index)


def written(unit: Unit, references: Sequence[int]) -> str:
    """Returns the text of a unit with its references as [n]: in their places, or before the last full stop."""
    in_place = {*unit.references} == {*references}
    parts = _CODE.split(unit.text)
    parts[::2] = [_SPACED_MARK.sub(lambda mark: _kept(mark, in_place=in_place), part) for part in parts[::2]]
    if not in_place:
        # A block of code ends with its fence, so the references stand on a line of their own.
        gap = "\n" if unit.kind is UnitKind.code else " "
        added = "".join(f"{gap}\x01{index}\x02" for index in references)
        words = parts[-1].removesuffix("|").removesuffix(" ") if parts[-1].endswith("|") else parts[-1]
        words = words.rstrip(_CLOSING).rstrip(_STOPS)
        parts[-1] = f"{words.rstrip()}{added}{parts[-1][len(words) :]}"
    parts[::2] = [_FALSE_BRACKET.sub("", part).translate(_BRACKETS) for part in parts[::2]]
    parts[1::2] = [part.strip(CODE + CODE_END) for part in parts[1::2]]
    return "".join(parts)


def _kept(mark: re.Match[str], *, in_place: bool) -> str:
    return mark.group() if in_place and mark.group(1) != "0" else ""
