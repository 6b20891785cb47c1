"""Reads a book from a file with the reader of its format, and refuses a file that is not a usable book."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from plccoach_api.corpus.book import Book, Chapter, UnreadableBook
from plccoach_api.corpus.readers import markdown, text
from plccoach_api.corpus.readers.parsed_book import ParsedBook
from plccoach_api.corpus.readers.sidecar import Sidecar, read_sidecar

# A book of a thousand pages has a few megabytes of text. Pictures make files larger, but they are not read.
_MOST_BYTES = 500_000_000
_LAST_YEAR = 9999


def _read_markdown(path: Path) -> ParsedBook:
    return markdown.parse(_decode(path))


def _read_text(path: Path) -> ParsedBook:
    return text.parse(_decode(path))


def _read_pdf(path: Path) -> ParsedBook:
    from plccoach_api.corpus.readers import pdf  # noqa: PLC0415 - its library is large, and only PDFs need it

    return pdf.read(path)


def _read_epub(path: Path) -> ParsedBook:
    from plccoach_api.corpus.readers import epub  # noqa: PLC0415 - only EPUBs need its libraries

    return epub.read(path)


_READERS: Mapping[str, Callable[[Path], ParsedBook]] = {
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".txt": _read_text,
    ".pdf": _read_pdf,
    ".epub": _read_epub,
}
SUFFIXES = frozenset(_READERS)


def read(path: Path) -> Book:
    """Raises UnreadableBook."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableBook(f"its suffix is not one of {', '.join(sorted(SUFFIXES))}")
    try:
        _check_file(path)
        return _book(reader(path), read_sidecar(path))
    except OSError as error:
        raise UnreadableBook(f"it cannot be read: {error.strerror or type(error).__name__}") from error


def _check_file(path: Path) -> None:
    size = path.stat().st_size
    if not path.is_file():
        raise UnreadableBook("it is not a file")
    if size == 0:
        raise UnreadableBook("it is empty")
    if size > _MOST_BYTES:
        raise UnreadableBook(f"it is larger than {_MOST_BYTES // 1_000_000} MB")


def _book(parsed: ParsedBook, sidecar: Sidecar) -> Book:
    title = sidecar.title or parsed.title
    if not title:
        raise UnreadableBook("it has no title; a book.toml beside it can give one")
    chapters = tuple(_storable_chapter(chapter) for chapter in parsed.chapters if chapter.paragraphs)
    if all(paragraph.is_heading for chapter in chapters for paragraph in chapter.paragraphs):
        raise UnreadableBook("it has no text")
    authors = parsed.authors if sidecar.authors is None else sidecar.authors
    year = parsed.year if sidecar.year is None else sidecar.year
    if year is not None and not 0 < year <= _LAST_YEAR:
        raise UnreadableBook(f"its year is {year}")
    return Book(
        " ".join(title.split()),
        tuple(authors),
        year,
        chapters,
        sidecar.product_url,
        sidecar.edition or parsed.edition,
        parsed.left_out,
    )


def _storable_chapter(chapter: Chapter) -> Chapter:
    return replace(
        chapter,
        title=_storable(chapter.title),
        paragraphs=tuple(replace(each, text=_storable(each.text)) for each in chapter.paragraphs),
    )


def _storable(words: str) -> str:
    """Removes NUL, which PostgreSQL does not store, and replaces lone surrogates, which UTF-8 cannot encode."""
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _decode(path: Path) -> str:
    try:
        decoded = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableBook("it is not UTF-8 text") from error
    if "\0" in decoded:
        raise UnreadableBook("it contains a NUL character")
    return decoded
