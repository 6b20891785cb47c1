"""Reads a book from a file: the reader of its format, what a sidecar `book.toml` says better, and what is refused."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec

from plccoach_api.corpus import read_markdown, read_text
from plccoach_api.corpus.book import Book, Chapter, UnreadableBook
from plccoach_api.corpus.parsed_book import ParsedBook

# A book of a thousand pages is a few megabytes of text; pictures make files larger, and are not read.
_MOST_BYTES = 500_000_000
_LAST_YEAR = 9999


# Clients show it as a link.
WebAddress = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s<>\"]+\Z", max_length=2000)]


class Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `book.toml`, or NAME.toml beside NAME.pdf, may say; it overrides what was read."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    year: int | None = None
    product_url: WebAddress | None = None


def _markdown(path: Path) -> ParsedBook:
    return read_markdown.parse(_text(path))


def _plain(path: Path) -> ParsedBook:
    return read_text.parse(_text(path))


def _pdf(path: Path) -> ParsedBook:
    from plccoach_api.corpus import read_pdf  # noqa: PLC0415 - only who brings one needs its library

    return read_pdf.read(path)


def _epub(path: Path) -> ParsedBook:
    from plccoach_api.corpus import read_epub  # noqa: PLC0415 - the same

    return read_epub.read(path)


_READERS: Mapping[str, Callable[[Path], ParsedBook]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain,
    ".pdf": _pdf,
    ".epub": _epub,
}
SUFFIXES = frozenset(_READERS)


def read(path: Path) -> Book:
    """Raises UnreadableBook."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableBook(f"it is none of {', '.join(sorted(SUFFIXES))}")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableBook("it is no file")
        if size == 0:
            raise UnreadableBook("it is empty")
        if size > _MOST_BYTES:
            raise UnreadableBook(f"it is larger than {_MOST_BYTES // 1_000_000} MB")
        return _finished(reader(path), _sidecar(path))
    except OSError as error:
        raise UnreadableBook(f"it cannot be read: {error.strerror or type(error).__name__}") from error


def _finished(draft: ParsedBook, sidecar: Sidecar) -> Book:
    title = sidecar.title or draft.title
    if not title:
        raise UnreadableBook("it has no title, and no book.toml beside it that says one")
    chapters = tuple(_clean(chapter) for chapter in draft.chapters if chapter.paragraphs)
    if not any(not each.is_heading for chapter in chapters for each in chapter.paragraphs):
        raise UnreadableBook("it has no text")
    authors = draft.authors if sidecar.authors is None else sidecar.authors
    year = draft.year if sidecar.year is None else sidecar.year
    if year is not None and not 0 < year <= _LAST_YEAR:
        raise UnreadableBook(f"its year is {year}")
    return Book(" ".join(title.split()), tuple(authors), year, chapters, sidecar.product_url)


def _clean(chapter: Chapter) -> Chapter:
    """PostgreSQL stores no NUL; a lone surrogate cannot be sent at all."""
    return replace(
        chapter,
        title=_storable(chapter.title),
        paragraphs=tuple(replace(each, text=_storable(each.text)) for each in chapter.paragraphs),
    )


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _sidecar(path: Path) -> Sidecar:
    """One of the book's own name counts more than the folder's."""
    for candidate in (path.with_suffix(".toml"), path.with_name("book.toml")):
        if candidate.is_file():
            try:
                return msgspec.convert(tomllib.loads(candidate.read_text("utf-8")), Sidecar)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
                raise UnreadableBook(f"{candidate.name} beside it is not understood: {error}") from error
    return Sidecar()


def _text(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableBook("it is not UTF-8 text") from error
    if "\0" in text:
        raise UnreadableBook("it holds a NUL character")
    return text
