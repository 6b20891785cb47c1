"""Chunks: the passages of the corpus, loaded by book and searched by question."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from pgvector import HalfVector

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, copy, rows
from plccoach_api.rules.domains import Domain


class Passage(Row, frozen=True):
    """A chunk that a search returned.

    `weights` maps each stem of the question to its inverse document frequency. `found_stems` are those
    that the passage has. `similarity` is the inner product of the question's vector and that of the
    passage's best window, or of the passage if it has no windows: at most 1; None without vectors.
    `best_window` is the span of that window.
    Each of the `page_numbers` begins at its offset in the text. Both are None for a passage that
    was loaded before there were offsets.
    """

    chunk_id: UUID
    book_title: str
    authors: tuple[str, ...]
    product_url: str | None
    chapter: int | None
    chapter_title: str
    first_page: int | None
    last_page: int | None
    page_offsets: tuple[int, ...] | None
    page_numbers: tuple[int, ...] | None
    primary_domain: Domain
    secondary_domains: tuple[Domain, ...]
    tokens: int
    content: str
    score: float
    similarity: float | None
    best_window: tuple[int, int] | None
    found_stems: tuple[str, ...]
    weights: Mapping[str, float]
    corpus_passages: int


class NewChunk(NamedTuple):
    """A passage to load, in the order of the statement's columns."""

    id: UUID
    book_id: UUID
    chapter_id: UUID
    position: int
    first_page: int | None
    last_page: int | None
    page_offsets: list[int]
    page_numbers: list[int]
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


@copy
async def load(connection: Connection, rows: Iterable[NewChunk]) -> int: ...


@rows
async def list_for_book(connection: Connection, *, book_id: UUID) -> list[LoadedChunk]: ...


@rows
async def list_unembedded(connection: Connection, *, set_id: UUID, after: UUID, limit: int) -> list[Unembedded]: ...


@rows
async def list_unwindowed(connection: Connection, *, set_id: UUID, after: UUID, limit: int) -> list[Unembedded]: ...


@rows
async def search(
    connection: Connection,
    *,
    question: str,
    set_id: UUID | None,
    embedding: HalfVector | None,
    nearest: str,
    domains: Sequence[Domain],
    book_ids: Sequence[UUID] | None,
    lexical_weight: float,
    vector_weight: float,
    domain_boost: float,
    limit: int,
    token_limit: int,
) -> list[Passage]:
    """Returns the best passages. `nearest` is the text from embeddings.nearest; `embedding` is the question's."""


@rows
async def list_for_part(
    connection: Connection,
    *,
    book_id: UUID,
    chapter_id: UUID | None,
    first_page: int | None,
    last_page: int | None,
    limit: int,
) -> list[Passage]: ...


@rows
async def list_openings(connection: Connection, *, book_id: UUID, limit: int) -> list[Passage]: ...
