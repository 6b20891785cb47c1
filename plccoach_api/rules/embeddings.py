"""The states of a set of embeddings, when its vectors get an index, and in how much memory that is built."""

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


# Building an index needs this memory for each vector, besides its numbers of two bytes.
_INDEX_OVERHEAD_BYTES = 1000
# A container has this much for one build.
_INDEX_MEMORY_KILOBYTES = 256 << 10


def index_memory(vectors: int, dimensions: int, allowed: int) -> int:
    """Returns how many kilobytes PostgreSQL may use to build an index. `allowed` is its `maintenance_work_mem`.

    PostgreSQL writes an index to disk while it builds it if the memory is too small. Among 60,000 vectors of 256
    dimensions, half of the memory that they need doubles the time, and a sixth of it takes four times as long.
    """
    needed = vectors * (2 * dimensions + _INDEX_OVERHEAD_BYTES) >> 10
    return min(needed, max(allowed, _INDEX_MEMORY_KILOBYTES))
