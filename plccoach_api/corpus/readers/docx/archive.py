"""Opens a DOCX with the parts that hold text. A part that is missing, broken or not needed does not refuse the file.

The library reads every part of an archive, and ends at the first that is not as it should be. So it gets an archive
of the parts that are read: each is parsed here, repaired if its markup is broken, and written anew.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from docx import Document
from docx.opc.constants import CONTENT_TYPE as TYPES
from lxml import etree

from plccoach_api.corpus.book import LeftOut, UnreadableBook, count_characters
from plccoach_api.corpus.readers.docx.diagrams import CHARTS, DIAGRAM, count_labels, place_diagram

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

_MOST_BYTES = 1_000_000_000
_MAIN = "officeDocument"
_CORE = "core-properties"
# The kinds of parts that are read, by the last word of the type of the relation that leads to them.
_TYPES: Mapping[str, str] = {
    _MAIN: TYPES.WML_DOCUMENT_MAIN,
    _CORE: TYPES.OPC_CORE_PROPERTIES,
    "styles": TYPES.WML_STYLES,
    "numbering": TYPES.WML_NUMBERING,
    "footnotes": TYPES.WML_FOOTNOTES,
    "endnotes": TYPES.WML_ENDNOTES,
    "header": TYPES.WML_HEADER,
    "footer": TYPES.WML_FOOTER,
    "comments": TYPES.WML_COMMENTS,
}
_RELATIONS_PART = "relations"
_ROOTS = {
    _MAIN: "document",
    _CORE: "coreProperties",
    "styles": "styles",
    "numbering": "numbering",
    _RELATIONS_PART: "Relationships",
}
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)
_PIECE_BYTES = 4096
_ENCRYPTED = 1
_PREFIX = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_PREFIX}/officeDocument/2006/relationships"
_CORE_RELATION = f"{_PREFIX}/package/2006/relationships/metadata/core-properties"
# The names of ISO's strict form, which the library does not know.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": f"{_PREFIX}/wordprocessingml/2006/main".encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _RELATIONS.encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": f"{_PREFIX}/officeDocument/2006/math".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": f"{_PREFIX}/drawingml/2006/main".encode(),
}
_TEXT = f"{{{_PREFIX}/wordprocessingml/2006/main}}t"
_FORMULA_TEXT = f"{{{_PREFIX}/officeDocument/2006/math}}t"
_OTHER_FORMAT = f"{{{_PREFIX}/wordprocessingml/2006/main}}altChunk"
_RAW_TEXT = re.compile(r"<(?:\w{1,20}:)?t(?:\s[^<>]{0,200})?>([^<]*)")


@dataclass(slots=True)
class OpenedDocument:
    """`has_properties` is False for a file that does not say its title."""

    document: "DocxDocument"
    has_properties: bool
    left_out: list[LeftOut] = field(default_factory=list)


def open_document(archive: zipfile.ZipFile) -> OpenedDocument:
    """Raises UnreadableBook for an archive without a text."""
    return _Opener(archive).open()


class _Opener:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        # Some programs write backslashes, or a slash at the beginning.
        self._members = {each.filename.replace("\\", "/").lstrip("/").lower(): each for each in archive.infolist()}
        self._left_out: list[LeftOut] = []
        if any(each.flag_bits & _ENCRYPTED for each in archive.infolist()):
            raise UnreadableBook("it is encrypted")
        if sum(each.file_size for each in archive.infolist()) > _MOST_BYTES:
            raise UnreadableBook(f"it is larger than {_MOST_BYTES // 1_000_000} MB when it is unpacked")

    def open(self) -> OpenedDocument:
        top = {kind: name for kind, name, _ in self._relations("")}
        main = top.get(_MAIN, "word/document.xml")
        text = self._parsed(_MAIN, main)
        if text is None or text.find("{*}body") is None:
            raise UnreadableBook("it is a broken DOCX: it has no text")
        relations = list(self._relations(main))
        self._read_drawings(text, relations)
        if next(text.iter(_TEXT, _FORMULA_TEXT), None) is None:
            is_chunk = next(text.iter(_OTHER_FORMAT), None) is not None
            raise UnreadableBook(
                "its text is a file of another format inside it; save it anew in Word" if is_chunk else "it has no text"
            )
        parts = [(_MAIN, main, text)]
        if _CORE in top and (properties := self._parsed(_CORE, top[_CORE])) is not None:
            parts.append((_CORE, top[_CORE], properties))
        seen = {main}
        for kind, name, _ in relations:
            if kind in _TYPES and name not in seen and (content := self._parsed(kind, name)) is not None:
                parts.append((kind, name, content))
                seen.add(name)
        document = Document(_written(parts))
        return OpenedDocument(document, any(kind == _CORE for kind, _, _ in parts), self._left_out)

    def _read_drawings(self, text: etree._Element, relations: Iterable[tuple[str, str, str]]) -> None:
        """Puts the words of diagrams in their place. Those of charts are counted."""
        labels = 0
        for kind, name, relation in relations:
            if kind == DIAGRAM and (diagram := self._parsed(kind, name)) is not None:
                place_diagram(text, relation, diagram)
            elif kind in CHARTS and (chart := self._parsed(kind, name)) is not None:
                labels += count_labels(chart)
        if labels:
            self._left_out.append(LeftOut("titles and labels of charts", labels, is_lost=False))

    def _relations(self, source: str) -> Iterator[tuple[str, str, str]]:
        """Yields the kind, the name and the id of each part to which a part leads. The package has an empty name."""
        root = self._parsed(_RELATIONS_PART, join(dirname(source), "_rels", f"{basename(source)}.rels"))
        for each in root.iter("{*}Relationship") if root is not None else ():
            if each.get("TargetMode") != "External":
                kind = each.get("Type", "").rpartition("/")[2]
                name = normpath(join(dirname(source), each.get("Target", ""))).lstrip("/")
                yield kind, name, each.get("Id", "")

    def _parsed(self, kind: str, name: str) -> etree._Element | None:
        """Returns None for a part that is missing, or of another kind. One that breaks off is read up to there."""
        member = self._members.get(name.lower())
        if member is None:
            if kind != _RELATIONS_PART:
                self._left_out.append(LeftOut(f"{name}, which is missing", 0, is_lost=False))
            return None
        data, share = self._read(member)
        for strict, transitional in _STRICT.items():
            data = data.replace(strict, transitional)
        root = _parse(data, recover=False)
        is_whole = root is not None and share == 1
        if root is None:
            # The library refuses markup that is not whole, so the repaired markup is parsed once more.
            root = _parse(data, recover=True)
            root = None if root is None else _parse(etree.tostring(root), recover=False)
        if root is not None and kind in _ROOTS and etree.QName(root).localname != _ROOTS[kind]:
            root = None
        if root is None or not is_whole:
            is_main = kind == _MAIN
            lost = max(1, round(_count_raw(data) / share) - _count(root)) if is_main else 0
            self._left_out.append(LeftOut(f"a part of {name}, whose markup is broken", lost, is_lost=is_main))
        return root

    def _read(self, member: zipfile.ZipInfo) -> tuple[bytes, float]:
        """Returns the data of a part up to where they are damaged, and their share of the part, above 0."""
        data = bytearray()
        try:
            with self._archive.open(member) as file:
                while piece := file.read(_PIECE_BYTES):
                    data += piece
        except _DAMAGED:
            return bytes(data), min(0.99, max(1, len(data)) / max(1, member.file_size))
        return bytes(data), 1


def _count_raw(data: bytes) -> int:
    """Counts the characters of the text that stands in broken markup."""
    return sum(map(count_characters, _RAW_TEXT.findall(data.decode("utf-8", "replace"))))


def _count(root: etree._Element | None) -> int:
    """Counts the characters of the text that will be read."""
    body = root.find("{*}body") if root is not None else None
    return sum(count_characters(each.text or "") for each in body.iter(_TEXT)) if body is not None else 0


def _parse(data: bytes, *, recover: bool) -> etree._Element | None:
    try:
        # With `recover`, lxml returns None for a text without any element.
        return etree.fromstring(data, etree.XMLParser(recover=recover, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _written(parts: list[tuple[str, str, etree._Element]]) -> io.BytesIO:
    """Returns an archive of the parts."""
    file = io.BytesIO()
    names = [f"part{at}.xml" for at in range(len(parts))]
    kinds = [kind for kind, _, _ in parts]
    top = [(at, kind) for at, kind in enumerate(kinds) if kind in {_MAIN, _CORE}]
    below_text = [(at, kind) for at, kind in enumerate(kinds) if kind not in {_MAIN, _CORE}]
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPES[kind]}"/>' for name, kind in zip(names, kinds, strict=True)
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PREFIX}/package/2006/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        for file_name, entries in (("_rels/.rels", top), (f"_rels/{names[0]}.rels", below_text)):
            listed = "".join(
                f'<Relationship Id="r{at}" Type="{_CORE_RELATION if kind == _CORE else f"{_RELATIONS}/{kind}"}" '
                f'Target="{names[at]}"/>'
                for at, kind in entries
            )
            archive.writestr(
                file_name, f'<Relationships xmlns="{_PREFIX}/package/2006/relationships">{listed}</Relationships>'
            )
        for name, (_, _, root) in zip(names, parts, strict=True):
            archive.writestr(name, etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    return file
