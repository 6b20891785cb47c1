"""Reads the lines of text on a PDF's page through PDFium, the engine of a browser."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from plccoach_api.corpus.book import count_characters

TURNED = "turned text"
UNDECODABLE = "words with letters that the file does not name"
NOTE_NUMBERS = "note numbers"

# A direction within 25 degrees of the horizontal is a line that was scanned askew.
_LEAST_COSINE = 0.9
# A baseline that moves by this share of the font's size begins a new line. A raised note number moves it by less.
_NEW_LINE_RATIO = 0.5
_NOTE_SIZE_RATIO = 0.85
_NOTE_RISE_RATIO = 0.15
# PDFium begins a new line after a wide gap. A smaller gap is a space.
_GAP_RATIO = 3.0
_UNDECODABLE_MARK = "\ufffd"
_UNDECODABLE_WORD = re.compile(rf"[^\s{_UNDECODABLE_MARK}]*{_UNDECODABLE_MARK}\S*")
# A number that is raised after a word of three letters or punctuation belongs to a note. `m²` is a unit.
_MAY_HAVE_NOTE = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?%\"'\u201d\u2019)\]])\s*$")
_NOTE = re.compile(r"(?:\d{1,3}|[*\u2020\u2021\u00a7\u00b6]{1,3})(?:[,\u2013-]\s?\d{1,3})*")
_SUPERSCRIPTS = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?%\"'\u201d\u2019)\]]))[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+"
)
# Symbol fonts keep their bullets in the area for private use.
_SYMBOLS = {0xF0B7: "\u2022", 0xF0A7: "\u25aa", 0xF076: "\u2022", 0xF0D8: "\u2022", 0xF02D: "-", 0xF020: " "}
_PRIVATE_USE = range(0xE000, 0xF900)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}


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


class _Character(NamedTuple):
    text: str
    size: float
    x: float
    y: float
    is_turned: bool
    is_generated: bool


def read_page(page: Any) -> PageText:
    """Returns the lines of a page in the order in which the file draws them, which is the reading order."""
    text_page = page.get_textpage()
    try:
        lines = _Lines()
        for character in _characters(text_page.raw, page.get_rotation() // 90):
            lines.add(character)
        lines.end_line()
    finally:
        text_page.close()
    return PageText(_in_reading_order(lines.lines), lines.left_out)


def _characters(text_page: Any, quarter_turns: int) -> Iterator[_Character]:
    """Yields the characters of a page with their places on the page as it is shown."""
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for at in range(max(0, pdfium.FPDFText_CountChars(text_page))):
        code = pdfium.FPDFText_GetUnicode(text_page, at)
        if pdfium.FPDFText_IsGenerated(text_page, at) == 1:
            yield _Character("\n" if code in {10, 13} else " ", 0, 0, 0, is_turned=False, is_generated=True)
            continue
        pdfium.FPDFText_GetMatrix(text_page, at, matrix)
        pdfium.FPDFText_GetCharOrigin(text_page, at, x, y)
        size = pdfium.FPDFText_GetFontSize(text_page, at)
        direction = math.copysign(1, size)
        run, rise = _as_shown(direction * matrix.a, direction * matrix.b, quarter_turns)
        left, baseline = _as_shown(x.value, y.value, quarter_turns)
        height = abs(size) * math.hypot(matrix.c, matrix.d)
        is_turned = run < _LEAST_COSINE * math.hypot(run, rise)
        yield _Character(_decode(text_page, at, code), height, left, baseline, is_turned, is_generated=False)


def _as_shown(x: float, y: float, quarter_turns: int) -> tuple[float, float]:
    """Returns a place or a direction on a page that is shown turned clockwise."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[quarter_turns % 4]


def _decode(text_page: Any, at: int, code: int) -> str:
    if pdfium.FPDFText_IsHyphen(text_page, at) == 1:
        return "-"
    if symbol := _SYMBOLS.get(code):
        return symbol
    is_unnamed = pdfium.FPDFText_HasUnicodeMapError(text_page, at) == 1 or code in _PRIVATE_USE
    if is_unnamed or 0xD800 <= code < 0xE000 or code >= 0x110000 or code & 0xFFFE == 0xFFFE:  # noqa: PLR2004 - Unicode
        return _UNDECODABLE_MARK
    if code < 0x20 or 0x7F <= code < 0xA0:  # noqa: PLR2004 - control characters
        return " " if chr(code).isspace() else _UNDECODABLE_MARK if code else ""
    return _LIGATURES.get(code) or chr(code)


