"""`plccoach-api books`: lists, shows, removes and replaces the books of the corpus."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import rich_click as click
from rich.table import Table

from plccoach_api import settings as settings_module
from plccoach_api.commands.book_change import Plan, change_book
from plccoach_api.commands.confirmation import yes_option
from plccoach_api.commands.database import with_database
from plccoach_api.commands.errors import CommandError
from plccoach_api.commands.ingest import check_books
from plccoach_api.commands.output import cell, make_console, write_json
from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.chunks import ChunkedBook
from plccoach_api.corpus.identity import identity_of
from plccoach_api.corpus.ingest import refuse_folder
from plccoach_api.corpus.load import load, remove
from plccoach_api.corpus.reading_process import ReadingLimits, read_in_process
from plccoach_api.corpus.report import Outcome, shortfall
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Connection, Database
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable
from plccoach_api.logs.printable import printable
from plccoach_api.queries import books, chunks, citations, corpora
from plccoach_api.queries.books import BookSize
from plccoach_api.settings import Settings

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_as_json_unasked = click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and ask nothing.")
_book_id = click.argument("book_id", metavar="ID", type=click.UUID)


@click.group("books")
def commands() -> None:
    """Manage the books of the corpus."""


commands.add_command(check_books)


@commands.command("list")
@_as_json
def list_books(*, as_json: bool) -> None:
    """List the books, by title."""

    async def list_all(database: Database) -> list[BookSize]:
        return await database.run_idempotent(books.list_loaded, id=None)

    rows = with_database(list_all)
    if as_json:
        write_json([_summary(row) for row in rows])
    else:
        make_console().print(_table(rows))


@commands.command("show")
@_book_id
@_as_json
def show(book_id: UUID, *, as_json: bool) -> None:
    """Show a book with its chapters."""

    async def get(database: Database) -> BookSize:
        return await database.run_idempotent(_get, book_id=book_id)

    book = with_database(get)
    if as_json:
        write_json(book)
    else:
        console = make_console()
        console.print(_table([book]))
        for chapter in book.chapters:
            number = "" if chapter.number is None else f"{chapter.number} "
            console.print(cell(f"  {number}{chapter.title}"))


@commands.command("remove")
@_book_id
@yes_option
@_as_json_unasked
def remove_book(book_id: UUID, *, yes: bool, as_json: bool) -> None:
    """Remove a book. The passages that answers cite stay readable; the others are deleted within a day or two."""

    async def plan(connection: Connection) -> Plan:
        book = await _get(connection, book_id=book_id)
        return Plan(book, f"removes {_name(book)} ({_passages(book)})")

    async def work(connection: Connection, book: BookSize) -> BookSize:
        await remove(connection, book_id)
        await corpora.analyze(connection)
        return book

    book = change_book(plan, work, yes=yes, as_json=as_json)
    if as_json:
        write_json(_summary(book))
    else:
        click.echo(f"removed; {_stay_readable(book.cited)}")


@commands.command("replace")
@_book_id
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option("--accept", is_flag=True, help="Load the file although less than half of its text could be read.")
@yes_option
@_as_json_unasked
def replace(book_id: UUID, path: Path, *, accept: bool, yes: bool, as_json: bool) -> None:
    """Replace a book by a file, also by another edition. It keeps its id, and cited passages stay readable."""
    settings = settings_module.load()
    new = _read(settings, path, accept=accept)
    embedder = make_embedder(settings)

    async def plan(connection: Connection) -> Plan:
        old = await _get(connection, book_id=book_id)
        await _refuse_other(connection, new, book_id)
        new_passages = _count(len(new.chunks), "passage")
        return Plan(old, f"replaces {_name(old)} ({_passages(old)}) with {_name(new.book)} ({new_passages})")

    async def work(connection: Connection, _old: BookSize) -> _Replacement:
        cited = await _cited_ids(connection, book_id)
        outcome = await _load(connection, new, embedder, book_id)
        left = cited - {each.id for each in await chunks.list_for_book(connection, book_id=book_id)}
        return _Replacement(outcome, await _get(connection, book_id=book_id), len(cited), len(left))

    done = change_book(plan, work, yes=yes, as_json=as_json)
    if as_json:
        summary = _summary(done.book) | {"cited": done.cited, "superseded": done.superseded}
        write_json({"outcome": done.outcome} | summary)
    elif done.outcome is Outcome.unchanged:
        click.echo("unchanged; the book has this text already")
    else:
        click.echo(f"replaced; {_stay_readable(done.superseded)}")


@dataclass(frozen=True, slots=True)
class _Replacement:
    """`cited` counts the passages of the old text that answers cite, and `superseded` those that the new text lacks."""

    outcome: Outcome
    book: BookSize
    cited: int
    superseded: int


def _read(settings: Settings, path: Path, *, accept: bool) -> ChunkedBook:
    try:
        refuse_folder(path)
        new = asyncio.run(read_in_process(path, ReadingLimits.of(settings)))
    except UnreadableBook as error:
        raise CommandError(printable(f"{path} cannot be read: {error}")) from None
    if not accept and (reason := shortfall(new.book)):
        raise CommandError(printable(f"{path} replaces nothing: {reason}"))
    return new


async def _refuse_other(connection: Connection, new: ChunkedBook, book_id: UUID) -> None:
    """Raises CommandError if the file is another book of the corpus."""
    known = await books.get_by_identity(connection, identity=identity_of(new.book))
    if known and known.id != book_id:
        raise CommandError(f"the file is the book {known.id}, which is in the corpus too; remove it first")


async def _load(connection: Connection, book: ChunkedBook, embedder: Embedder, replaced_id: UUID) -> Outcome:
    try:
        vectors = await Vectors.of(connection, embedder)
        loaded = await load(connection, book, vectors, replaced_id=replaced_id)
        await vectors.complete(connection)
        await vectors.add_windows(connection)
    except EmbeddingUnavailable as error:
        raise CommandError(f"{error}; run the command again to continue") from None
    await corpora.analyze(connection)
    return loaded.outcome


async def _get(connection: Connection, *, book_id: UUID) -> BookSize:
    found = await books.list_loaded(connection, id=book_id)
    if not found:
        raise CommandError(f"there is no book {book_id}")
    return found[0]


async def _cited_ids(connection: Connection, book_id: UUID) -> set[UUID]:
    passages = await chunks.list_for_book(connection, book_id=book_id)
    return {*await citations.list_cited(connection, chunk_ids=[each.id for each in passages])}


def _name(book: BookSize | Book) -> str:
    details = [", ".join(book.authors), book.edition, str(book.year) if book.year else None]
    named = f"“{book.title}”" + "".join(f", {each}" for each in details if each)
    return printable(named)


def _passages(book: BookSize) -> str:
    return f"{_count(book.passages, 'passage')}, {book.cited} of them cited in answers"


def _stay_readable(cited: int) -> str:
    stay = "stays readable, because an answer cites it" if cited == 1 else "stay readable, because answers cite them"
    return f"{_count(cited, 'passage')} of the old text {stay}" if cited else "no answer cites the old text"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _summary(book: BookSize) -> dict[str, Any]:
    return msgspec.structs.asdict(book) | {"chapters": len(book.chapters)}


def _table(rows: Sequence[BookSize]) -> Table:
    table = Table("id", "title", "authors", "year", "edition", box=None)
    for name in ("chapters", "passages", "tokens", "cited"):
        table.add_column(name, justify="right")
    for row in rows:
        texts = (row.title, ", ".join(row.authors), str(row.year or ""), row.edition or "")
        counts = map(str, (len(row.chapters), row.passages, row.tokens, row.cited))
        table.add_row(str(row.id), *map(cell, texts), *counts)
    return table
