"""Decides which word of the corpus a misspelt word means."""

from collections.abc import Callable, Iterable

# Too many short words differ in one letter: "bake" and "base".
LEAST_LETTERS = 5
# From this length on, a word may have two errors.
_LONG = 10
_SUFFIXES = ("s", "es", "ed", "ing", "er", "ers", "ly", "est")
_LEAST_LETTERS_OF_BASE = 4


def is_right(word: str, is_common: Callable[[str], bool]) -> bool:
    """Returns True for a common word, a form of one, or two of them joined: such a word is not misspelt.

    The corpus does not have every right word: "film" would become "firm".
    """
    if is_common(word):
        return True
    bases = (word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix))
    if any(len(base) >= _LEAST_LETTERS_OF_BASE and any(map(is_common, _forms(base))) for base in bases):
        return True
    splits = range(_LEAST_LETTERS_OF_BASE, len(word) - _LEAST_LETTERS_OF_BASE + 1)
    return any(is_common(word[:split]) and is_common(word[split:]) for split in splits)


def _forms(base: str) -> Iterable[str]:
    yield base
    yield f"{base}e"
    if base.endswith("i"):
        yield f"{base[:-1]}y"
    if base[-1] == base[-2]:
        yield base[:-1]


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
