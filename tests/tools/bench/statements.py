"""The service's SQL texts, with the placeholders of the programs that it is compared with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from plccoach_api.coach.retrieval.passages import Search
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.embeddings import as_text
from tests import statements
from tests.statements import PLACEHOLDER, STATEMENTS

TEXTS: Mapping[str, bytes] = {statement.name: statement.text for statement in STATEMENTS}


def numbered(name: str) -> tuple[str, tuple[str, ...]]:
    """Returns the text with `$1` for the first name, as asyncpg requires, and the names in that order."""
    return statements.numbered(TEXTS[name].decode())


def filled(name: str, expressions: Mapping[str, str]) -> str:
    """Returns the text with an SQL expression for each name, as a line of a pgbench script."""
    return PLACEHOLDER.sub(lambda match: expressions[match[1]], TEXTS[name].decode()) + ";"


# The only set is that of the embedder that ships with the service.
SET = "SELECT id FROM embedding_sets"


async def searching(question: str, set_id: UUID) -> dict[str, Any]:
    """Returns the parameters that the service gives its search for passages, without domains."""
    how = Search()
    return {
        "question": question,
        "set_id": set_id,
        "embedding": as_text(await LOCAL.embed_question(question)),
        "domains": [],
        "lexical_weight": how.lexical_weight,
        "vector_weight": how.vector_weight,
        "domain_boost": how.domain_boost,
        "limit": how.limit,
        "token_limit": how.token_limit,
    }
