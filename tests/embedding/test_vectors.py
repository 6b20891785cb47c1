"""Vectors are added as whole numbers, and the sums are exact. Inner products have single precision."""

import sys
from array import array
from operator import mul
from random import Random
from struct import pack as packed_bytes
from struct import unpack as unpacked_bytes

import pytest

from plccoach_api.embedding.vectors import inner_product, inner_products, matrix, pack, unpack


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


def test_a_vector_is_multiplied_with_each_row_of_a_matrix() -> None:
    rng = Random(1)
    vector, *rows = [array("f", [rng.gauss(0, 0.1) for _ in range(256)]) for _ in range(300)]
    exact = [sum(map(mul, vector, row)) for row in rows]
    assert inner_products(vector, matrix(rows)) == pytest.approx(exact, abs=1e-6)
    assert [inner_product(vector, row) for row in rows] == pytest.approx(exact, abs=1e-6)


def test_a_vector_of_python_floats_is_multiplied_too() -> None:
    assert [*inner_products((1.0, 0.5), matrix([(2.0, 4.0), (0.0, 0.0)]))] == [4.0, 0.0]


def test_multiplying_keeps_no_reference() -> None:
    vector = array("f", [1.0] * 256)
    rows = matrix([vector])
    before = sys.getrefcount(None), sys.getrefcount(vector), sys.getrefcount(rows)
    for _ in range(1000):
        inner_product(vector, vector)
        inner_products(vector, rows)
    after = sys.getrefcount(None), sys.getrefcount(vector), sys.getrefcount(rows)
    assert all(abs(one - other) < 500 for one, other in zip(before, after, strict=True))
