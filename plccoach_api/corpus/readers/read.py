"""Reads a book from a file, or from a folder that is one book, and refuses what is not a usable book."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from plccoach_api.corpus.book import Book, Chapter, LeftOut, UnreadableBook
from plccoach_api.corpus.readers import folder, text
from plccoach_api.corpus.readers.encoding import decode
from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder
from plccoach_api.corpus.readers.markdown import reader as markdown
from plccoach_api.corpus.readers.normalize import count_undecoded, encodable, normalize, normalize_paragraph
from plccoach_api.corpus.readers.parsed_book import ParsedBook
from plccoach_api.corpus.readers.placeholders import real_authors, real_title
from plccoach_api.corpus.readers.sidecar import Sidecar, read_sidecar
from plccoach_api.corpus.readers.suffixes import MARKDOWN_SUFFIXES

_LAST_YEAR = 9999


def _read_markdown(path: Path) -> ParsedBook:
    return _parse_decoded(path, markdown.parse)


def _read_text(path: Path) -> ParsedBook:
    return _parse_decoded(path, text.parse)


def _parse_decoded(path: Path, parse: Callable[[str], ParsedBook]) -> ParsedBook:
    decoded = decode(path.read_bytes())
    parsed = parse(decoded.text)
    return replace(parsed, left_out=(*decoded.left_out, *parsed.left_out))


def _read_pdf(path: Path) -> ParsedBook:
    from plccoach_api.corpus.readers.pdf import reader  # noqa: PLC0415 - its library is large, and only PDFs need it

    return reader.read(path)


def _read_epub(path: Path) -> ParsedBook:
    from plccoach_api.corpus.readers.epub import reader  # noqa: PLC0415 - only EPUBs need its libraries

    return reader.read(path)


def _read_folder(path: Path) -> ParsedBook:
    return folder.read(path)


def _read_docx(path: Path) -> ParsedBook:
    from plccoach_api.corpus.readers.docx import reader  # noqa: PLC0415 - only DOCX files need its libraries

    return reader.read(path)


_READERS: Mapping[str, Callable[[Path], ParsedBook]] = {
    **dict.fromkeys(MARKDOWN_SUFFIXES, _read_markdown),
    ".txt": _read_text,
    ".pdf": _read_pdf,
    ".epub": _read_epub,
    ".docx": _read_docx,
}
SUFFIXES = frozenset(_READERS)


def read(path: Path) -> Book:
    """Raises UnreadableBook."""
    reader = _read_folder if is_book_folder(path) else _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableBook(f"its suffix is not one of {', '.join(sorted(SUFFIXES))}")
    try:
        if reader is not _read_folder:
            _check_file(path)
        return _book(reader(path), read_sidecar(path), _name(path))
    except OSError as error:
        raise UnreadableBook(f"it cannot be read: {error.strerror or type(error).__name__}") from error


def _check_file(path: Path) -> None:
    size = path.stat().st_size
    if not path.is_file():
        raise UnreadableBook("it is not a file")
    if size == 0:
        raise UnreadableBook("it is empty")


def _name(path: Path) -> str:
    """Returns the name of the file as words, for a book that does not say its title."""
    return (path.name if path.is_dir() else path.stem).replace("_", " ")


def _book(parsed: ParsedBook, sidecar: Sidecar, name: str) -> Book:
    title = _one_line(sidecar.title or real_title(parsed.title) or "")
    left_out = () if title else (LeftOut("nothing, but the title is the name of the file", 0, is_lost=False),)
    parsed_chapters = [chapter for chapter in parsed.chapters if chapter.paragraphs]
    chapters = tuple(chapter for each in parsed_chapters if (chapter := _normalized(each)).paragraphs)
    undecoded = sum(count_undecoded(each.text) for chapter in parsed_chapters for each in chapter.paragraphs)
    if undecoded:
        left_out = (*left_out, LeftOut("words with glyphs that have no letter", undecoded, is_lost=True))
    texts = (paragraph.text for chapter in chapters for paragraph in chapter.paragraphs if not paragraph.is_heading)
    if not any(map(str.isalnum, itertools.chain.from_iterable(texts))):
        raise UnreadableBook("it has no text")
    authors = real_authors(parsed.authors) if sidecar.authors is None else sidecar.authors
    year = parsed.year if sidecar.year is None else sidecar.year
    if year is not None and not 0 < year <= _LAST_YEAR:
        raise UnreadableBook(f"its year is {year}")
    return Book(
        title or _one_line(name),
        tuple(map(_one_line, authors)),
        year,
        chapters,
        sidecar.product_url,
        sidecar.edition or parsed.edition,
        (*parsed.left_out, *left_out),
    )


def _normalized(chapter: Chapter) -> Chapter:
    paragraphs = (normalize_paragraph(replace(each, text=encodable(each.text))) for each in chapter.paragraphs)
    return replace(chapter, title=_one_line(chapter.title), paragraphs=tuple(p for p in paragraphs if p.text.strip()))


def _one_line(text: str) -> str:
    return " ".join(normalize(encodable(text)).split())
