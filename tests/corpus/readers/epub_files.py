"""Writes EPUBs for tests: any texts in order, with any metadata and navigation."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="O/b.opf"/>'
    "</rootfiles></container>"
)
TITLE = "<dc:title>Teams</dc:title>"


def write_epub(
    path: Path,
    texts: Mapping[str, str | bytes],
    *,
    metadata: str = TITLE,
    nav: str = "",
    files: Mapping[str, str | bytes] | None = None,
    spine: list[str] | None = None,
) -> Path:
    """`texts` are the bodies of the texts by file name, or their bytes. `nav` is the list of contents."""
    names = [*texts, *(["nav.xhtml"] if nav else [])]
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml" properties="{_properties(name)}"/>'
        for name in names
    )
    references = "".join(f'<itemref idref="{name}"/>' for name in (texts if spine is None else spine))
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{references}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("O/b.opf", package)
        for name, body in texts.items():
            archive.writestr(f"O/{name}", _text(body))
        if nav:
            archive.writestr("O/nav.xhtml", _text(nav))
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return path


def _properties(name: str) -> str:
    return "nav" if name == "nav.xhtml" else ""


def _text(body: str | bytes) -> str | bytes:
    if isinstance(body, bytes):
        return body
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>t</title></head><body>{body}</body></html>"
    )


def read_body(tmp_path: Path, body: str | bytes) -> Book:
    """Reads an EPUB that has one text."""
    return read(write_epub(tmp_path / "book.epub", {"one.xhtml": body}))


def paragraphs(book: Book) -> list[str]:
    return [paragraph.text for chapter in book.chapters for paragraph in chapter.paragraphs]


def chapters(book: Book) -> list[tuple[int | None, str]]:
    return [(chapter.number, chapter.title) for chapter in book.chapters]