class _Lines:
    """Gathers characters into lines, and drops what is no text of a line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.left_out: Counter[str] = Counter()
        self._texts: list[str] = []
        self._sizes: Counter[float] = Counter()
        self._note: list[str] = []
        self._left = self._x = self._y = self._size = 0.0
        self._has_space = self._has_newline = False

    def add(self, character: _Character) -> None:
        if character.is_generated or character.text.isspace():
            self._has_space = True
            self._has_newline |= character.text == "\n"
        elif character.is_turned:
            self.left_out[TURNED] += len(character.text)
        elif character.text:
            if self._begins_line(character):
                self.end_line()
            if self._is_raised(character):
                self._add_to_note(character)
            else:
                self._add_to_text(character)
            self._has_space = self._has_newline = False

    def end_line(self) -> None:
        """Ends a line. A word with a letter that has no name is left out of it."""
        self._end_note()
        text = "".join(self._texts)
        self.left_out[NOTE_NUMBERS] += sum(map(len, _SUPERSCRIPTS.findall(text)))
        text = _SUPERSCRIPTS.sub("", text)
        for word in _UNDECODABLE_WORD.findall(text):
            self.left_out[UNDECODABLE] += len(word)
        text = " ".join(_UNDECODABLE_WORD.sub("", text).split())
        if count_characters(text):
            self.lines.append(Line(text, self._sizes.most_common(1)[0][0], self._left, self._y))
        self._texts.clear()
        self._sizes.clear()
        self._has_space = self._has_newline = False

    def _begins_line(self, character: _Character) -> bool:
        if not self._texts and not self._note:
            return False
        size = max(character.size, self._size)
        if abs(character.y - self._y) > _NEW_LINE_RATIO * size:
            return True
        gap = character.x - self._x
        return self._has_newline and not -size < gap < _GAP_RATIO * size

    def _is_raised(self, character: _Character) -> bool:
        return (
            bool(self._texts)
            and character.size < _NOTE_SIZE_RATIO * self._size
            and character.y - self._y > _NOTE_RISE_RATIO * self._size
        )

    def _add_to_note(self, character: _Character) -> None:
        if self._note and self._has_space:
            self._note.append(" ")
        elif not self._note:
            self._space_before_note = self._has_space
        self._note.append(character.text)
        self._x = character.x

    def _add_to_text(self, character: _Character) -> None:
        self._end_note(is_before_punctuation=character.text in ".,;:!?)")
        if not self._texts:
            self._left, self._y, self._size = character.x, character.y, character.size
        elif self._has_space:
            self._texts.append(" ")
        # A line that begins with a raised number or a small letter has the place of its larger letters.
        if character.size > self._size * 1.1:
            self._y, self._size = character.y, character.size
        self._x = character.x
        self._texts.append(character.text)
        self._sizes[round(character.size, 1)] += 1

    def _end_note(self, *, is_before_punctuation: bool = False) -> None:
        """Drops a raised number after a word. Any other raised text, as in `1st`, is text of the line."""
        note = "".join(self._note)
        self._note.clear()
        if not note:
            return
        if _NOTE.fullmatch(note) and _MAY_HAVE_NOTE.search("".join(self._texts[-4:])):
            self.left_out[NOTE_NUMBERS] += count_characters(note)
            self._has_space = (self._has_space or self._space_before_note) and not is_before_punctuation
        else:
            self._texts += [" ", note] if self._space_before_note else [note]

    _space_before_note = False


def _in_reading_order(lines: list[Line]) -> list[Line]:
    """Sorts the lines of a page from top to bottom if the file draws them in no order.

    A page with columns goes back to the top a few times.
    """
    jumps = sum(line.baseline > last.baseline + last.size for last, line in pairwise(lines))
    if jumps <= max(6, len(lines) // 3):
        return lines
    return sorted(lines, key=lambda line: (-line.baseline, line.left))
