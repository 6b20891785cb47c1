"""Reads the characters of a PDF's page as runs: characters that the file draws at once, with their place and size.

A character whose glyph has no known letter becomes UNDECODABLE_MARK.
"""

import ctypes
import math
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

# No printed page has so many. The limit bounds a hostile file, in which a form shows itself again and again.
MOST_CHARACTERS = 300_000
UNDECODABLE_MARK = "\ufffd"
_SPACE = 0x20
_LINE_ENDS = {0x0A, 0x0D}
_BREAKS = {_SPACE, *_LINE_ENDS}
# PDFium's code of a hyphen at the end of a line.
_HYPHEN = 0x02
_LEAST_LETTERS = 0.6
_LEAST_VOWELS = 0.25
# A direction within 25 degrees of the horizontal is a line that was scanned askew.
_LEAST_COSINE = 0.9
# Symbol fonts keep their bullets in the area for private use.
_REPLACEMENTS = {0xF0B7: "\u2022", 0xF0A7: "\u25aa", 0xF076: "\u2022", 0xF0D8: "\u2022", 0xF02D: "-", 0xF020: " "}
# Ticks, boxes, diamonds and arrows of such fonts. Before a space at the beginning of a line, each is a bullet.
_MARKS_OF_LINES = {
    *(0xF06C, 0xF06E, 0xF06F, 0xF070, 0xF071, 0xF075, 0xF0A8, 0xF0DC, 0xF0E0, 0xF0E8, 0xF0F0, 0xF0FB, 0xF0FC, 0xF0FE)
}


class Break(Enum):
    """PDFium puts these between characters that stand apart."""

    NONE = auto()
    SPACE = auto()
    LINE = auto()


class Run(NamedTuple):
    """Characters that the file draws at once. `left` and `right` are the places of the first and the last one.

    `end` is where the last one ends, and `gap` the space before it, if it is not the only one.
    """

    text: str
    size: float
    left: float
    right: float
    end: float
    gap: float | None
    baseline: float
    is_turned: bool
    break_before: Break


def read_runs(text_page: Any, quarter_turns: int) -> Iterator[Run]:
    """Yields the runs of a page with their places on the page as it is shown."""
    characters = _decode(text_page)
    matrix, key, start = pdfium.FS_MATRIX(), b"", 0
    break_before = Break.NONE
    for at, character in enumerate(characters):
        if character is not None:
            pdfium.FPDFText_GetMatrix(text_page, at, matrix)
        if start < at and (character is None or bytes(matrix) != key):
            yield _run(text_page, characters, range(start, at), quarter_turns, break_before)
            start, break_before = at, Break.NONE
        if start == at:
            key = bytes(matrix)
        if character is None:
            start = at + 1
            is_line = break_before is Break.LINE or pdfium.FPDFText_GetUnicode(text_page, at) != _SPACE
            break_before = Break.LINE if is_line else Break.SPACE
    if start < len(characters):
        yield _run(text_page, characters, range(start, len(characters)), quarter_turns, break_before)


def _run(
    text_page: Any, characters: Sequence[str | None], places: range, quarter_turns: int, break_before: Break
) -> Run:
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
    end = _end(text_page, places[-1], quarter_turns)
    gap = right - _end(text_page, places[-2], quarter_turns) if len(places) > 1 else None
    return Run(text, height, left, right, end, gap, baseline, is_turned, break_before)


def _origin(text_page: Any, at: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, at, x, y)
    return x.value, y.value


def _end(text_page: Any, at: int, quarter_turns: int) -> float:
    """Returns the right side of a character with the space that its font gives it."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, at, box)
    corners = (_as_shown(corner, quarter_turns) for corner in ((box.left, box.bottom), (box.right, box.top)))
    return max(x for x, _ in corners)


def _as_shown(place: tuple[float, float], quarter_turns: int) -> tuple[float, float]:
    """Returns a place or a direction on a page that is shown turned clockwise."""
    x, y = place
    return ((x, y), (y, -x), (-x, -y), (-y, x))[quarter_turns % 4]


def _decode(text_page: Any) -> list[str | None]:
    """Returns the characters of a page. None is a break between characters, which is not in the file."""
    places = range(min(pdfium.FPDFText_CountChars(text_page), MOST_CHARACTERS))
    codes = [pdfium.FPDFText_GetUnicode(text_page, at) for at in places]
    unnamed = [at for at in places if pdfium.FPDFText_HasUnicodeMapError(text_page, at) == 1]
    characters: list[str | None] = [_character(code) for code in codes]
    for at in places:
        if codes[at] in _BREAKS and pdfium.FPDFText_IsGenerated(text_page, at) == 1:
            characters[at] = None
        elif codes[at] == _HYPHEN and pdfium.FPDFText_IsHyphen(text_page, at) == 1:
            characters[at] = "-"
        elif codes[at] in _REPLACEMENTS and at and codes[at - 1] == codes[at] & 0xFF:
            # Some programs name a bullet twice, by its place in the font and by its letter there.
            characters[at - 1] = ""
        elif codes[at] in _MARKS_OF_LINES and [*codes[at + 1 : at + 2]] == [_SPACE] and _begins_line(codes, at):
            characters[at] = "\u2022"
    if not _are_letters([characters[at] or "" for at in unnamed]):
        for at in unnamed:
            characters[at] = UNDECODABLE_MARK
    return characters


def _begins_line(codes: Sequence[int], at: int) -> bool:
    return at == 0 or codes[at - 1] in _LINE_ENDS


def _character(code: int) -> str:
    if _SPACE <= code < 0x7F:  # noqa: PLR2004 - ASCII
        return chr(code)
    if replacement := _REPLACEMENTS.get(code):
        return replacement
    category = unicodedata.category(chr(code)) if code <= sys.maxunicode else "Cn"
    if category == "Cc":
        return " " if chr(code).isspace() else UNDECODABLE_MARK if code else ""
    return UNDECODABLE_MARK if category in {"Co", "Cn"} else chr(code)


def _are_letters(characters: Sequence[str]) -> bool:
    """Judges if the codes of unnamed glyphs are letters, as in old fonts, or numbers that happen to look like letters.

    A third of the letters of a text are vowels.
    """
    letters = [each.lower() for each in characters if each.isascii() and each.isalpha()]
    filled = sum(not each.isspace() for each in characters)
    vowels = sum(each in "aeiou" for each in letters)
    return len(letters) >= _LEAST_LETTERS * filled and vowels >= _LEAST_VOWELS * len(letters)
