"""A citation, as an answer is stored with it: a numbered reference to a passage, with a quote from it."""

import re
from uuid import UUID

import msgspec


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """The text of the answer refers to it as `[index]`. The quote is a verbatim part of the passage, and on `pages`."""

    index: int
    chunk_id: UUID
    book_title: str
    authors: tuple[str, ...]
    chapter: int | None
    chapter_title: str
    pages: tuple[int, int] | None
    quote: str
    product_url: str | None


def place_of(book_title: str, pages: tuple[int, int] | None) -> str:
    """Returns the title of a source for programs that show one line."""
    if pages is None:
        return book_title
    first, last = pages
    return f"{book_title}, p. {first}" if first == last else f"{book_title}, pp. {first}-{last}"


# "[3]", "[12, 14]" and "[3-5]": the references of a book to its own sources, and notes such as "[^5]".
_REFERENCE = re.compile(r" ?\[ ?\^?\d[\d ,;\u2013-]{0,60}\]")
# The number of a note after a word or its full stop: "achievement.12", "achievement¹²". A unit such as "cm²" is short.
_NOTE = re.compile(
    r"(?<=[^\W\d_]{4}[.!?,;:])\d{1,3}(?=\s|$)"
    r"|(?<=[.!?,;:)\"\u2019\u201d])[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3}"
    r"|(?<=[^\W\d_]{4})[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3}"
)
# Most sentences have none. To look for it first takes a tenth of the time.
_DIGIT = re.compile(r"[\d\u00b9\u00b2\u00b3\u2070-\u2079]")
# The marks of a quotation that a text may have one half of.
_QUOTATIONS = (("\u201c", "\u201d"), ("\u00ab", "\u00bb"))
# "A: They stay in the locker.": the mark of a reply in a list of questions and answers.
_REPLY = re.compile(r"(?:\*\*)?(?:A|Answer|R|Respuesta)(?:\*\*)?:(?:\*\*)?\s+(?=\S)")


# A row of a table between two sentences: "| Log | 3 |".
_ROW = re.compile(r"^\| (.*) \|$", re.MULTILINE)


def shown(text: str) -> str:
    """Returns a book's text as an answer shows it.

    It has no references, no half of a quotation's marks, no mark of a reply, and no lines of a table.
    """
    text = strip_references(text)
    if mark := _REPLY.match(text):
        text = text[mark.end() :]
    for opening, closing in _QUOTATIONS:
        if text.startswith(opening) and closing not in text:
            text = text[1:].lstrip()
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
    if text.count('"') == 1:
        text = text.removeprefix('"').removesuffix('"')
    return _ROW.sub(lambda row: row[1].replace(" | ", " \u2013 "), text)


def strip_references(text: str) -> str:
    """Returns a book's text without its own references, which an answer's reader would take for citations."""
    without = _REFERENCE.sub("", text)
    return _NOTE.sub("", without) if _DIGIT.search(without) else without
