"""Vectors are added as whole numbers, and the sums are exact."""

from random import Random
from struct import pack as packed_bytes
from struct import unpack as unpacked_bytes

import pytest

from plccoach_api.embedding.vectors import pack, unpack


def halves(values: list[float]) -> tuple[float, ...]:
    """Returns the nearest numbers of half precision."""
    return unpacked_bytes(f"<{len(values)}e", packed_bytes(f"<{len(values)}e", *values))


@pytest.mark.parametrize(
    "values", [[0.0, -0.0, 1.0, -1.0], [8.015625, -8.015625], [2**-24, -(2**-24)], [65504.0, -65504.0]]
)
def test_a_packed_vector_is_the_same_vector(values: list[float]) -> None:
    assert unpack(pack(values), len(values)) == values


def test_the_sum_of_packed_vectors_is_the_exact_sum_of_the_vectors() -> None:
    rng = Random(1)
    vectors = [halves([rng.gauss(0, 2) for _ in range(256)]) for _ in range(300)]
    assert unpack(sum(map(pack, vectors)), 256) == [sum(values) for values in zip(*vectors, strict=True)]


def test_the_sum_of_no_vectors_is_zero() -> None:
    assert unpack(0, 3) == [0.0, 0.0, 0.0]
