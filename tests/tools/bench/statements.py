"""The service's SQL texts, with the placeholders of the programs that it is compared with."""

from collections.abc import Mapping
from typing import Any

from pgvector import HalfVector

from plccoach_api.coach.retrieval.passages import SearchOptions
from plccoach_api.embedding.local import LOCAL
from tests import statements
from tests.statements import PLACEHOLDER, STATEMENTS

TEXTS: Mapping[str, bytes] = {statement.name: statement.text for statement in STATEMENTS}


def numbered(name: str) -> tuple[str, tuple[str, ...]]:
    """Returns the text with `$1` for the first name, as asyncpg requires, and the names in that order."""
    return statements.numbered(TEXTS[name].decode())


def filled(name: str, expressions: Mapping[str, str]) -> str:
    """Returns the text with an SQL expression for each name, as a line of a pgbench script."""
    return PLACEHOLDER.sub(lambda match: expressions[match[1]], TEXTS[name].decode()) + ";"


async def nearest_parameters(question: str) -> dict[str, Any]:
    """Returns the parameters of embeddings/nearest."""
    embedding = HalfVector([*await LOCAL.embed_question(question)])
    return {
        "provider": LOCAL.provider,
        "model": LOCAL.model,
        "dimensions": embedding.dimensions(),
        "embedding": embedding,
    }


def search_parameters(question: str, embedding: HalfVector, found: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the parameters of chunks/search without domains, from the row of embeddings/nearest."""
    options = SearchOptions()
    return {
        "question": question,
        "embedding": embedding,
        "set_id": found["id"],
        "nearest": found["nearest"],
        "domains": [],
        "book_ids": None,
        "lexical_weight": options.lexical_weight,
        "vector_weight": options.vector_weight,
        "domain_boost": options.domain_boost,
        "limit": options.limit,
        "token_limit": options.token_limit,
    }
