"""Recognises the marks in an EPUB's text that say where a page of the printed book begins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PAGE_MARKS = "page marks"
_CLASS = re.compile(r"(?:x-)?(?:ebookmaker-)?page[-_]?(?:num|number|no|nr|break)s?", re.IGNORECASE)
_LABEL = re.compile(
    r"\W*(?:(?:page|pg|pag|p|seite|s)\b\W*)?(?:(?P<number>\d{1,6})|(?P<roman>[ivxlcdm]{1,8}))\W*", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)")
_NUMBER_OF_ID = re.compile(r"(?<!\d)(\d{1,6})[a-z]?$", re.IGNORECASE)
# An anchor that only marks a page: `<a id="page_12"/>`, `<a name="Page_12">[12]</a>`.
_PAGE_ID = re.compile(r"(?:page|pg|pagebreak|pagenum|seite)[-_.]?\d{1,6}", re.IGNORECASE)
_ROMAN_ID = re.compile(r"(?:p|pg|page)[-_]?[ivxlcdm]{1,8}", re.IGNORECASE)
_MOST_MARK_CHARACTERS = 30


def is_page_break(attributes: Mapping[str, str]) -> bool:
    kinds = attributes.get("epub:type", "").split() + attributes.get("role", "").split()
    return "pagebreak" in kinds or "doc-pagebreak" in kinds


def has_page_class(attributes: Mapping[str, str]) -> bool:
    """Returns True for a class such as `pagenum`. Its element is a page mark if its text is a page's number."""
    return any(_CLASS.fullmatch(each) for each in attributes.get("class", "").split())


def has_page_id(tag: str, attributes: Mapping[str, str]) -> bool:
    """Returns True for an anchor such as `page_12`. It is a page mark if it has no text, or only a page's number."""
    if tag not in {"a", "span"} or "href" in attributes:
        return False
    return any(_PAGE_ID.fullmatch(attributes.get(name, "")) for name in ("id", "name"))


def is_page_label(text: str) -> bool:
    return _LABEL.fullmatch(text) is not None


def page_of(attributes: Mapping[str, str], text: str) -> int | None:
    """Returns a page's number, 0 for a page with a Roman number, which is before page 1, or None for no number."""
    for label in (attributes.get("title", ""), attributes.get("aria-label", ""), text):
        if match := _LABEL.fullmatch(label):
            return int(match["number"] or 0)
        if number := _NUMBER.search(label):
            return int(number[0])
    identifier = attributes.get("id", "") or attributes.get("name", "")
    if number := _NUMBER_OF_ID.search(identifier):
        return int(number[1])
    return 0 if _ROMAN_ID.fullmatch(identifier) else None


@dataclass(slots=True)
class PageMark:
    """A page mark whose text is being read. `depth` is the number of open elements around it."""

    depth: int
    attributes: Mapping[str, str]
    is_sure: bool
    text: str = ""

    @property
    def is_short(self) -> bool:
        return len(self.text) <= _MOST_MARK_CHARACTERS

    @property
    def is_label(self) -> bool:
        """True if the text only says the page, or if there is none. Any other text belongs to the book."""
        return self.is_short and (self.is_sure or not self.text.strip() or is_page_label(self.text))

    def page(self, pages: Mapping[str, str]) -> int | None:
        """Returns the page that the mark says, or else the list of pages, by anchor."""
        page = page_of(self.attributes, self.text)
        return page_of({}, pages.get(self.attributes.get("id", ""), "")) if page is None else page
