"""Recognises the headings of chapters, and the chapters that only list pages."""

import re

_CHAPTER = re.compile(
    r"(?:#{1,2}\s*)?chapter\s+(?P<number>\d{1,4}|[ivxlc]+)\b\s*[:.\u2013\u2014-]?\s*(?P<title>[^\n]{0,200})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<number>\d{1,3})[.:]?\s+(?P<title>\S.*)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_LIST = re.compile(
    r"(?:table of )?contents|(?:subject |author |name )?index|list of (?:figures|tables)", re.IGNORECASE
)


def parse_heading(text: str) -> tuple[int | None, str] | None:
    """Returns the number and title of `Chapter 4: Title`, or None for any other text."""
    match = _CHAPTER.fullmatch(" ".join(text.split()))
    if match is None or match["title"].endswith((".", ",", ";")):
        return None
    return _number(match["number"]), match["title"].strip() or match[0]


def parse_outline_entry(text: str) -> tuple[int | None, str]:
    """Returns the number and title of an entry of a book's outline.

    In an outline, `4. Title` or a title alone also names a chapter.
    """
    text = " ".join(text.split())
    if heading := parse_heading(text):
        return heading
    if numbered := _NUMBERED.fullmatch(text):
        return int(numbered["number"]), numbered["title"]
    return None, text


def is_page_list(title: str) -> bool:
    """Returns True for a table of contents or an index, which lists pages and says nothing that can be cited."""
    return _PAGE_LIST.fullmatch(title.strip(" .:")) is not None


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    values = [_ROMAN[letter] for letter in text.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
