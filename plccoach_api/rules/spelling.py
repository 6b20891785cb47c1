"""Decides which word of the corpus a misspelt word means."""

from collections.abc import Iterable

LEAST_LETTERS = 4
# From this length on, a word may have two errors.
_LONG = 8


def best_correction(word: str, similar: Iterable[str]) -> str | None:
    """Returns the nearest of the similar words, which come in the order of their frequency, or None if none is near."""
    most = 2 if len(word) >= _LONG else 1
    near = [(errors, other[0] != word[0], other) for other in similar if (errors := _errors(word, other, most)) <= most]
    # `min` returns the first of equals, and the first is the most frequent.
    return min(near, key=lambda each: each[:2])[2] if near else None


def _errors(word: str, other: str, most: int) -> int:
    """Counts the letters to insert, leave out, replace or swap with their neighbour; more than `most` if too many."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last: list[int] = [*range(len(other) + 1)]
    for row, letter in enumerate(word, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            errors = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == wanted:
                errors = min(errors, before[column - 2] + 1)
            current.append(errors)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return last[-1]
