"""Reads an EPUB: its package has the title and the order of the texts, its navigation has the chapter titles."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder
from plccoach_api.corpus.readers.epub_html import NavigationParser, TextParser, collapse_spaces
from plccoach_api.corpus.readers.headings import parse_outline_entry
from plccoach_api.corpus.readers.parsed_book import ParsedBook

_MOST_BYTES = 50_000_000
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_NAMESPACES = {
    "container": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "enc": "http://www.w3.org/2001/04/xmlenc#",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}
# encryption.xml also lists obfuscated fonts. They do not matter, because fonts are not read.
_FONTS = re.compile(r"\.(?:otf|ttf|woff2?)$", re.IGNORECASE)


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Package(archive).read()
    except (zipfile.BadZipFile, ET.ParseError, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableBook(f"it is a broken EPUB ({type(error).__name__})") from error


class _Package:
    """An EPUB's package document: metadata, a manifest of all files, and a spine that puts the texts in order."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._refuse_encrypted()
        root_file = self._xml(_CONTAINER).find(".//container:rootfile", _NAMESPACES)
        self._path = "" if root_file is None else root_file.get("full-path", "")
        self._package = self._xml(self._path)

    def read(self) -> ParsedBook:
        titles = self._chapter_titles()
        builder = ChapterBuilder()
        page: int | None = None
        for name in self._text_names():
            chapter_title = None
            if name in titles:
                number, chapter_title = parse_outline_entry(titles[name])
                builder.open(number, chapter_title)
            parser = TextParser(page)
            parser.feed(self._html(name))
            parser.close()
            page = parser.page
            for paragraph in parser.paragraphs:
                if not (paragraph.is_heading and parse_outline_entry(paragraph.text.lstrip("# "))[1] == chapter_title):
                    builder.add(paragraph)
        title = next(iter(self._metadata("title")), None)
        return ParsedBook(title, tuple(self._metadata("creator")), self._year(), builder.chapters())

    def _refuse_encrypted(self) -> None:
        if _ENCRYPTION not in self._archive.namelist():
            return
        encrypted = [
            each.get("URI", "") for each in self._xml(_ENCRYPTION).iterfind(".//enc:CipherReference", _NAMESPACES)
        ]
        if any(not _FONTS.search(name) for name in encrypted):
            raise UnreadableBook("it is encrypted")

    def _bytes(self, name: str) -> bytes:
        if self._archive.getinfo(name).file_size > _MOST_BYTES:
            raise UnreadableBook(f"its file {name} is larger than {_MOST_BYTES // 1_000_000} MB")
        return self._archive.read(name)

    def _xml(self, name: str) -> ET.Element:
        return ET.fromstring(self._bytes(name))  # noqa: S314 - expat limits how far entities expand

    def _html(self, name: str) -> str:
        return self._bytes(name).decode("utf-8", "replace")

    def _metadata(self, name: str) -> list[str]:
        elements = self._package.iterfind(f".//dc:{name}", _NAMESPACES)
        return [text for each in elements if (text := collapse_spaces(each.text))]

    def _year(self) -> int | None:
        year = re.match(r"\d{4}", next(iter(self._metadata("date")), ""))
        return int(year[0]) if year else None

    def _manifest(self) -> Mapping[str, ET.Element]:
        items = self._package.iterfind(".//opf:manifest/opf:item", _NAMESPACES)
        return {each.get("id", ""): each for each in items}

    def _text_names(self) -> Iterator[str]:
        """Yields the texts' file names in reading order, without the table of contents that many spines include."""
        items = self._manifest()
        for each in self._package.iterfind(".//opf:spine/opf:itemref", _NAMESPACES):
            item = items.get(each.get("idref", ""))
            if item is not None and not _is_navigation(item):
                yield _resolve(self._path, item.get("href", ""))

    def _chapter_titles(self) -> dict[str, str]:
        """Returns the chapters' titles by file name. If several chapters begin in one file, only the first counts."""
        titles: dict[str, str] = {}
        for item in self._manifest().values():
            name = _resolve(self._path, item.get("href", ""))
            if _is_navigation(item):
                parser = NavigationParser()
                parser.feed(self._html(name))
                links = parser.links
            elif item.get("media-type") == "application/x-dtbncx+xml":
                links = list(self._ncx_links(name))
            else:
                continue
            for target, title in links:
                titles.setdefault(_resolve(name, target), title)
        return titles

    def _ncx_links(self, name: str) -> Iterator[tuple[str, str]]:
        """Yields target and title of each entry of an NCX file, which is the navigation of EPUB 2."""
        for point in self._xml(name).iterfind("ncx:navMap/ncx:navPoint", _NAMESPACES):
            content, label = point.find("ncx:content", _NAMESPACES), point.find("ncx:navLabel/ncx:text", _NAMESPACES)
            if content is not None and label is not None and (title := collapse_spaces(label.text)):
                yield content.get("src", ""), title


def _is_navigation(item: ET.Element) -> bool:
    return "nav" in item.get("properties", "").split()


def _resolve(base: str, target: str) -> str:
    return normpath(join(dirname(base), unquote(target.partition("#")[0])))
