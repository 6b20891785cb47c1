"""Stores a book in the database, or removes it. A book whose text is already stored is left unchanged.

The vectors are computed first, and each batch is staged at once, so an interrupted ingest
continues where it stopped. Then one transaction replaces the book's chunks, so that no search reads
a half-loaded book. A search that began before the commit may miss new passages that only their
meaning would find.

Passages that leave a book are retired in the same transaction: queries/retired_passages.py says why and for
how long. The caller holds the lock of corpus/lock.py, so no two books are stored at once.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from plccoach_api import ids
from plccoach_api.corpus.chunks import ChunkedBook
from plccoach_api.corpus.domain_labels import label_passages
from plccoach_api.corpus.identity import identity_of
from plccoach_api.corpus.report import Outcome
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Connection
from plccoach_api.queries import (
    acronyms,
    books,
    chapters,
    chunks,
    corpora,
    embeddings,
    planner,
    retired_passages,
    staged_embeddings,
    stems,
    weights,
    words,
)
from plccoach_api.queries.chunks import LoadedChunk, NewChunk
from plccoach_api.queries.corpora import PassageLength
from plccoach_api.rules import stems as stem_rules
from plccoach_api.rules.acronyms import acronyms_in

# BM25 compares a passage's length with the average. All weights are computed again only when the average has changed by
# more than this share. A smaller change hardly affects a ranking.
_TOLERATED_DRIFT = 0.05


class Loaded(NamedTuple):
    outcome: Outcome
    book_id: UUID


async def load(
    connection: Connection,
    book: ChunkedBook,
    vectors: Vectors | None,
    progress: Callable[[int], None] = lambda _: None,
    *,
    replaced_id: UUID | None = None,
) -> Loaded:
    """Stores a book in the place of the one with the same identity, or beside the others.

    `replaced_id` names the book to replace, also by another title or edition; no other book may have the identity of
    the new one. Calls `progress` with the size of each batch of chunks that was embedded. Raises EmbeddingUnavailable.
    """
    known = await books.get_by_identity(connection, identity=identity_of(book.book))
    if known and known.content_hash == book.content_hash:
        return Loaded(Outcome.unchanged, known.id)
    old_id = known.id if known else replaced_id
    if vectors:
        texts = dict(zip(book.hashes, (chunk.content for chunk in book.chunks), strict=True))
        await vectors.stage(connection, texts, old_id, progress)
    async with connection.transaction():
        await planner.set_sequential_shards(connection)
        book_id = await _store(connection, book, old_id)
    return Loaded(Outcome.replaced if old_id else Outcome.loaded, book_id)


async def remove(connection: Connection, book_id: UUID) -> None:
    """Removes a book. Its passages stay readable as long as an answer cites them."""
    async with connection.transaction():
        await planner.set_sequential_shards(connection)
        length = await _take_out(connection, book_id, (), datetime.now(UTC))
        await books.delete(connection, id=book_id)
        if _has_drifted(length):
            await _weigh_all(connection, length)


async def _store(connection: Connection, book: ChunkedBook, old_id: UUID | None) -> UUID:
    """Stores a new book, or the new text of an old one."""
    book_id, identity, now = old_id or ids.new(), identity_of(book.book), datetime.now(UTC)
    old = await chunks.list_for_book(connection, book_id=book_id)
    retired = await retired_passages.list_for_texts(connection, book_identity=identity, content_hashes=book.hashes)
    chunk_ids = _chunk_ids(book.hashes, [*old, *retired])
    if old_id:
        # Deleting the chapters deletes their chunks and embeddings, so the embeddings are staged for reuse before.
        await staged_embeddings.create_for_book(connection, book_id=book_id)
        await _take_out(connection, book_id, chunk_ids, now)
        await chapters.delete_for_book(connection, book_id=book_id)
    store = books.update if old_id else books.create
    await store(
        connection,
        id=book_id,
        identity=identity,
        title=book.book.title,
        authors=book.book.authors,
        year=book.book.year,
        edition=book.book.edition,
        product_url=book.book.product_url,
        content_hash=book.content_hash,
        now=now,
    )
    await _load_chunks(connection, book, book_id, chunk_ids)
    await retired_passages.delete(connection, chunk_ids=chunk_ids)
    await embeddings.create_from_staged(connection, book_id=book_id)
    await staged_embeddings.delete(connection, content_hashes=[*{*book.hashes, *(each.content_hash for each in old)}])
    await _add_words(connection, book_id)
    await _load_acronyms(connection, book, book_id)
    return book_id


async def _take_out(
    connection: Connection, book_id: UUID, remaining_ids: Sequence[UUID], now: datetime
) -> PassageLength:
    """Retires a book's passages and subtracts their words from the statistics, before they are deleted."""
    await retired_passages.create_for_book(connection, book_id=book_id, remaining_ids=remaining_ids, now=now)
    await stems.remove_for_book(connection, book_id=book_id)
    await words.remove_for_book(connection, book_id=book_id)
    return await corpora.remove_for_book(connection, book_id=book_id)


