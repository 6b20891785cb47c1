"""Decodes a text file: UTF-8, UTF-16, a declared encoding, or Windows-1252 when its letters are plausible in it."""

import codecs
import re
from typing import NamedTuple

from plccoach_api.corpus.book import LeftOut, UnreadableBook

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_DECLARED = re.compile(rb"(?:Character set encoding|charset|coding)\s*[:=]\s*\"?(?P<name>[\w-]{3,20})", re.IGNORECASE)
# Python's other codecs are no encodings of documents, and some of them are not linear.
_OF_DOCUMENTS = re.compile(r"utf-(?:8|16|32)|iso|cp\d|gb|big5|shift|euc|koi8|mac|ascii|tis|hz|johab|kz|ptcp")
_DECLARATION_BYTES = 5_000
_SAMPLE_BYTES = 10_000
# In a text of Western letters, every second byte of UTF-16 is zero.
_LEAST_ZEROS = 0.3
# The characters of Windows-1252 that texts use besides letters.
_WESTERN = (
    "\u20ac\u2026\u2018\u2019\u201c\u201d\u2013\u2014\u2022\u2122\u00a0\u00a1\u00a3\u00a7\u00a9\u00ab"
    "\u00ad\u00ae\u00b0\u00b1\u00b4\u00b7\u00bb\u00bc\u00bd\u00be\u00bf"
)
# Words of one letter: "\u00e0" of French, "\u00e9" of Portuguese, "\u00e8" of Italian, "\u00f3" of Spanish.
_WORDS = "\u00e0\u00c0\u00e9\u00c9\u00e8\u00c8\u00f3\u00f2\u00e5\u00c5\u00f6\u00d6"
# A text may have a NUL by mistake.
_MOST_ZEROS = 0.01
_LEAST_PLAUSIBLE = 0.9
_MOST_BROKEN = 0.2


class DecodedText(NamedTuple):
    text: str
    left_out: tuple[LeftOut, ...] = ()


def decode(data: bytes) -> DecodedText:
    """Raises UnreadableBook for a file that is no text in a known encoding."""
    marked = marked_encoding(data) or _utf16_without_mark(data)
    if marked:
        text = data.decode(marked, "replace").removeprefix("\ufeff")
        return DecodedText(text, _broken(text))
    zeros = data.count(0)
    if zeros > _MOST_ZEROS * len(data):
        raise UnreadableBook("it contains NUL characters, so it is no text")
    text, left_out = _decode_unmarked(data.replace(b"\0", b""))
    return DecodedText(text, (*left_out, LeftOut("NUL characters", zeros, is_lost=True)) if zeros else left_out)


def marked_encoding(data: bytes) -> str | None:
    """Returns the encoding that a byte-order mark says. Its decoder may keep the mark as a character."""
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def known_encoding(label: str) -> str | None:
    """Returns Python's name of the encoding that a document declares; None for a codec that is none of documents.

    A declaration that could be read byte by byte is in no encoding that has other bytes for ASCII, such as UTF-16.
    """
    try:
        name = codecs.lookup(label).name
        return name if _OF_DOCUMENTS.match(name) and b" ".decode(name) == " " else None
    except (LookupError, UnicodeError):
        return None


def _decode_unmarked(data: bytes) -> DecodedText:
    try:
        return DecodedText(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _declared(data) or _western(data)


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:_SAMPLE_BYTES]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) > 1 and zeros.count(0) > _LEAST_ZEROS * 2 * len(zeros):
            return name
    return None


def _damaged_utf8(data: bytes) -> DecodedText | None:
    """Returns a text of UTF-8 in which a few bytes are damaged."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(not character.isascii() for character in text) - broken
    return DecodedText(text, _broken(text)) if broken < _MOST_BROKEN * whole else None


def _declared(data: bytes) -> DecodedText | None:
    match = _DECLARED.search(data, 0, _DECLARATION_BYTES)
    name = known_encoding(match["name"].decode()) if match else None
    # Many files that declare Latin-1 have the quotation marks of Windows-1252.
    return _decode_as("cp1252" if name == "iso8859-1" else name, name, data) if name else None


def _western(data: bytes) -> DecodedText:
    decoded = _decode_as("cp1252", "Windows-1252", data)
    if not is_plausible(decoded.text):
        raise UnreadableBook("it is not UTF-8 text, and its encoding is not known; save it as UTF-8")
    return decoded


def _decode_as(name: str, shown_name: str, data: bytes) -> DecodedText:
    text = data.decode(name, "replace")
    return DecodedText(text, (*_broken(text), _encoding_note(shown_name)))


def is_plausible(text: str) -> bool:
    """Judges a text that was read as Windows-1252 by the places of its characters beyond ASCII."""
    marks = [at for at, character in enumerate(text) if not character.isascii()]
    plausible = sum(text[at] in _WESTERN or _is_in_word(text, at) for at in marks)
    return plausible >= _LEAST_PLAUSIBLE * len(marks)


def _is_in_word(text: str, at: int) -> bool:
    around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    if text[at] in _WORDS and not any(map(str.isalnum, around)):
        return True
    return text[at].isalpha() and any(character.isascii() and character.isalpha() for character in around)


def _broken(text: str) -> tuple[LeftOut, ...]:
    count = text.count("\ufffd")
    return (LeftOut("bytes that are no text", count, is_lost=True),) if count else ()


def _encoding_note(name: str) -> LeftOut:
    return LeftOut(f"nothing, but the file is not UTF-8 and was read as {name}", 0, is_lost=False)
