"""Decodes and parses the documents of an EPUB. The parser opens no other file and knows HTML's entities only.

Texts are parsed as events, without a tree: the parser's tree has a limit on depth, and building it is slow for an
element with thousands of attributes.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from html.entities import html5
from typing import Any, Protocol, TypeVar

from lxml import etree

from plccoach_api.corpus.readers.encoding import is_plausible, known_encoding, marked_encoding
from plccoach_api.corpus.readers.epub.media import is_media

_HEAD_BYTES = 1024
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_META = re.compile(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
# A document that declares one of these encodings often has characters of a larger one.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
# XML does not allow these characters, and a picture is full of them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# A text may have a NUL by mistake. Encrypted data is full of such characters.
_MOST_CONTROLS = 0.08
_CDATA_START, _CDATA_END = "<![CDATA[", "]]>"
_PROLOG_CHARACTERS = 10_000
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*\][^>]*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_NAMES = rb"(script|style|title|textarea|iframe|noscript|template|audio|video|canvas|select|button|nav)"
_WITHOUT_WORDS = re.compile(rb"<" + _NAMES + rb"(?=[\s>/])[^<>]*+>", re.IGNORECASE)
_END_WITHOUT_WORDS = re.compile(rb"</" + _NAMES + rb"\s*+>", re.IGNORECASE)
# The parser's time for an end tag without a start tag grows with the depth.
_MOST_DEPTH = 20_000


class NotMarkup(Exception):
    """The data is no document that can be read. The message says why."""


class Media(NotMarkup):
    """The data is a picture, a film or another file without text."""


class Handler(Protocol):
    """Receives the events of a document. The names of its elements and attributes have no namespace."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...


_Handler = TypeVar("_Handler", bound=Handler)


class _Events:
    """Hands the parser's events to a handler."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise NotMarkup("its elements are nested too deep")
        self._handler.start(local_name(tag), {_attribute_name(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(local_name(tag))

    def data(self, text: str) -> None:
        self._handler.data(text)

    def close(self) -> None: ...


def decode(data: bytes) -> str:
    """Obeys a byte-order mark, or else the declared encoding. A byte that is not of the encoding becomes U+FFFD.

    UTF-8 that is declared to be Latin-1, and Windows-1252 that is declared to be UTF-8, are known by their bytes.
    """
    encoding = _encoding(data)
    if encoding in {None, "cp1252"} and (text := _utf8(data)) is not None:
        return text.replace("\ufeff", "")
    try:
        text = data.decode(encoding or "cp1252")
    except UnicodeDecodeError:
        text = data.decode(encoding or "cp1252", "replace")
        western = data.decode("cp1252", "replace")
        if encoding == "utf-8" and not _is_mostly_utf8(text) and is_plausible(western):
            text = western
    return text.replace("\ufeff", "")


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_mostly_utf8(text: str) -> bool:
    """Returns True if at most as many characters are broken as are letters beyond ASCII."""
    broken = text.count("\ufffd")
    return broken <= sum(not character.isascii() for character in text) - broken


def _encoding(data: bytes) -> str | None:
    """Returns None for a document that does not say its encoding."""
    if marked := marked_encoding(data):
        return marked
    head = data[:_HEAD_BYTES]
    if head[:4] in {b"<\0?\0", b"<\0!\0", b"<\0h\0"}:
        return "utf-16-le"
    if head[:4] in {b"\0<\0?", b"\0<\0!", b"\0<\0h"}:
        return "utf-16-be"
    declared = _DECLARED.search(head) or _META.search(head)
    label = declared[1].decode("ascii", "replace").lower().removeprefix("x-") if declared else ""
    return known_encoding(_SUPERSETS.get(label, label))


def parse_xml(data: bytes) -> etree._Element:
    """Parses a small document, such as the package, into a tree. Broken markup is read as far as possible."""
    parser = etree.XMLParser(
        recover=True, no_network=True, resolve_entities=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_prepared(decode(data)), parser)
    except etree.XMLSyntaxError as error:
        raise NotMarkup("it is not XML") from error
    if root is None:
        raise NotMarkup("it is not XML")
    return root


def parse_text(data: bytes, make: Callable[[], _Handler]) -> _Handler:
    """Parses a text as XML or, if it is none, as HTML, which any text is. Raises NotMarkup for a picture."""
    if is_media(data):
        raise Media("it is a picture or another file without text")
    text = decode(data)
    head = text[:_HEAD_BYTES]
    if "<" not in text or len(_CONTROLS.findall(head)) > _MOST_CONTROLS * len(head):
        raise NotMarkup("it is not a text")
    prepared = _prepared(text)
    try:
        handler = make()
        etree.fromstring(prepared, etree.XMLParser(target=_target(handler), resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        handler = make()
        parser = etree.HTMLParser(target=_target(handler), encoding="utf-8", huge_tree=True)
        etree.fromstring(_without_unclosed(prepared), parser)
    return handler


def _without_unclosed(data: bytes) -> bytes:
    """Takes out the start of an element without words, or of a comment, that has no end: it would take all the rest."""
    closed = data.rfind(b"-->") + 1
    data = data[:closed] + data[closed:].replace(b"<!--", b"")
    ends = {each[1].lower(): each.start() for each in _END_WITHOUT_WORDS.finditer(data)}
    return _WITHOUT_WORDS.sub(lambda tag: tag[0] if ends.get(tag[1].lower(), -1) > tag.start() else b"", data)


def _target(handler: Handler) -> Any:
    """The library's stubs require methods that the library does not call."""
    return _Events(handler)


def _prepared(text: str) -> bytes:
    """Returns UTF-8 without a document type, which could define entities, and with HTML's entities as characters."""
    text = _CONTROLS.sub("", text)
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    start = text[:_PROLOG_CHARACTERS].upper().find("<!DOCTYPE")
    if start >= 0 and (doctype := _DOCTYPE.match(text, start)):
        text = text[:start] + text[doctype.end() :]
    return _ENTITY.sub(_character, _without_cdata(text)).strip().encode("utf-8")


def _without_cdata(text: str) -> str:
    """Returns a text whose CDATA sections, which HTML does not know, are escaped."""
    parts: list[str] = []
    place = 0
    while (start := text.find(_CDATA_START, place)) >= 0 and (end := text.find(_CDATA_END, start)) >= 0:
        parts += [text[place:start], escape(text[start + len(_CDATA_START) : end], quote=False)]
        place = end + len(_CDATA_END)
    return "".join([*parts, text[place:]])


def _character(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in _XML_ENTITIES else html5.get(entity[1], entity[0])


@lru_cache(maxsize=1000)
def local_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


@lru_cache(maxsize=1000)
def _attribute_name(name: str) -> str:
    """Returns `epub:type` with its prefix, because HTML has a `type` too."""
    local = local_name(name)
    return "epub:type" if local == "type" and local != name.lower() else local
