"""Reads the title, the authors and the year that a PDF states about itself."""

import ctypes
import re
import unicodedata
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from plccoach_api.corpus.readers.authors import split_authors
from plccoach_api.corpus.readers.placeholders import real_title

_LONGEST = 300
# The characters of PDFDocEncoding from 0x80 on, which a reader shows for text that is really UTF-8.
_PDF_DOC = dict(
    zip(
        "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž",  # noqa: RUF001 - the encoding's own characters
        map(chr, range(0x80, 0x9F)),
        strict=True,
    )
)
_PDF_DOC_BYTES = str.maketrans({**_PDF_DOC, "€": "\u00a0"})


class Metadata(NamedTuple):
    title: str | None
    authors: tuple[str, ...]
    year: int | None


def read_metadata(document: Any) -> Metadata:
    title = _field(document, "Title")
    # Broken dates begin with 0000.
    year = re.match(r"(?:D:)?([12]\d{3})", _field(document, "CreationDate"))
    return Metadata(real_title(title), _authors(_field(document, "Author")), int(year[1]) if year else None)


def _authors(text: str) -> tuple[str, ...]:
    return split_authors(text) if len(text) <= _LONGEST else ()


def _field(document: Any, name: str) -> str:
    size = pdfium.FPDF_GetMetaText(document, name.encode(), None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, name.encode(), buffer, size)
    text = _repair(buffer.raw.decode("utf-16-le", "replace"))
    printable = "".join(" " if unicodedata.category(each) in {"Cc", "Cf", "Co", "Cs"} else each for each in text)
    return " ".join(unicodedata.normalize("NFC", printable).split())


def _repair(text: str) -> str:
    """Decodes text that is UTF-8 although it is not marked so."""
    try:
        return text.translate(_PDF_DOC_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
