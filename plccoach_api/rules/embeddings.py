"""The states of a set of embeddings, and when its vectors get an index."""

from enum import StrEnum


class SetState(StrEnum):
    """A set is searched once it is `ready`: then every passage has its vector in the set."""

    loading = "loading"
    ready = "ready"


# Comparing every vector is exact, and takes as long as an index up to about this many.
EXACT_LIMIT = 5_000

# An index needs the number of dimensions in the statement's text: sql/embeddings/ has a file for each of these.
INDEXED_DIMENSIONS = frozenset({256, 1536, 3072})
