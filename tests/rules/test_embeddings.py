from plccoach_api.rules.embeddings import index_memory

_MEGABYTE = 1 << 10


def test_a_small_index_is_built_in_the_memory_that_it_needs() -> None:
    assert index_memory(10_000, 256, allowed=64 * _MEGABYTE) == 10_000 * 1512 >> 10


def test_a_large_index_is_built_in_a_quarter_of_a_gigabyte() -> None:
    assert index_memory(1_000_000, 256, allowed=64 * _MEGABYTE) == 256 * _MEGABYTE


def test_a_large_index_is_built_in_more_memory_where_the_server_allows_it() -> None:
    assert index_memory(1_000_000, 256, allowed=1024 * _MEGABYTE) == 1024 * _MEGABYTE
