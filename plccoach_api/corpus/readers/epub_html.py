"""Parses the XHTML files of an EPUB: the navigation's links, and the paragraphs and pages of a text."""

import re
from html.parser import HTMLParser

from plccoach_api.corpus.book import Paragraph

_BLOCKS = frozenset({"p", "div", "section", "article", "blockquote", "td", "th", "tr", "dt", "dd", "figcaption", "pre"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ENDING_PARAGRAPHS = _BLOCKS | _HEADINGS.keys() | {"li"}
_SKIPPED = frozenset({"script", "style", "head", "nav"})


def collapse_spaces(text: str | None) -> str:
    return " ".join((text or "").split())


class NavigationParser(HTMLParser):
    """Collects the links of the first level of the table of contents, as (target, title)."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self._depth = 0
        self._in_contents = False
        self._target: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "nav":
            self._in_contents = (attributes.get("epub:type") or "toc") == "toc"
        self._depth += tag == "ol"
        if tag == "a" and self._in_contents and self._depth == 1:
            self._target, self._text = attributes.get("href"), ""

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "ol"
        if tag == "a" and self._target and (title := collapse_spaces(self._text)):
            self.links.append((self._target, title))
            self._target = None

    def handle_data(self, data: str) -> None:
        self._text += data


class TextParser(HTMLParser):
    """Collects the paragraphs, headings and lists of one text.

    A text may begin in the middle of a page. `page` is the page on which the previous text ended.
    """

    def __init__(self, page: int | None) -> None:
        super().__init__()
        self.page = page
        self.paragraphs: list[Paragraph] = []
        self._first_page = page
        self._text = ""
        self._prefix = ""
        self._skipping = 0
        # For each open list the number of its last item, or None if it is not numbered.
        self._lists: list[int | None] = []
        self._items: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("epub:type") == "pagebreak" or attributes.get("role") == "doc-pagebreak":
            self._turn_page(attributes.get("title") or attributes.get("aria-label") or attributes.get("id") or "")
        self._skipping += tag in _SKIPPED
        if tag in _ENDING_PARAGRAPHS:
            self._end_paragraph()
            self._prefix = "#" * max(3, _HEADINGS[tag]) + " " if tag in _HEADINGS else ""
        if tag in {"ol", "ul"}:
            self._end_paragraph()
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "br":
            self._text += " "

    def handle_endtag(self, tag: str) -> None:
        self._skipping -= tag in _SKIPPED and self._skipping > 0
        if tag in _ENDING_PARAGRAPHS:
            self._end_paragraph()
        if tag in {"ol", "ul"} and self._lists:
            self._end_paragraph()
            self._lists.pop()
            if not self._lists and self._items:
                self.paragraphs.append(Paragraph.on("\n".join(self._items), self._first_page))
                self._items = []

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            if not self._text.strip() and not self._items:
                self._first_page = self.page
            self._text += data

    def close(self) -> None:
        super().close()
        self._end_paragraph()

    def _turn_page(self, label: str) -> None:
        if number := re.search(r"\d{1,6}", label):
            self.page = int(number[0])
            if not self._text.strip():
                self._first_page = self.page

    def _end_paragraph(self) -> None:
        text, self._text = collapse_spaces(self._text), ""
        if not text:
            return
        if self._lists:
            number = self._lists[-1]
            if number is not None:
                self._lists[-1] = number + 1
            self._items.append(f"- {text}" if number is None else f"{number + 1}. {text}")
        else:
            self.paragraphs.append(Paragraph.on(self._prefix + text, self._first_page))
        self._prefix = ""
