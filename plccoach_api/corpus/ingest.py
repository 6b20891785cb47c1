"""Ingests books one after the other. A book that cannot be read is reported, and the others are loaded."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from plccoach_api import logs
from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.chunks import ChunkedBook, chunk_book
from plccoach_api.corpus.identity import identity_of
from plccoach_api.corpus.load import load
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.readers.folder_outline.reader import is_book_folder, is_folder
from plccoach_api.corpus.readers.read import SUFFIXES, read
from plccoach_api.corpus.reading_process import read_in_process
from plccoach_api.corpus.report import Outcome, Report, shortfall
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Connection
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.queries import corpora, weights

_log = logs.get_logger(__name__)

ReadBook = Callable[[Path], Awaitable[ChunkedBook]]
"""Raises UnreadableBook."""


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """Callbacks for a progress bar.

    `wait` is called when another ingest has to end first, and `advance` with the fraction of the file that is embedded.
    """

    wait: Callable[[], None] = lambda: None
    start: Callable[[Path], None] = lambda _: None
    read: Callable[[Book], None] = lambda _: None
    advance: Callable[[float], None] = lambda _: None
    finish: Callable[[Path], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """`accept` loads a book although most of its text could not be read."""

    accept: bool = False
    read: ReadBook = read_in_process
    progress: IngestProgress = field(default_factory=IngestProgress)


_DEFAULT = IngestOptions()


async def read_trusted(path: Path) -> ChunkedBook:
    """Reads a book that we wrote ourselves: without a process of its own, and without limits."""
    return chunk_book(read(path))


async def dry_run(paths: Sequence[Path], options: IngestOptions = _DEFAULT) -> list[Report]:
    """Reports what an ingest would load. Reads the files, and needs no database."""
    reading = _Reading(options)
    reports = []
    for path in paths:
        options.progress.start(path)
        book = await reading.read(path)
        reports.append(book if isinstance(book, Report) else Report.of(path, Outcome.readable, book))
        options.progress.finish(path)
    return reports


async def ingest(
    database: str, paths: Sequence[Path], embedder: Embedder, options: IngestOptions = _DEFAULT
) -> list[Report]:
    """Raises EmbeddingUnavailable when the embedder fails. Books and vectors that were stored before that stay."""
    async with ingest_lock(database, options.progress.wait) as connection:
        vectors = await Vectors.of(connection, embedder)
        reading = _Reading(options)
        reports = []
        for path in paths:
            options.progress.start(path)
            book = await reading.read(path)
            reports.append(
                book if isinstance(book, Report) else await _load(connection, vectors, path, book, options.progress)
            )
            options.progress.finish(path)
        await vectors.complete(connection)
        await _complete_weights(connection)
        try:
            await vectors.add_windows(connection)
        finally:
            await corpora.analyze(connection)
    return reports


async def ingest_without_vectors(database: str, paths: Sequence[Path]) -> None:
    """Loads books of ours that are found by their words alone until a later ingest adds the vectors."""
    async with ingest_lock(database) as connection:
        for path in paths:
            await load(connection, await read_trusted(path), None)
        await _complete_weights(connection)
        await corpora.analyze(connection)


class _Reading:
    """Reads the files of one run. Two files that are the same book do not replace each other."""

    def __init__(self, options: IngestOptions) -> None:
        self._options = options
        self._books: dict[object, tuple[Path, bytes]] = {}

    async def read(self, path: Path) -> ChunkedBook | Report:
        """Returns the report of a book that must not be loaded."""
        try:
            refuse_folder(path)
            book = await self._options.read(path)
        except UnreadableBook as error:
            _log.warning("book not loaded", file=path.name, reason=str(error))
            return Report.failed(path, str(error))
        self._options.progress.read(book.book)
        if reason := self._refusal(path, book):
            _log.warning("book not loaded", file=path.name, reason=reason)
            return Report.of(path, Outcome.failed, book, reason=reason)
        return book

    def _refusal(self, path: Path, book: ChunkedBook) -> str | None:
        if not self._options.accept and (reason := shortfall(book.book)):
            return reason
        other, content_hash = self._books.setdefault(identity_of(book.book), (path, book.content_hash))
        # A copy of a file is loaded again, which changes nothing.
        if content_hash == book.content_hash:
            return None
        return (
            f"it is the same book as {other.name} in this run, by title, authors and edition; "
            "a book.toml beside one of them can change that"
        )


def refuse_folder(path: Path) -> None:
    """Raises UnreadableBook for a folder that is not one book."""
    if is_folder(path) and not is_book_folder(path):
        raise UnreadableBook(f"no book is in this folder; {', '.join(sorted(SUFFIXES))} can be read")


async def _load(
    connection: Connection, vectors: Vectors, path: Path, book: ChunkedBook, progress: IngestProgress
) -> Report:
    embedded = 0

    def count_embedded(chunks: int) -> None:
        nonlocal embedded
        embedded += chunks
        progress.advance(embedded / max(1, len(book.chunks)))

    try:
        outcome, book_id = await load(connection, book, vectors, count_embedded)
    except (psycopg.DataError, psycopg.IntegrityError, UnicodeEncodeError) as error:
        _log.exception("book not loaded", file=path.name)
        return Report.of(path, Outcome.failed, book, reason=f"the database refused it ({type(error).__name__})")
    if outcome is not Outcome.unchanged:
        _log.info("book loaded", title=book.book.title, chunks=len(book.chunks))
    return Report.of(path, outcome, book, book_id=book_id)


async def _complete_weights(connection: Connection) -> None:
    """Weighs all passages again if an older version of the service has loaded a book since the last ingest."""
    if not await weights.is_complete(connection):
        await weights.create(connection, book_id=None)
