"""Reads the lines of text on a PDF's page through PDFium, the engine of a browser."""

import ctypes
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from plccoach_api.corpus.book import count_characters

TURNED = "turned text"
UNDECODABLE = "words with letters that the file does not name"
NOTE_NUMBERS = "note numbers"
EXCESS = "text of pages that have more than 300,000 characters"

# No printed page has so many. The limit bounds a hostile file, in which a form shows itself again and again.
_MOST_CHARACTERS = 300_000
_SPACE = 0x20
_BREAKS = {_SPACE, 0x0A, 0x0D}
# PDFium's code of a hyphen at the end of a line.
_HYPHEN = 0x02
_LEAST_LETTERS = 0.6
_LEAST_VOWELS = 0.25
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
# A word may be drawn in several runs.
_WORD_RUNS = 10
_PUNCTUATION = frozenset(".,;:!?)")
_NOTE = re.compile(r"(?:\d{1,3}|[*\u2020\u2021\u00a7\u00b6]{1,3})(?:[,\u2013-]\s?\d{1,3})*")
_SUPERSCRIPTS = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?%\"'\u201d\u2019)\]]))[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+"
)
# Symbol fonts keep their bullets in the area for private use.
_REPLACEMENTS = {0xF0B7: "\u2022", 0xF0A7: "\u25aa", 0xF076: "\u2022", 0xF0D8: "\u2022", 0xF02D: "-", 0xF020: " "}


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


class _Break(Enum):
    """PDFium puts these between characters that stand apart."""

    NONE = auto()
    SPACE = auto()
    LINE = auto()


class _Run(NamedTuple):
    """Characters that the file draws at once. `left` and `right` are the places of the first and the last one."""

    text: str
    size: float
    left: float
    right: float
    baseline: float
    is_turned: bool
    break_before: _Break


