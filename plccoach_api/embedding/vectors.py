"""Arithmetic of vectors without numpy, which would cost each worker 50 MB."""

import sys

from plccoach_api.embedding.embedder import Vector

if sys.version_info >= (3, 12):
    # It takes a quarter of the time.
    from math import sumprod as inner_product
else:
    from operator import mul

    def inner_product(one: Vector, other: Vector) -> float:
        """The vectors have the same number of dimensions."""
        product: float = sum(map(mul, one, other))
        return product


__all__ = ["inner_product", "signs"]


def signs(vector: Vector) -> int:
    """Returns the signs of a vector as the bits of a number.

    The share of equal bits tells how near two vectors are, and comparing them takes 0.1 microseconds.
    """
    return int("".join(["1" if value > 0 else "0" for value in vector]), 2)
