"""What may be done with the vectors of a model."""

from array import array
from collections.abc import Sequence
from enum import StrEnum


class SetState(StrEnum):
    """While it loads a set is not searched; ready, every passage has its vector in it."""

    loading = "loading"
    ready = "ready"


# Looking at every vector is exact, and quick enough for so many.
EXACT = 50_000

# Lengths of vectors that have a statement which uses an index: an index needs the length in the query's text.
INDEXED_DIMENSIONS = frozenset({256, 1536, 3072})


def as_text(vector: Sequence[float]) -> str:
    """As PostgreSQL reads it, in single precision: it keeps half of that."""
    return f"[{','.join(map(str, array('f', vector)))}]"
