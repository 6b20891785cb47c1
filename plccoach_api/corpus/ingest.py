"""Brings books in, one after the other; what is wrong with one keeps no other out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plccoach_api import logs
from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.load import ChunkedBook, Outcome, chunk_book, load
from plccoach_api.corpus.read import SUFFIXES, read
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.locks import Lock
from plccoach_api.database.pool import Connection
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.queries import corpora
from plccoach_api.rules.pricing import KNOWN_PRICES, priced_usage

_log = logs.get_logger(__name__)

_POLL_SECONDS = 0.1


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file."""

    path: str
    outcome: str
    title: str | None = None
    chapters: int = 0
    chunks: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """Who watches: what is read now, and the share of it that is done."""

    begin: Callable[[Path], None] = lambda _: None
    share: Callable[[float], None] = lambda _: None
    end: Callable[[Path], None] = lambda _: None


def files(paths: Iterable[Path]) -> list[Path]:
    """Those named, and of folders the books in them, whatever else lies there."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
            found += sorted(each for each in inside if not each.name.startswith("."))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def dry_run(paths: Sequence[Path], embedder: Embedder, progress: IngestProgress) -> list[Report]:
    """What an ingest would bring in, read from the files alone."""
    return [_tried(path, embedder, progress) for path in paths]


def _tried(path: Path, embedder: Embedder, progress: IngestProgress) -> Report:
    progress.begin(path)
    book = _chunk(path)
    progress.end(path)
    return book if isinstance(book, Report) else _report(path, "readable", book, embedder)


_UNWATCHED = IngestProgress()


async def ingest(
    database: str, paths: Sequence[Path], embedder: Embedder, progress: IngestProgress = _UNWATCHED
) -> list[Report]:
    """Raises Unavailable when the passages cannot be embedded; what was stored by then stays."""
    async with ingest_lock(database) as connection:
        vectors = await Vectors.of(connection, embedder)
        run = _Run(connection, vectors, embedder, progress)
        reports = [await run.bring(path) for path in paths]
        await vectors.complete(connection)
        await corpora.analyze(connection)
    return reports


async def ingest_words(database: str, paths: Sequence[Path]) -> None:
    """The same without vectors: passages are found by their words until an ingest makes up for it."""
    async with ingest_lock(database) as connection:
        for path in paths:
            await load(connection, chunk_book(read(path)), None)
        await corpora.analyze(connection)


class _Run:
    """One ingest, and the titles that came in with it."""

    def __init__(self, connection: Connection, vectors: Vectors, embedder: Embedder, progress: IngestProgress) -> None:
        self._connection = connection
        self._vectors = vectors
        self._embedder = embedder
        self._progress = progress
        self._titles: dict[str, Path] = {}

    async def bring(self, path: Path) -> Report:
        self._progress.begin(path)
        book = await asyncio.to_thread(_chunk, path)
        report = book if isinstance(book, Report) else await self._load(path, book)
        self._progress.end(path)
        return report

    async def _load(self, path: Path, book: ChunkedBook) -> Report:
        other = self._titles.setdefault(book.book.title, path)
        if other != path:
            return _failed(path, f"{other.name} has the same title; a book.toml beside one of them can tell them apart")
        done = 0

        def embedded(passages: int) -> None:
            nonlocal done
            done += passages
            self._progress.share(done / max(1, len(book.chunks)))

        outcome = await load(self._connection, book, self._vectors, embedded)
        if outcome is not Outcome.unchanged:
            _log.info("book loaded", title=book.book.title, chunks=len(book.chunks))
        return _report(path, outcome.value, book, self._embedder)


def _chunk(path: Path) -> ChunkedBook | Report:
    try:
        return chunk_book(read(path))
    except UnreadableBook as error:
        return _failed(path, str(error))


def _failed(path: Path, reason: str) -> Report:
    _log.warning("book not loaded", file=path.name, reason=reason)
    return Report(path=str(path), outcome="failed", reason=reason)


def _report(path: Path, outcome: str, book: ChunkedBook, embedder: Embedder) -> Report:
    return Report(
        path=str(path),
        outcome=outcome,
        title=book.book.title,
        chapters=len(book.book.chapters),
        chunks=len(book.chunks),
        tokens=book.tokens,
        cost_usd=0.0 if outcome == Outcome.unchanged else _cost(embedder, book.tokens),
    )


def _cost(embedder: Embedder, tokens: int) -> float | None:
    """About so many dollars: another model's tokens are a few more or less. None when nobody told us the price."""
    if not embedder.is_billed:
        return 0.0
    cost = priced_usage(KNOWN_PRICES, embedder.model, tokens, 0).cost_usd
    return None if cost is None else round(float(cost), 6)


@asynccontextmanager
async def ingest_lock(database: str) -> AsyncIterator[Connection]:
    """A connection that may take its time, while no other ingest runs: the second finds the first's work done.

    It polls, as migrations do.
    """
    async with await Connection.connect(
        database, autocommit=True, application_name="plccoach-api ingest", options="-c timezone=UTC"
    ) as connection:
        while not await _locked(connection):  # noqa: ASYNC110 - another process's lock sets no event of ours
            await asyncio.sleep(_POLL_SECONDS)
        yield connection


async def _locked(connection: Connection) -> bool:
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (Lock.ingest.value,))
    row = await cursor.fetchone()
    return row is not None and row[0]
