"""Words: the vocabulary of the corpus as it is written, which corrects the spelling of a question."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, execute, one, rows


class ExplainedAcronym(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An acronym with one of its expansions, and the stems of the expansion."""

    acronym: str
    expansion: str
    stems: str


class QuestionWords(Row, frozen=True):
    unknown_words: tuple[str, ...]
    known_spellings: tuple[str, ...]
    explained: tuple[ExplainedAcronym, ...]


class SimilarWord(Row, frozen=True):
    word: str
    chunks: int


@execute
async def add_for_book(connection: Connection, *, book_id: UUID) -> int: ...


@execute
async def remove_for_book(connection: Connection, *, book_id: UUID) -> int: ...


@one
async def get_for_question(
    connection: Connection,
    *,
    words: Sequence[str],
    spellings: Sequence[str],
    acronyms: Sequence[str],
    phrases: Sequence[str],
    asks_for_meaning: bool,
) -> QuestionWords:
    """Takes the words in small letters, the words that may be acronyms, and the stems of each run of words."""


@rows
async def list_similar(connection: Connection, *, word: str) -> list[SimilarWord]: ...
