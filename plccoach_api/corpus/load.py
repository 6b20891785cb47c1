"""Puts books into the database: a book whose text is there already changes nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from plccoach_api import ids, logs
from plccoach_api.corpus.book import Book
from plccoach_api.corpus.read import read
from plccoach_api.corpus.split import split
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import books, chunks

_log = logs.get_logger(__name__)


async def load(database: Database, paths: Iterable[Path]) -> None:
    """Each book in one transaction, so that questions are answered from the old text or the new, never from half.

    Raises UnreadableBook.
    """
    for path in paths:
        book = read(path)
        async with database.transaction() as connection:
            loaded = await _replace(connection, book)
        if loaded:
            _log.info("book loaded", title=book.title, chunks=loaded)


async def _replace(connection: Connection, book: Book) -> int:
    """How many chunks were loaded. Of two processes with the same book, the second waits for the first."""
    book_id = await books.replace(
        connection,
        id=ids.new(),
        title=book.title,
        authors=book.authors,
        year=book.year,
        content_hash=sha256(msgspec.json.encode(book)).digest(),
        now=datetime.now(UTC),
    )
    if book_id is None:
        return 0
    await chunks.delete_for_book(connection, book_id=book_id)
    passages = list(split(book))
    return await chunks.create_all(
        connection,
        book_id=book_id,
        ids=[ids.new() for _ in passages],
        positions=list(range(len(passages))),
        chapters=[passage.chapter for passage in passages],
        chapter_titles=[passage.chapter_title for passage in passages],
        first_pages=[passage.first_page for passage in passages],
        last_pages=[passage.last_page for passage in passages],
        contents=[passage.content for passage in passages],
    )
