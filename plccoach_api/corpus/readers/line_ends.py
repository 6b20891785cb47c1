"""Joins wrapped lines, and decides by a book's own words whether a hyphen at the end of a line stays."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

_HYPHENS = ("-", "\u2010", "\u00ad")
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_BEFORE = re.compile(r"([^\W_]+(?:[-'\u2019][^\W_]+)*)-$")
# Words that end a compound and hardly ever are the second half of a divided word.
_COMPOUND_ENDS = frozenset(
    {"aligned", "based", "building", "centered", "centred", "driven", "focused", "friendly", "level", "making"}
    | {"oriented", "related", "solving", "specific", "term", "wide", "year"}
)
# Chinese and Japanese have no spaces between words.
_WITHOUT_SPACES = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")


class Vocabulary:
    """The words of a book as they are written within a line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        for line in lines:
            words = _WORD.findall(_plain(line))
            # A hyphen at the end of the line may cut its last word.
            self._words.update(words[:-1] if line.endswith(_HYPHENS) else words)
        compounds = [word.split("-") for word in self._words if "-" in word]
        self._first_parts = {parts[0] for parts in compounds}
        self._last_parts = {parts[-1] for parts in compounds}

    def join(self, lines: Sequence[str]) -> str:
        """Joins wrapped lines into one, and the two halves of a hyphenated word."""
        return "".join([*(self.end_line(line, following) for line, following in pairwise(lines)), lines[-1]])

    def end_line(self, line: str, following: str) -> str:
        """Returns a line with its hyphen, without it, or with a space, as the following line needs it."""
        first, second = _BEFORE.search(_plain(line[-100:])), _WORD.match(following.lower())
        if line.endswith(_HYPHENS) and first and second:
            return f"{line[:-1]}-" if self._is_compound(first[1], second[0], following) else line[:-1]
        is_dense = _WITHOUT_SPACES.match(line[-1:]) and _WITHOUT_SPACES.match(following)
        return line if is_dense else f"{line} "

    def _is_compound(self, first: str, second: str, following: str) -> bool:
        if f"{first}-{second}" in self._words:
            return True
        if first + second in self._words:
            return False
        if not following[0].islower() or first[-1].isdecimal():
            return True
        are_words = first in self._words and second in self._words
        is_end = second in self._last_parts or second in _COMPOUND_ENDS
        return is_end or (are_words and first in self._first_parts)


def _plain(text: str) -> str:
    return text.lower().replace("\u2010", "-").replace("\u2011", "-").replace("\u00ad", "-")
