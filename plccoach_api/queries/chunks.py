"""Chunks: the passages of the corpus, loaded by book and found by question."""

from collections.abc import Mapping, Sequence
from types import NoneType
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement


class Passage(Row, frozen=True):
    """A chunk found for a question.

    `weights` are the question's words as stems, each with how much it tells (its inverse document
    frequency); `coverage` is the share of their sum that this passage holds, from 0 to 1.
    """

    chunk_id: UUID
    book_title: str
    authors: tuple[str, ...]
    product_url: str | None
    chapter: int | None
    chapter_title: str
    first_page: int | None
    last_page: int | None
    content: str
    coverage: float
    weights: Mapping[str, float]


_delete_for_book = Statement("chunks/delete_for_book", NoneType)
_create_all = Statement("chunks/create_all", NoneType)
_search = Statement("chunks/search", Passage)


async def delete_for_book(connection: Connection, *, book_id: UUID) -> int:
    return await _delete_for_book.execute(connection, book_id=book_id)


async def create_all(
    connection: Connection,
    *,
    book_id: UUID,
    ids: Sequence[UUID],
    positions: Sequence[int],
    chapters: Sequence[int | None],
    chapter_titles: Sequence[str],
    first_pages: Sequence[int | None],
    last_pages: Sequence[int | None],
    contents: Sequence[str],
) -> int:
    return await _create_all.execute(
        connection,
        book_id=book_id,
        ids=ids,
        positions=positions,
        chapters=chapters,
        chapter_titles=chapter_titles,
        first_pages=first_pages,
        last_pages=last_pages,
        contents=contents,
    )


async def search(connection: Connection, *, question: str, limit: int) -> list[Passage]:
    return await _search.all(connection, question=question, limit=limit)
