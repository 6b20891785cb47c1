"""Finds the books of a question to one book or author, which are the only ones to search."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from plccoach_api.database.pool import Database
from plccoach_api.queries import books
from plccoach_api.rules.questions.sources import asked_source, is_source


class Source(msgspec.Struct, frozen=True):
    book_ids: tuple[UUID, ...]
    asked: str
    """The question without its source."""


async def find_source(database: Database, question: str, book_ids: Sequence[UUID] | None) -> Source | None:
    """Returns None for a question that names no loaded book and no author.

    A question of another form costs no statement.
    """
    asked = asked_source(question)
    if asked is None:
        return None
    outlines = await database.run_on_replica(books.list_outlines, book_ids=book_ids)
    own = tuple(book.id for book in outlines if is_source(asked.source, book.title, book.authors))
    return Source(own, asked.asked) if own else None
