"""Tells a page that is empty from a page whose content cannot be decoded. PDFium shows both as empty."""

import base64
import io
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pypdfium2

_CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d+ 0 R)")
_REFERENCE = re.compile(rb"(?<!\d)(\d++) 0 R")
_STREAM = rb"(?<!\d)%d 0 obj\s*<<(.*?)>>\s*stream\r?\n(.*?)\r?\nendstream"
_FILTER = re.compile(rb"/(FlateDecode|ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode)")
_MOST_BYTES = 1_000_000
# The content of an empty page only saves and restores the state of the program that shows it.
_MOST_EMPTY_BYTES = 100


def is_broken(document: Any, page: int) -> bool:
    """Returns True if the page has content that its own filters cannot decode."""
    file = io.BytesIO()
    try:
        copy = pypdfium2.PdfDocument.new()
        copy.import_pages(document, [page])
        copy.save(file)
        copy.close()
    except pypdfium2.PdfiumError:
        return True
    data = file.getvalue()
    contents = _CONTENTS.search(data)
    return contents is not None and any(
        _is_undecodable(stream[1], stream[2])
        for number in _REFERENCE.findall(contents[1])
        if (stream := re.search(_STREAM % int(number), data, re.DOTALL))
    )


def _is_undecodable(dictionary: bytes, data: bytes) -> bool:
    try:
        for name in _FILTER.findall(dictionary):
            if name not in _DECODERS:
                return len(data) > _MOST_EMPTY_BYTES
            data = _DECODERS[name](data)
    except (ValueError, zlib.error):
        return True
    return False


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _MOST_BYTES)


def _decode_hex(data: bytes) -> bytes:
    digits = b"".join(data.partition(b">")[0].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("latin-1"))


def _decode_85(data: bytes) -> bytes:
    return base64.a85decode(data.strip().removesuffix(b"~>"))


_DECODERS: Mapping[bytes, Callable[[bytes], bytes]] = {
    b"FlateDecode": _inflate,
    b"ASCIIHexDecode": _decode_hex,
    b"ASCII85Decode": _decode_85,
}
