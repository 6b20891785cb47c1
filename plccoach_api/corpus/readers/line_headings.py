"""Headings of a plain text that only the lengths of the lines show: a short line above full ones."""

import re
from collections.abc import Sequence

from plccoach_api.corpus.readers.headings import looks_like_title

# A wrapped line is nearly as long as the others. A line of a heading above it is not.
_SHORT, _FULL = 0.6, 0.75
_MOST_HEADING_WORDS = 9
_LEAST_LINES = 3
_ITEM = re.compile("[\u2022\u25aa\u25e6\u25cf]")
_LEADING_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{1,3}){0,6}\.?\s")
_ENDS_HEADING = re.compile(r"[^.,;:!]$")


def width_of(pages: Sequence[Sequence[str]]) -> int:
    """Returns the length that a tenth of the lines exceed."""
    lengths = sorted(len(line.strip()) for page in pages for line in page if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def is_above_text(lines: Sequence[str], width: int) -> bool:
    """Returns True if the first line is a heading: a short one above a full line or an item of a list.

    In a narrow column, such as that of a glossary, it is a title above whole sentences.
    """
    if len(lines) == 1:
        return False
    title, below = lines[0].strip(), lines[1].strip()
    words = _LEADING_NUMBER.sub("", title).lstrip()
    if len(words.split()) > _MOST_HEADING_WORDS or not _begins(words) or not _ENDS_HEADING.search(title):
        return False
    if len(title) <= _SHORT * width and (_ITEM.match(below) or (len(below) >= _FULL * width and _begins(below))):
        return True
    is_narrow = len(title) <= _SHORT * max(map(len, lines)) and looks_like_title(words) and _begins(below)
    return is_narrow and len(lines) >= _LEAST_LINES and lines[-1].rstrip().endswith(".")


def _begins(text: str) -> bool:
    return text.lstrip("\"'\u201c\u2018(")[:1].isupper()