def _chunk_ids(hashes: Iterable[bytes], known: Iterable[LoadedChunk]) -> list[UUID]:
    """A passage whose text did not change, or that has come back, keeps its id, so that citations still find it."""
    known_ids: defaultdict[bytes, deque[UUID]] = defaultdict(deque)
    for chunk in known:
        known_ids[chunk.content_hash].append(chunk.id)
    return [known_ids[each].popleft() if known_ids[each] else ids.new() for each in hashes]


async def _load_chunks(connection: Connection, book: ChunkedBook, book_id: UUID, chunk_ids: Sequence[UUID]) -> None:
    chapter_ids = [ids.new() for _ in book.book.chapters]
    rows = zip(chapter_ids, book.book.chapters, strict=True)
    await chapters.load(
        connection, [(id_, book_id, position, each.number, each.title) for position, (id_, each) in enumerate(rows)]
    )
    await chunks.load(connection, [*_new_chunks(book, book_id, chapter_ids, chunk_ids)])


def _new_chunks(
    book: ChunkedBook, book_id: UUID, chapter_ids: Sequence[UUID], chunk_ids: Sequence[UUID]
) -> Iterator[NewChunk]:
    labels = label_passages([(book.book.chapters[chunk.chapter].title, chunk.content) for chunk in book.chunks])
    for position, (chunk, content_hash) in enumerate(zip(book.chunks, book.hashes, strict=True)):
        pages = [each.page for each in chunk.page_starts]
        yield NewChunk(
            id=chunk_ids[position],
            book_id=book_id,
            chapter_id=chapter_ids[chunk.chapter],
            position=position,
            first_page=min(pages, default=None),
            last_page=max(pages, default=None),
            page_offsets=[each.offset for each in chunk.page_starts],
            page_numbers=pages,
            primary_domain=labels[position].primary,
            secondary_domains=[*labels[position].secondary],
            tokens=chunk.tokens,
            content=chunk.content,
            content_hash=content_hash,
        )


async def _add_words(connection: Connection, book_id: UUID) -> None:
    await stems.add_for_book(connection, book_id=book_id)
    await words.add_for_book(connection, book_id=book_id)
    length = await corpora.add_for_book(connection, book_id=book_id)
    if _has_drifted(length):
        await _weigh_all(connection, length)
    else:
        await weights.create(connection, book_id=book_id)


async def _load_acronyms(connection: Connection, book: ChunkedBook, book_id: UUID) -> None:
    await acronyms.delete_for_book(connection, book_id=book_id)
    explained = {
        (acronym, " ".join(stem_rules.stems(expansion))): expansion
        for acronym, expansion in acronyms_in(chunk.content for chunk in book.chunks)
    }
    await acronyms.load(
        connection, [(book_id, acronym, expansion, stems) for (acronym, stems), expansion in explained.items()]
    )


def _has_drifted(length: PassageLength) -> bool:
    return abs(length.average_length - length.weighed_with) > _TOLERATED_DRIFT * length.weighed_with


async def _weigh_all(connection: Connection, length: PassageLength) -> None:
    await corpora.update_average(connection, average_length=length.average_length)
    await weights.create(connection, book_id=None)
