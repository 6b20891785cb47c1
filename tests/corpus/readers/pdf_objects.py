"""Writes PDFs object by object, for the tests of files that no library would write."""

from collections.abc import Mapping, Sequence
from pathlib import Path

FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
CATALOG, PAGES, FONT_NUMBER, FIRST_PAGE = 1, 2, 3, 10


def line(text: str, y: float, *, size: float = 11, x: float = 72) -> str:
    """Returns the operators that show a line of text."""
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET"


def lines(texts: Sequence[str], *, top: float = 720) -> str:
    return "\n".join(line(text, top - 14 * at) for at, text in enumerate(texts))


def page_number(index: int) -> int:
    """Returns the number of a page's object. Its content has the next number."""
    return FIRST_PAGE + 2 * index


def write_pdf(
    path: Path,
    pages: Sequence[str | bytes],
    *,
    objects: Mapping[int, str] | None = None,
    catalog: str = "",
    info: str = "/Title (Teams)",
    page_entries: str = "",
    filters: Mapping[int, str] | None = None,
) -> Path:
    """Writes a PDF whose pages have these contents. `objects` are added by their number."""
    all_objects: dict[int, str | bytes] = {
        CATALOG: f"<< /Type /Catalog /Pages {PAGES} 0 R {catalog} >>",
        PAGES: f"<< /Type /Pages /Count {len(pages)} /Kids ["
        + " ".join(f"{page_number(index)} 0 R" for index in range(len(pages)))
        + "] >>",
        FONT_NUMBER: FONT,
        4: f"<< {info} >>",
    }
    for index, content in enumerate(pages):
        number = page_number(index)
        all_objects[number] = (
            f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R {page_entries} "
            f"/Resources << /Font << /F1 {FONT_NUMBER} 0 R >> >> >>"
        )
        data = content if isinstance(content, bytes) else content.encode("latin-1")
        entries = f"/Length {len(data)} {(filters or {}).get(index, '')}".encode()
        all_objects[number + 1] = b"<< " + entries + b" >>\nstream\n" + data + b"\nendstream"
    all_objects |= objects or {}
    path.write_bytes(_serialise(all_objects))
    return path


def _serialise(objects: Mapping[int, str | bytes]) -> bytes:
    file = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, value in objects.items():
        places[number] = len(file)
        file += (
            b"%d 0 obj\n" % number + (value if isinstance(value, bytes) else value.encode("latin-1")) + b"\nendobj\n"
        )
    start, size = len(file), max(objects) + 1
    entries = [
        f"{places[number]:010} 00000 n " if number in places else "0000000000 65535 f " for number in range(size)
    ]
    file += f"xref\n0 {size}\n".encode() + "\n".join(entries).encode()
    return bytes(file) + f"\ntrailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
