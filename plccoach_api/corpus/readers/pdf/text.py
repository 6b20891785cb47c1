"""Reads the lines of text on a PDF's page through PDFium, the engine of a browser."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.note_numbers import NOTE_NUMBERS
from plccoach_api.corpus.readers.pdf.runs import MOST_CHARACTERS, UNDECODABLE_MARK, Break, Run, read_runs

TURNED = "turned text"
UNDECODABLE = "words with letters that the file does not name"
EXCESS = "text of pages that have more than 300,000 characters"

# A baseline that moves by this share of the font's size begins a new line. A raised note number moves it by less.
_NEW_LINE_RATIO = 0.5
_NOTE_SIZE_RATIO = 0.85
_NOTE_RISE_RATIO = 0.15
# PDFium begins a new line after a wide gap. A smaller gap is a space.
_GAP_RATIO = 3.0
# Between letters that are drawn one by one, PDFium sees no space that is narrow. Such a gap has this share of the
# font's size, and is far wider than the gap before it, which spaced letters have too.
_SPACE_RATIO = 0.13
_WIDER = 3.0
_UNDECODABLE_WORD = re.compile(rf"(?<![^\s{UNDECODABLE_MARK}])[^\s{UNDECODABLE_MARK}]*+{UNDECODABLE_MARK}\S*")
# A number that is raised after a word of three letters or punctuation belongs to a note. `m²` is a unit.
_MAY_HAVE_NOTE = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?%\"'\u201d\u2019)\]])\s*$")
# A word may be drawn in several runs.
_WORD_RUNS = 10
_PUNCTUATION = frozenset(".,;:!?)")
_NOTE = re.compile(r"[\[(]?(?:\d{1,3}|[*\u2020\u2021\u00a7\u00b6]{1,3})(?:[,\u2013-]\s?\d{1,3})*[\])]?")
_SUPERSCRIPTS = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?%\"'\u201d\u2019)\]]))[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `baseline` grows from the bottom of the page to its top, as a reader sees the page."""

    text: str
    size: float
    left: float
    baseline: float


@dataclass(frozen=True, slots=True)
class PageText:
    lines: Sequence[Line]
    left_out: Counter[str] = field(default_factory=Counter)


def read_page(page: Any) -> PageText:
    """Returns the lines of a page in the order in which the file draws them, which is the reading order."""
    text_page = page.get_textpage()
    try:
        lines = _Lines()
        excess = pdfium.FPDFText_CountChars(text_page) - MOST_CHARACTERS
        for run in read_runs(text_page.raw, page.get_rotation() // 90):
            lines.add(run)
        lines.end_line()
    finally:
        text_page.close()
    lines.left_out[EXCESS] += max(0, excess)
    return PageText(_in_reading_order(lines.lines), lines.left_out)


class _Lines:
    """Gathers runs into lines, and drops what is no text of a line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.left_out: Counter[str] = Counter()
        self._texts: list[str] = []
        self._sizes: Counter[float] = Counter()
        self._note = ""
        self._has_space_before_note = False
        self._gap: float | None = None
        self._left = self._right = self._end = self._baseline = self._size = 0.0

    def add(self, run: Run) -> None:
        if run.is_turned:
            self.left_out[TURNED] += count_characters(run.text)
            return
        if self._begins_line(run):
            self.end_line()
        if self._is_raised(run):
            if not self._note:
                self._has_space_before_note = run.break_before is not Break.NONE
            self._note += run.text
        else:
            self._add_to_text(run)
        self._right, self._end = run.right, run.end

    def end_line(self) -> None:
        """Ends a line. A word with a letter that has no name is left out of it."""
        self._end_note(has_space=False)
        text = "".join(self._texts)
        self.left_out[NOTE_NUMBERS] += sum(map(len, _SUPERSCRIPTS.findall(text)))
        text = _SUPERSCRIPTS.sub("", text)
        self.left_out[UNDECODABLE] += sum(map(len, _UNDECODABLE_WORD.findall(text)))
        text = " ".join(_UNDECODABLE_WORD.sub("", text).split())
        if text:
            self.lines.append(Line(text, self._sizes.most_common(1)[0][0], self._left, self._baseline))
        self._texts.clear()
        self._sizes.clear()
        self._gap = None

    def _begins_line(self, run: Run) -> bool:
        if not self._texts:
            return False
        size = max(run.size, self._size)
        if abs(run.baseline - self._baseline) > _NEW_LINE_RATIO * size:
            return True
        return run.break_before is Break.LINE and not -size < run.left - self._right < _GAP_RATIO * size

    def _stands_apart(self, run: Run) -> bool:
        """Judges if a narrow space divides the run from the one before. Chinese and the like has no spaces."""
        gap, usual = run.left - self._end, self._gap
        last = self._texts[-1][-1:] if self._texts else ""
        is_apart = (
            usual is not None
            and gap > _SPACE_RATIO * run.size
            and gap > _WIDER * abs(usual)
            and _has_case(last)
            and _has_case(run.text[:1])
        )
        if not is_apart:
            self._gap = gap
        if run.gap is not None:
            self._gap = run.gap
        return is_apart

    def _is_raised(self, run: Run) -> bool:
        is_higher = run.baseline - self._baseline > _NOTE_RISE_RATIO * self._size
        return bool(self._texts) and run.size < _NOTE_SIZE_RATIO * self._size and is_higher

    def _add_to_text(self, run: Run) -> None:
        is_punctuation = run.text[:1] in _PUNCTUATION
        has_space = run.break_before is not Break.NONE or self._stands_apart(run)
        if self._note:
            has_space = self._end_note(has_space=has_space) and not is_punctuation
        if not self._texts:
            self._left, self._baseline, self._size = run.left, run.baseline, run.size
        elif has_space:
            self._texts.append(" ")
        # A line that begins with a small capital or a raised letter has the place of its larger letters.
        if run.size > self._size:
            self._baseline, self._size = run.baseline, run.size
        self._texts.append(run.text)
        self._sizes[round(run.size, 1)] += len(run.text)

    def _end_note(self, *, has_space: bool) -> bool:
        """Drops a raised number after a word. Any other raised text, as in `1st`, is text of the line.

        Returns whether a space follows.
        """
        note, self._note = self._note.strip(), ""
        if _NOTE.fullmatch(note) and _MAY_HAVE_NOTE.search("".join(self._texts[-_WORD_RUNS:])):
            self.left_out[NOTE_NUMBERS] += count_characters(note)
            return has_space or self._has_space_before_note
        self._texts += [" ", note] if self._has_space_before_note else [note]
        return has_space


def _has_case(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _in_reading_order(lines: list[Line]) -> list[Line]:
    """Sorts the lines of a page from top to bottom if the file draws them in no order.

    A page with columns goes back to the top a few times.
    """
    jumps = sum(line.baseline > last.baseline + last.size for last, line in pairwise(lines))
    if jumps <= max(6, len(lines) // 3):
        return lines
    return sorted(lines, key=lambda line: (-line.baseline, line.left))
