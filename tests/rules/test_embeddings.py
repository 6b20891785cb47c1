import pytest

from plccoach_api.rules.embeddings import IndexKind, index_kind, index_memory

_MEGABYTE = 1 << 10


def test_a_small_index_is_built_in_the_memory_that_it_needs() -> None:
    assert index_memory(10_000, allowed=64 * _MEGABYTE) == 10_000 * 1512 >> 10


def test_a_large_index_is_built_in_a_quarter_of_a_gigabyte() -> None:
    assert index_memory(1_000_000, allowed=64 * _MEGABYTE) == 256 * _MEGABYTE


def test_a_large_index_is_built_in_more_memory_where_the_server_allows_it() -> None:
    assert index_memory(1_000_000, allowed=1024 * _MEGABYTE) == 1024 * _MEGABYTE


@pytest.mark.parametrize(
    ("dimensions", "kind"),
    [(64, None), (255, None), (256, IndexKind.values), (384, IndexKind.signs), (4096, IndexKind.signs)],
)
def test_long_vectors_are_indexed_by_their_signs_and_short_ones_not_at_all(
    dimensions: int, kind: IndexKind | None
) -> None:
    assert index_kind(dimensions) == kind
