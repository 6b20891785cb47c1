"""Reads an EPUB: its package has the title and the order of the texts, its navigation has the chapter titles."""

import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from plccoach_api.corpus.book import LeftOut, UnreadableBook, count_characters
from plccoach_api.corpus.readers.epub.archive import Archive, BrokenMember, resolve
from plccoach_api.corpus.readers.epub.chapters import Texts, divide
from plccoach_api.corpus.readers.epub.html import TextHandler
from plccoach_api.corpus.readers.epub.markup import Media, NotMarkup, parse_text, parse_xml
from plccoach_api.corpus.readers.epub.navigation import Entry, Navigation, NavigationHandler, read_ncx
from plccoach_api.corpus.readers.epub.package import Item, Package, parse_package
from plccoach_api.corpus.readers.parsed_book import ParsedBook

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# encryption.xml also lists obfuscated fonts. They do not matter, because fonts are not read.
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
# The share of an XHTML file that is text, for a file that cannot be read in a book without another text.
_SHARE_OF_TEXT = 0.5


def read(path: Path) -> ParsedBook:
    """Raises UnreadableBook."""
    try:
        with zipfile.ZipFile(path) as file:
            return _Reader(Archive(file)).read()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise UnreadableBook("it is a broken EPUB: its archive is damaged") from error


class _Reader:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._package = self._read_package()
        self._texts = Texts()
        self._unread: list[tuple[str, int | None]] = []
        self._others: Counter[str] = Counter()
        self._texts_read = self._read_bytes = 0
        self._refuse_encrypted()

    def read(self) -> ParsedBook:
        package = self._package
        navigation = self._read_navigation()
        self._read_texts(navigation)
        if not self._texts.blocks and self._unread:
            raise UnreadableBook(f"it is a broken EPUB: {self._unread[0][0]}")
        kept = sum(count_characters(block.text) for block in self._texts.blocks)
        links = navigation.links
        entries = [Entry(each.level, each.title, self._place(navigation.base, each.target)) for each in links]
        chapters = divide(self._texts, entries, package.title)
        report = tuple(self._report(kept))
        return ParsedBook(package.title, package.authors, package.year, chapters, package.edition, report)

    # The package.

    def _read_package(self) -> Package:
        for name in self._package_names():
            try:
                package = parse_package(name, parse_xml(self._archive.read(name)))
            except (BrokenMember, NotMarkup):
                continue
            if package.spine:
                return package
        raise UnreadableBook("it is a broken EPUB: no package document says which texts it has")

    def _package_names(self) -> Iterator[str]:
        """Yields the package that the container names, then any other, because the container may be broken."""
        if container := self._archive.find(_CONTAINER):
            try:
                root = parse_xml(self._archive.read(container))
                for each in root.iter("{*}rootfile"):
                    if name := self._archive.find(resolve("", each.get("full-path", ""))):
                        yield name
            except (BrokenMember, NotMarkup):
                pass
        yield from (name for name in self._archive.names if name.lower().endswith(".opf"))

    def _refuse_encrypted(self) -> None:
        name = self._archive.find(_ENCRYPTION)
        if name is None:
            return
        try:
            root = parse_xml(self._archive.read(name))
        except (BrokenMember, NotMarkup):
            return
        texts = {self._archive.find(item.name) for item in self._package.spine if item.is_text}
        for data in root.iter("{*}EncryptedData"):
            algorithms = [each.get("Algorithm", "") for each in data.iterchildren("{*}EncryptionMethod")]
            names = [self._archive.find(resolve("", each.get("URI", ""))) for each in data.iter("{*}CipherReference")]
            if texts.intersection(names) - {None} and not any(each in _FONT_ALGORITHMS for each in algorithms):
                raise UnreadableBook("its text is encrypted (DRM); only its seller's programs can read it")

    # The navigation.

    def _read_navigation(self) -> Navigation:
        """Reads the navigation document or, if it has no entries, the NCX of EPUB 2."""
        handler, ncx = NavigationHandler(), Navigation()
        base = ""
        try:
            if (item := self._package.navigation) and (name := self._archive.find(item.name)):
                base, handler = name, parse_text(self._archive.read(name), NavigationHandler)
        except (BrokenMember, NotMarkup):
            self._others["navigation that could not be read"] += 1
        try:
            if not handler.links and (item := self._package.ncx) and (name := self._archive.find(item.name)):
                ncx = read_ncx(name, parse_xml(self._archive.read(name)))
        except (BrokenMember, NotMarkup):
            self._others["navigation that could not be read"] += 1
        return Navigation(handler.links, handler.pages, base) if handler.links else ncx

    def _place(self, base: str, target: str | None) -> int | None:
        """Returns the index of the block to which a link leads. An anchor that is missing leads to the start."""
        name = self._archive.find(resolve(base, target)) if target else None
        if not target or name is None:
            return None
        places = self._texts.places
        return places.get((name, target.partition("#")[2]), places.get((name, "")))

    def _pages(self, navigation: Navigation) -> Mapping[str, Mapping[str, str]]:
        """Returns the labels of the list of pages by text and anchor."""
        pages: dict[str, dict[str, str]] = {}
        for target, label in navigation.pages:
            if name := self._archive.find(resolve(navigation.base, target)):
                pages.setdefault(name, {})[target.partition("#")[2]] = label
        return pages

    # The texts.

    def _read_texts(self, navigation: Navigation) -> None:
        """Reads each text once, in reading order. A text that cannot be read harms no other."""
        pages = self._pages(navigation)
        page: int | None = None
        seen: set[str] = set()
        for item in self._package.spine:
            name = self._archive.find(item.name)
            if not item.is_text:
                self._miss(item)
            elif name is None:
                self._unread.append((f"{item.name} is not in the file", None))
            elif name not in seen:
                seen.add(name)
                page = self._read_text(name, page, pages.get(name, {}))

    def _read_text(self, name: str, page: int | None, pages: Mapping[str, str]) -> int | None:
        try:
            data = self._archive.read(name)
            handler = parse_text(data, lambda: TextHandler(page, pages))
        except Media:
            self._others["pictures or other files that are declared to be texts"] += 1
            return page
        except (BrokenMember, NotMarkup) as error:
            self._unread.append((f"{name} could not be read: {error}", self._archive.size(name)))
            return page
        handler.finish()
        self._texts_read += 1
        self._read_bytes += len(data)
        self._texts.add(name, handler.blocks, handler.anchors)
        self._texts.left_out.update(handler.left_out)
        return handler.page

    def _miss(self, item: Item) -> None:
        """Notes a file of the reading order that is no text."""
        kind = item.media_type.partition("/")[0]
        reason = "pictures in the reading order" if kind == "image" else f"files of type {item.media_type or 'unknown'}"
        self._others[reason] += 1

    # The report.

    def _report(self, kept: int) -> Iterator[LeftOut]:
        """A text that could not be read is estimated by its size and the share of text in the others."""
        share = kept / self._read_bytes if kept else _SHARE_OF_TEXT
        average = kept // max(self._texts_read, 1)
        for reason, size in self._unread:
            yield LeftOut(reason, average if size is None else round(size * share), is_lost=True)
        unknown = sum(block.text.count("\ufffd") for block in self._texts.blocks)
        if unknown:
            yield LeftOut("characters that are not of the text's encoding", unknown, is_lost=True)
        yield from (LeftOut(f"{count} {reason}", 0, is_lost=False) for reason, count in self._others.items())
        counts = self._texts.left_out
        yield from (LeftOut(reason, count, is_lost=False) for reason, count in counts.items() if count)
