"""The states of a set of embeddings; when its vectors get an index, of which kind, and in how much memory."""

from enum import StrEnum

# An index over signs has this many bits for each vector.
MOST_DIMENSIONS = 4096


class SetState(StrEnum):
    """A set is searched once it is `ready`: then every passage has its vector in the set."""

    loading = "loading"
    ready = "ready"


class IndexKind(StrEnum):
    """The content of an index: the numbers of each vector, or only their signs.

    Signs take a bit instead of two bytes, and are compared faster. Long vectors have enough of them to tell nearly all
    of the nearest vectors, and short ones do not (docs/decisions/retrieval.md).
    """

    values = "values"
    signs = "signs"


# The length of the local embedder's vectors. sql/embeddings/nearest_by_values.sql contains it, because PostgreSQL uses
# such an index only if the statement's text has the length.
_BY_VALUES = 256


def index_kind(dimensions: int) -> IndexKind | None:
    """Returns the kind of index for vectors of this length; None for short ones, which a search compares exactly."""
    if dimensions < _BY_VALUES:
        return None
    return IndexKind.values if dimensions == _BY_VALUES else IndexKind.signs


# A passage has about ten windows. With longer vectors they would take most of the database.
_MOST_WINDOW_DIMENSIONS = 1024


def has_windows(dimensions: int) -> bool:
    """Returns whether the windows of passages get vectors of this length, too.

    Models with short vectors read few tokens: they often cut a passage and do not say so. They read a window whole.
    """
    return dimensions <= _MOST_WINDOW_DIMENSIONS


# An index finds nearly all of the nearest vectors, in 4 to 10 ms of PostgreSQL's processor time.
_EXACT_NANOSECONDS = 7_000_000
# A vector of more numbers does not fit into its row, and takes longer to read.
_MOST_IN_ROW = 4000


def exact_limit(dimensions: int) -> int:
    """Returns up to how many vectors of this length a search compares all of them, which is exact."""
    nanoseconds = 280 + dimensions * 0.38 + (4_000 if dimensions > _MOST_IN_ROW else 0)
    return int(_EXACT_NANOSECONDS / nanoseconds)


# Building an index needs this memory for each vector: 512 bytes for 256 numbers or 4,096 signs, and its neighbours.
_INDEX_BYTES = 1512
# A container has this much for one build.
_INDEX_MEMORY_KILOBYTES = 256 << 10


def index_memory(vectors: int, allowed: int) -> int:
    """Returns how many kilobytes PostgreSQL may use to build an index. `allowed` is its `maintenance_work_mem`.

    PostgreSQL writes an index to disk while it builds it if the memory is too small. Among 60,000 vectors of 256
    dimensions, half of the memory that they need doubles the time, and a sixth of it takes four times as long.
    """
    return min(vectors * _INDEX_BYTES >> 10, max(allowed, _INDEX_MEMORY_KILOBYTES))
