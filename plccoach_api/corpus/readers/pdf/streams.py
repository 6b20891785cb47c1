"""Tells an empty page from one whose content cannot be decoded, and a whole page from one that breaks off.

PDFium shows what it can, and says nothing.
"""

import base64
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pypdfium2

_CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d+ 0 R)")
_REFERENCE = re.compile(rb"(?<!\d)(\d++) 0 R")
_STREAM = rb"(?<!\d)%d 0 obj\s*<<(.*?)>>\s*stream\r?\n(.*?)\r?\nendstream"
_FILTER = re.compile(rb"/(FlateDecode|ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode)")
_MOST_BYTES = 1_000_000
# The content of an empty page only saves and restores the state of the program that shows it.
_MOST_EMPTY_BYTES = 100
# Data that should be compressed, and does not say so, is no content.
_PRINTABLE = frozenset(b"\t\n\f\r" + bytes(range(0x20, 0x7F)))
_LEAST_PRINTABLE = 0.8
_SAMPLE_BYTES = 2_000
_ZLIB_HEADER_BYTES, _PIECE_BYTES = 2, 64
_CHECKSUM_BYTES = 4
# The checksum and the end of the line.
_MOST_BYTES_AFTER = 16


def is_broken(document: Any, page: int, *, is_cut: bool) -> bool:
    """Returns True if the page has content that its own filters cannot decode.

    In a file whose end is missing, a page without content is broken too.
    """
    data = _copied(document, page)
    streams = [*_streams(data or b"")]
    return data is None or (is_cut and not streams) or any(_is_undecodable(*stream) for stream in streams)


def share_before_break(document: Any, page: int) -> float:
    """Returns how much of the page's compressed content can be decompressed: 1 for a whole page, 0.5 for half of it.

    PDFium shows what stands before the break, and does not say that there is more.
    """
    data = _copied(document, page)
    streams = [stream for stream in _streams(data or b"") if _FILTER.findall(stream[0]) == [b"FlateDecode"]]
    size = sum(len(content) for _, content in streams)
    return sum(_bytes_before_break(content) for _, content in streams) / size if size else 1.0


def _copied(document: Any, page: int) -> bytes | None:
    """Returns a file of one page, or None for a page that cannot be copied."""
    file = io.BytesIO()
    try:
        copy = pypdfium2.PdfDocument.new()
        copy.import_pages(document, [page])
        copy.save(file)
        copy.close()
    except pypdfium2.PdfiumError:
        return None
    return file.getvalue()


def _streams(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields the dictionary and the data of each stream of the page's content."""
    contents = _CONTENTS.search(data)
    for number in _REFERENCE.findall(contents[1]) if contents else ():
        if stream := re.search(_STREAM % int(number), data, re.DOTALL):
            yield stream[1], stream[2]


def _is_undecodable(dictionary: bytes, data: bytes) -> bool:
    try:
        for name in _FILTER.findall(dictionary):
            if name not in _DECODERS:
                return len(data) > _MOST_EMPTY_BYTES
            data = _DECODERS[name](data)
    except (ValueError, zlib.error):
        return True
    printable = sum(byte in _PRINTABLE for byte in data[:_SAMPLE_BYTES])
    return len(data) > _MOST_EMPTY_BYTES and printable < _LEAST_PRINTABLE * min(len(data), _SAMPLE_BYTES)


def _bytes_before_break(data: bytes) -> int:
    """Counts the bytes up to the break. A missing checksum at the end is none."""
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    decoded, checksum = 0, 1
    for start in range(_ZLIB_HEADER_BYTES, len(data), _PIECE_BYTES):
        try:
            piece = decompressor.decompress(data[start : start + _PIECE_BYTES], _MOST_BYTES)
        except zlib.error:
            return start
        decoded, checksum = decoded + len(piece), zlib.adler32(piece, checksum)
        if decoded >= _MOST_BYTES:
            return len(data)
        if decompressor.eof:
            end = min(start + _PIECE_BYTES, len(data)) - len(decompressor.unused_data)
            rest = data[end : end + _CHECKSUM_BYTES]
            # Damaged data may seem to end in the middle, or be decompressed to other words.
            if len(data) - end > _MOST_BYTES_AFTER:
                return end
            is_right = len(rest) < _CHECKSUM_BYTES or int.from_bytes(rest, "big") == checksum
            return len(data) if is_right else len(data) - 1
    # The content goes on after the end of the data: by how much, nobody knows.
    return len(data) // 2


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
