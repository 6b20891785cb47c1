"""The states of a set of embeddings, and when its vectors get an index."""

from enum import StrEnum


class SetState(StrEnum):
    """A set is searched once it is `ready`: then every passage has its vector in the set."""

    loading = "loading"
    ready = "ready"


# Comparing this many numbers takes PostgreSQL about 7 ms. An index that finds nearly the same passages takes 5.
_EXACT_NUMBERS = 5_000_000

# An index needs the number of dimensions in the statement's text: sql/embeddings/ has a file for each of these.
INDEXED_DIMENSIONS = frozenset({256, 1536, 3072})


def exact_limit(dimensions: int) -> int:
    """Returns up to how many vectors of this length a search compares all of them, which is exact."""
    return _EXACT_NUMBERS // dimensions
