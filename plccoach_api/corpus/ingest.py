"""Ingests books one after the other. A book that cannot be read is reported, and the others are loaded."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plccoach_api import logs
from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.chunks import ChunkedBook, chunk_book
from plccoach_api.corpus.identity import identity_of
from plccoach_api.corpus.load import load
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.readers.read import SUFFIXES, read
from plccoach_api.corpus.report import Outcome, Report
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Connection
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.queries import corpora

_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """Callbacks for a progress bar. `advance` is called with the fraction of the file that is embedded."""

    start: Callable[[Path], None] = lambda _: None
    advance: Callable[[float], None] = lambda _: None
    finish: Callable[[Path], None] = lambda _: None


_NO_PROGRESS = IngestProgress()


def find_books(paths: Iterable[Path]) -> list[Path]:
    """Returns the files as they were named, and from each folder the files that have the suffix of a book."""
    books: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = (each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
            books += sorted(each for each in files if not each.name.startswith("."))
        else:
            books.append(path)
    return list(dict.fromkeys(books))


def dry_run(paths: Sequence[Path], embedder: Embedder, progress: IngestProgress) -> list[Report]:
    """Reports what an ingest would load. Reads the files, and needs no database."""
    return [_dry_run_file(path, embedder, progress) for path in paths]


def _dry_run_file(path: Path, embedder: Embedder, progress: IngestProgress) -> Report:
    progress.start(path)
    book = _read_and_chunk(path)
    progress.finish(path)
    return book if isinstance(book, Report) else Report.of(path, Outcome.readable, book, embedder)


async def ingest(
    database: str, paths: Sequence[Path], embedder: Embedder, progress: IngestProgress = _NO_PROGRESS
) -> list[Report]:
    """Raises EmbeddingUnavailable when the embedder fails. Books and vectors that were stored before that stay."""
    async with ingest_lock(database) as connection:
        vectors = await Vectors.of(connection, embedder)
        ingestion = _Ingestion(connection, vectors, embedder, progress)
        reports = [await ingestion.ingest_file(path) for path in paths]
        await vectors.complete(connection)
        await corpora.analyze(connection)
    return reports


async def ingest_without_vectors(database: str, paths: Sequence[Path]) -> None:
    """Loads books that are found by their words alone until a later ingest adds the vectors."""
    async with ingest_lock(database) as connection:
        for path in paths:
            await load(connection, chunk_book(read(path)), None)
        await corpora.analyze(connection)


class _Ingestion:
    """Remembers the books of its files, so that two files of the same book do not replace each other."""

    def __init__(self, connection: Connection, vectors: Vectors, embedder: Embedder, progress: IngestProgress) -> None:
        self._connection = connection
        self._vectors = vectors
        self._embedder = embedder
        self._progress = progress
        self._files: dict[bytes, Path] = {}

    async def ingest_file(self, path: Path) -> Report:
        self._progress.start(path)
        book = await asyncio.to_thread(_read_and_chunk, path)
        report = book if isinstance(book, Report) else await self._load(path, book)
        self._progress.finish(path)
        return report

    async def _load(self, path: Path, book: ChunkedBook) -> Report:
        other = self._files.setdefault(identity_of(book.book), path)
        if other != path:
            return _failed(
                path, f"{other.name} is the same book; a book.toml beside one of them can give it another edition"
            )
        embedded = 0

        def count_embedded(chunks: int) -> None:
            nonlocal embedded
            embedded += chunks
            self._progress.advance(embedded / max(1, len(book.chunks)))

        outcome, _ = await load(self._connection, book, self._vectors, count_embedded)
        if outcome is not Outcome.unchanged:
            _log.info("book loaded", title=book.book.title, chunks=len(book.chunks))
        return Report.of(path, outcome, book, self._embedder)


def _read_and_chunk(path: Path) -> ChunkedBook | Report:
    try:
        return chunk_book(read(path))
    except UnreadableBook as error:
        return _failed(path, str(error))


def _failed(path: Path, reason: str) -> Report:
    _log.warning("book not loaded", file=path.name, reason=reason)
    return Report(path=str(path), outcome=Outcome.failed, reason=reason)