def read_page(page: Any) -> PageText:
    """Returns the lines of a page in the order in which the file draws them, which is the reading order."""
    text_page = page.get_textpage()
    try:
        lines = _Lines()
        excess = pdfium.FPDFText_CountChars(text_page) - _MOST_CHARACTERS
        for run in _read_runs(text_page.raw, page.get_rotation() // 90):
            lines.add(run)
        lines.end_line()
    finally:
        text_page.close()
    lines.left_out[EXCESS] += max(0, excess)
    return PageText(_in_reading_order(lines.lines), lines.left_out)


def _read_runs(text_page: Any, quarter_turns: int) -> Iterator[_Run]:
    """Yields the runs of a page with their places on the page as it is shown."""
    characters = _decode(text_page)
    matrix, key, start = pdfium.FS_MATRIX(), b"", 0
    break_before = _Break.NONE
    for at, character in enumerate(characters):
        if character is not None:
            pdfium.FPDFText_GetMatrix(text_page, at, matrix)
        if start < at and (character is None or bytes(matrix) != key):
            yield _run(text_page, characters, range(start, at), quarter_turns, break_before)
            start, break_before = at, _Break.NONE
        if start == at:
            key = bytes(matrix)
        if character is None:
            start = at + 1
            is_line = break_before is _Break.LINE or pdfium.FPDFText_GetUnicode(text_page, at) != _SPACE
            break_before = _Break.LINE if is_line else _Break.SPACE
    if start < len(characters):
        yield _run(text_page, characters, range(start, len(characters)), quarter_turns, break_before)


def _run(
    text_page: Any, characters: Sequence[str | None], places: range, quarter_turns: int, break_before: _Break
) -> _Run:
    text = "".join(character or "" for character in characters[places.start : places.stop])
    # Letters beyond the first plane come as two surrogates.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, places[0], matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, places[0])
    direction = math.copysign(1, size)
    run, rise = _as_shown((direction * matrix.a, direction * matrix.b), quarter_turns)
    left, baseline = _as_shown(_origin(text_page, places[0]), quarter_turns)
    right, _ = _as_shown(_origin(text_page, places[-1]), quarter_turns)
    height = abs(size) * math.hypot(matrix.c, matrix.d)
    is_turned = run < _LEAST_COSINE * math.hypot(run, rise)
    return _Run(text, height, left, right, baseline, is_turned, break_before)


def _origin(text_page: Any, at: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, at, x, y)
    return x.value, y.value


def _as_shown(place: tuple[float, float], quarter_turns: int) -> tuple[float, float]:
    """Returns a place or a direction on a page that is shown turned clockwise."""
    x, y = place
    return ((x, y), (y, -x), (-x, -y), (-y, x))[quarter_turns % 4]


def _decode(text_page: Any) -> list[str | None]:
    """Returns the characters of a page. None is a break between characters, which is not in the file."""
    places = range(min(pdfium.FPDFText_CountChars(text_page), _MOST_CHARACTERS))
    codes = [pdfium.FPDFText_GetUnicode(text_page, at) for at in places]
    unnamed = [at for at in places if pdfium.FPDFText_HasUnicodeMapError(text_page, at) == 1]
    characters: list[str | None] = [_character(code) for code in codes]
    for at in places:
        if codes[at] in _BREAKS and pdfium.FPDFText_IsGenerated(text_page, at) == 1:
            characters[at] = None
        elif codes[at] == _HYPHEN and pdfium.FPDFText_IsHyphen(text_page, at) == 1:
            characters[at] = "-"
    if not _are_letters([characters[at] or "" for at in unnamed]):
        for at in unnamed:
            characters[at] = _UNDECODABLE_MARK
    return characters


def _character(code: int) -> str:
    if _SPACE <= code < 0x7F:  # noqa: PLR2004 - ASCII
        return chr(code)
    if replacement := _REPLACEMENTS.get(code):
        return replacement
    category = unicodedata.category(chr(code)) if code <= sys.maxunicode else "Cn"
    if category == "Cc":
        return " " if chr(code).isspace() else _UNDECODABLE_MARK if code else ""
    return _UNDECODABLE_MARK if category in {"Co", "Cn"} else chr(code)


def _are_letters(characters: Sequence[str]) -> bool:
    """Judges if the codes of unnamed glyphs are letters, as in old fonts, or numbers that happen to look like letters.

    A third of the letters of a text are vowels.
    """
    letters = [each.lower() for each in characters if each.isascii() and each.isalpha()]
    filled = sum(not each.isspace() for each in characters)
    vowels = sum(each in "aeiou" for each in letters)
    return len(letters) >= _LEAST_LETTERS * filled and vowels >= _LEAST_VOWELS * len(letters)


class _Lines:
    """Gathers runs into lines, and drops what is no text of a line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.left_out: Counter[str] = Counter()
        self._texts: list[str] = []
        self._sizes: Counter[float] = Counter()
        self._note = ""
        self._has_space_before_note = False
        self._left = self._right = self._baseline = self._size = 0.0

    def add(self, run: _Run) -> None:
        if run.is_turned:
            self.left_out[TURNED] += count_characters(run.text)
            return
        if self._begins_line(run):
            self.end_line()
        if self._is_raised(run):
            if not self._note:
                self._has_space_before_note = run.break_before is not _Break.NONE
            self._note += run.text
        else:
            self._add_to_text(run)
        self._right = run.right

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

    def _begins_line(self, run: _Run) -> bool:
        if not self._texts:
            return False
        size = max(run.size, self._size)
        if abs(run.baseline - self._baseline) > _NEW_LINE_RATIO * size:
            return True
        return run.break_before is _Break.LINE and not -size < run.left - self._right < _GAP_RATIO * size

    def _is_raised(self, run: _Run) -> bool:
        is_higher = run.baseline - self._baseline > _NOTE_RISE_RATIO * self._size
        return bool(self._texts) and run.size < _NOTE_SIZE_RATIO * self._size and is_higher

    def _add_to_text(self, run: _Run) -> None:
        is_punctuation = run.text[:1] in _PUNCTUATION
        has_space = run.break_before is not _Break.NONE
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


def _in_reading_order(lines: list[Line]) -> list[Line]:
    """Sorts the lines of a page from top to bottom if the file draws them in no order.

    A page with columns goes back to the top a few times.
    """
    jumps = sum(line.baseline > last.baseline + last.size for last, line in pairwise(lines))
    if jumps <= max(6, len(lines) // 3):
        return lines
    return sorted(lines, key=lambda line: (-line.baseline, line.left))
