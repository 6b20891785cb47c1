"""Chunks: the passages of the corpus, loaded by book and found by question."""

from collections.abc import Iterable, Mapping, Sequence
from types import NoneType
from typing import NamedTuple
from uuid import UUID

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement
from plccoach_api.rules.domains import Domain


class Passage(Row, frozen=True):
    """A chunk found for a question.

    `weights` are the question's words as stems, each with how much it tells (its inverse document
    frequency); `coverage` is the share of their sum that this passage holds, from 0 to 1.
    `similarity` is how near its meaning is to the question's, at most 1; None without vectors.
    """

    chunk_id: UUID
    book_title: str
    authors: tuple[str, ...]
    product_url: str | None
    chapter: int | None
    chapter_title: str
    first_page: int | None
    last_page: int | None
    primary_domain: Domain
    secondary_domains: tuple[Domain, ...]
    tokens: int
    content: str
    score: float
    similarity: float | None
    coverage: float
    weights: Mapping[str, float]


class NewChunk(NamedTuple):
    """A passage to load, in the order of the statement's columns."""

    id: UUID
    book_id: UUID
    chapter_id: UUID
    position: int
    first_page: int | None
    last_page: int | None
    primary_domain: Domain
    secondary_domains: list[Domain]
    tokens: int
    content: str
    content_hash: bytes


class LoadedChunk(Row, frozen=True):
    id: UUID
    content_hash: bytes


class Unembedded(Row, frozen=True):
    id: UUID
    content: str


_load = Statement("chunks/load", NoneType)
_list_for_book = Statement("chunks/list_for_book", LoadedChunk)
_list_unembedded = Statement("chunks/list_unembedded", Unembedded)
_search = Statement("chunks/search", Passage)
_search_256 = Statement("chunks/search_256", Passage)
_search_1536 = Statement("chunks/search_1536", Passage)
_search_3072 = Statement("chunks/search_3072", Passage)
_get_content = Statement("chunks/get_content", str)


async def load(connection: Connection, rows: Iterable[NewChunk]) -> int:
    return await _load.load(connection, rows)


async def list_for_book(connection: Connection, *, book_id: UUID) -> list[LoadedChunk]:
    return await _list_for_book.all(connection, book_id=book_id)


async def list_unembedded(connection: Connection, *, set_id: UUID, limit: int) -> list[Unembedded]:
    return await _list_unembedded.all(connection, set_id=set_id, limit=limit)


async def search(
    connection: Connection,
    *,
    question: str,
    set_id: UUID | None,
    embedding: str | None,
    domains: Sequence[Domain],
    lexical_weight: float,
    vector_weight: float,
    domain_boost: float,
    limit: int,
    token_limit: int,
) -> list[Passage]:
    """`embedding` is the question's vector as PostgreSQL reads it. Those below look by an index, this one at all."""
    return await _search.all(
        connection,
        question=question,
        set_id=set_id,
        embedding=embedding,
        domains=[*domains],
        lexical_weight=lexical_weight,
        vector_weight=vector_weight,
        domain_boost=domain_boost,
        limit=limit,
        token_limit=token_limit,
    )


async def search_256(
    connection: Connection,
    *,
    question: str,
    set_id: UUID | None,
    embedding: str | None,
    domains: Sequence[Domain],
    lexical_weight: float,
    vector_weight: float,
    domain_boost: float,
    limit: int,
    token_limit: int,
) -> list[Passage]:
    return await _search_256.all(
        connection,
        question=question,
        set_id=set_id,
        embedding=embedding,
        domains=[*domains],
        lexical_weight=lexical_weight,
        vector_weight=vector_weight,
        domain_boost=domain_boost,
        limit=limit,
        token_limit=token_limit,
    )


async def search_1536(
    connection: Connection,
    *,
    question: str,
    set_id: UUID | None,
    embedding: str | None,
    domains: Sequence[Domain],
    lexical_weight: float,
    vector_weight: float,
    domain_boost: float,
    limit: int,
    token_limit: int,
) -> list[Passage]:
    return await _search_1536.all(
        connection,
        question=question,
        set_id=set_id,
        embedding=embedding,
        domains=[*domains],
        lexical_weight=lexical_weight,
        vector_weight=vector_weight,
        domain_boost=domain_boost,
        limit=limit,
        token_limit=token_limit,
    )


async def search_3072(
    connection: Connection,
    *,
    question: str,
    set_id: UUID | None,
    embedding: str | None,
    domains: Sequence[Domain],
    lexical_weight: float,
    vector_weight: float,
    domain_boost: float,
    limit: int,
    token_limit: int,
) -> list[Passage]:
    return await _search_3072.all(
        connection,
        question=question,
        set_id=set_id,
        embedding=embedding,
        domains=[*domains],
        lexical_weight=lexical_weight,
        vector_weight=vector_weight,
        domain_boost=domain_boost,
        limit=limit,
        token_limit=token_limit,
    )


async def get_content(connection: Connection, *, id: UUID) -> str | None:
    return await _get_content.one_or_none(connection, id=id)
