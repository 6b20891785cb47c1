"""Reads an EPUB: its package says the title and the order, its navigation the chapters, page breaks the pages."""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from plccoach_api.corpus.book import Paragraph, UnreadableBook
from plccoach_api.corpus.parsed_book import Outliner, ParsedBook, entry

_MOST_BYTES = 50_000_000
_CONTAINER = "META-INF/container.xml"
_NAMES = {
    "container": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "enc": "http://www.w3.org/2001/04/xmlenc#",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}
# What is hidden this way is only a font.
_FONTS = re.compile(r"\.(?:otf|ttf|woff2?)$", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "section", "article", "blockquote", "td", "th", "tr", "dt", "dd", "figcaption", "pre"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SKIPPED = frozenset({"script", "style", "head", "nav"})


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Book(archive).read()
    except (zipfile.BadZipFile, ET.ParseError, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableBook(f"it is a broken EPUB ({type(error).__name__})") from error


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._refuse_encrypted()
        container = ET.fromstring(self._bytes(_CONTAINER))  # noqa: S314 - expat bounds the growth of entities
        root = container.find(".//container:rootfile", _NAMES)
        self._package_path = "" if root is None else root.get("full-path", "")
        self._package = ET.fromstring(self._bytes(self._package_path))  # noqa: S314 - the same

    def read(self) -> ParsedBook:
        titles = self._titles()
        outline = Outliner()
        page: int | None = None
        for name in self._spine():
            named = None
            if name in titles:
                number, named = entry(titles[name])
                outline.open(number, named)
            parser = _Text(page)
            parser.feed(self._bytes(name).decode("utf-8", "replace"))
            parser.close()
            page = parser.page
            for paragraph in parser.paragraphs:
                if not (paragraph.is_heading and entry(paragraph.text.lstrip("# "))[1] == named):
                    outline.add(paragraph)
        return ParsedBook(self._first("title"), tuple(self._all("creator")), self._year(), outline.chapters())

    def _refuse_encrypted(self) -> None:
        if "META-INF/encryption.xml" not in self._archive.namelist():
            return
        hidden = ET.fromstring(self._bytes("META-INF/encryption.xml"))  # noqa: S314 - the same
        names = [each.get("URI", "") for each in hidden.iterfind(".//enc:CipherReference", _NAMES)]
        if any(not _FONTS.search(name) for name in names):
            raise UnreadableBook("it is encrypted")

    def _bytes(self, name: str) -> bytes:
        if self._archive.getinfo(name).file_size > _MOST_BYTES:
            raise UnreadableBook(f"{name} in it is larger than {_MOST_BYTES // 1_000_000} MB")
        return self._archive.read(name)

    def _all(self, name: str) -> list[str]:
        return [text for each in self._package.iterfind(f".//dc:{name}", _NAMES) if (text := _words(each.text))]

    def _first(self, name: str) -> str | None:
        return next(iter(self._all(name)), None)

    def _year(self) -> int | None:
        found = re.match(r"\d{4}", self._first("date") or "")
        return int(found[0]) if found else None

    def _items(self) -> Mapping[str, ET.Element]:
        return {each.get("id", ""): each for each in self._package.iterfind(".//opf:manifest/opf:item", _NAMES)}

    def _spine(self) -> Iterator[str]:
        """The texts in order; the table of contents, which is one of them in many books, is none."""
        items = self._items()
        for each in self._package.iterfind(".//opf:spine/opf:itemref", _NAMES):
            item = items.get(each.get("idref", ""))
            if item is not None and "nav" not in item.get("properties", "").split():
                yield _resolved(self._package_path, item.get("href", ""))

    def _titles(self) -> dict[str, str]:
        """By the file that begins with it, each chapter's title; of a file's several, the first."""
        titles: dict[str, str] = {}
        for item in self._items().values():
            name = _resolved(self._package_path, item.get("href", ""))
            if "nav" in item.get("properties", "").split():
                parser = _Links()
                parser.feed(self._bytes(name).decode("utf-8", "replace"))
                links = parser.links
            elif item.get("media-type") == "application/x-dtbncx+xml":
                links = list(self._ncx(name))
            else:
                continue
            for target, title in links:
                titles.setdefault(_resolved(name, target), title)
        return titles

    def _ncx(self, name: str) -> Iterator[tuple[str, str]]:
        for point in ET.fromstring(self._bytes(name)).iterfind("ncx:navMap/ncx:navPoint", _NAMES):  # noqa: S314
            content, label = point.find("ncx:content", _NAMES), point.find("ncx:navLabel/ncx:text", _NAMES)
            if content is not None and label is not None and (title := _words(label.text)):
                yield content.get("src", ""), title


class _Links(HTMLParser):
    """The links of the navigation's table of contents, of its first level."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self._depth = 0
        self._in_contents = False
        self._target: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "nav":
            self._in_contents = (given.get("epub:type") or "toc") == "toc"
        self._depth += tag == "ol"
        if tag == "a" and self._in_contents and self._depth == 1:
            self._target, self._text = given.get("href"), ""

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "ol"
        if tag == "a" and self._target and (title := _words(self._text)):
            self.links.append((self._target, title))
            self._target = None

    def handle_data(self, data: str) -> None:
        self._text += data


class _Text(HTMLParser):
    """The paragraphs, headings and lists of one text, and the page it ends on."""

    def __init__(self, page: int | None) -> None:
        super().__init__()
        self.page = page
        self.paragraphs: list[Paragraph] = []
        self._begun = page
        self._text = ""
        self._prefix = ""
        self._skipping = 0
        self._lists: list[int | None] = []
        self._items: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("epub:type") == "pagebreak" or given.get("role") == "doc-pagebreak":
            self._turn(given.get("title") or given.get("aria-label") or given.get("id") or "")
        self._skipping += tag in _SKIPPED
        if tag in _BLOCKS or tag in _HEADINGS or tag == "li":
            self._end()
            self._prefix = "#" * max(3, _HEADINGS[tag]) + " " if tag in _HEADINGS else ""
        if tag in {"ol", "ul"}:
            self._end()
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "br":
            self._text += " "

    def handle_endtag(self, tag: str) -> None:
        self._skipping -= tag in _SKIPPED and self._skipping > 0
        if tag in _BLOCKS or tag in _HEADINGS or tag == "li":
            self._end()
        if tag in {"ol", "ul"} and self._lists:
            self._end()
            self._lists.pop()
            if not self._lists and self._items:
                self.paragraphs.append(Paragraph("\n".join(self._items), self._begun, self.page))
                self._items = []

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            if not self._text.strip() and not self._items:
                self._begun = self.page
            self._text += data

    def close(self) -> None:
        super().close()
        self._end()

    def _turn(self, label: str) -> None:
        if found := re.search(r"\d{1,6}", label):
            self.page = int(found[0])
            if not self._text.strip():
                self._begun = self.page

    def _end(self) -> None:
        text, self._text = _words(self._text), ""
        if not text:
            return
        if self._lists:
            count = self._lists[-1]
            if count is not None:
                self._lists[-1] = count + 1
            self._items.append(f"- {text}" if count is None else f"{count + 1}. {text}")
        else:
            self.paragraphs.append(Paragraph(self._prefix + text, self._begun, self.page))
        self._prefix = ""


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _resolved(base: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(target.partition("#")[0])))
