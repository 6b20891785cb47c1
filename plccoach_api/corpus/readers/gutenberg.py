"""Takes a book out of a file of Project Gutenberg: its head and its licence are no part of it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.authors import split_authors
from plccoach_api.corpus.readers.front_matter import FrontMatter

GUTENBERG = "Project Gutenberg's head and licence"
_NAME = r"(?:the |this )?project gutenberg"
_START = re.compile(
    rf"^[ \t]*(?:\*{{2,3}} ?start of {_NAME}[^*]{{0,400}}\*{{2,3}}|\*END\*? ?THE SMALL PRINT![^\n]*)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    rf"^[ \t]*(?:\*{{2,3}} ?end of {_NAME}|end of (?:the |this )?project gutenberg)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
# In a block of an EPUB, other words may stand around a mark.
_START_MARK = re.compile(rf"\*{{2,3}} ?start of {_NAME}", re.IGNORECASE)
_END_MARK = re.compile(rf"\*{{2,3}} ?end of {_NAME}", re.IGNORECASE)
_FIELD = re.compile(
    r"^(?P<key>Title|Author|Editor|Original publication|Edition): (?P<value>[^\n]*(?:\n[ \t]+[^\n]+)*)", re.MULTILINE
)
_YEAR = re.compile(r"(?<!\d)1[5-9]\d\d(?!\d)|(?<!\d)20\d\d(?!\d)")
# The names of the volunteers, who made the file and not the book.
_CREDITS = re.compile(
    r"\s*(?:note: project gutenberg (?:also )?has|"
    r"produced by|e-?text (?:prepared|scanned|produced) by|transcribed (?:by|from)|this e?-?(?:book|text) was)"
    r"[^\n]*(?:\n[ \t]*\S[^\n]*)*",
    re.IGNORECASE,
)
_ITALICS = re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,300})(?<=\S)_(?!\w)")
# The head is short. A mark far below it is a quotation.
_MOST_HEAD = 60_000


class GutenbergText(NamedTuple):
    """`left_out` counts the characters of the head and the licence; it is 0 for another text."""

    head: FrontMatter
    text: str
    left_out: int


def read_gutenberg(text: str) -> GutenbergText:
    """Returns a text that is not Project Gutenberg's as it is."""
    start = _START.search(text, 0, _MOST_HEAD)
    if start is None:
        return GutenbergText(FrontMatter(), text, 0)
    head = text[: start.end()]
    fields = {match["key"].lower(): " ".join(match["value"].split()) for match in _FIELD.finditer(head)}
    end = _END.search(text, start.end())
    body = text[start.end() : end.start() if end else len(text)]
    while thanks := _CREDITS.match(body):
        body = body[thanks.end() :]
    year = _YEAR.search(fields.get("original publication", ""))
    authors = split_authors(fields.get("author") or fields.get("editor") or "")
    found = FrontMatter(fields.get("title"), authors, int(year[0]) if year else None, fields.get("edition"))
    return GutenbergText(found, body, count_characters(text) - count_characters(body))


def without_italics(text: str) -> str:
    """Returns a paragraph without the underscores around words that are printed in italics."""
    return _ITALICS.sub(r"\1", text)


def find_book(texts: Sequence[str]) -> range:
    """Returns the places of the texts between the two marks. Without a mark, the book begins or ends with the texts."""
    first = next((at for at, text in enumerate(texts) if _START_MARK.search(text)), -1)
    last = next((at for at, text in enumerate(texts) if at > first and _END_MARK.search(text)), len(texts))
    return range(first + 1, last)
