"""The words of a search, and the excerpt of a text that highlights them, as safe HTML."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from html import escape

# The characters that separate words, besides white space. The generated columns of the search use the same list.
SEPARATORS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»‐‑‒–—―‘’‚“”„…•"  # noqa: RUF001 - the typographic marks are intended
_SEPARATORS_TO_SPACES = str.maketrans(SEPARATORS, " " * len(SEPARATORS))

_NOTHING = r"(?!)"
_EXCERPT_CHARACTERS = 160
# Characters of context before the first highlighted word.
_CONTEXT = 40


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a search. The last word matches also as the beginning of a longer word."""

    all: tuple[str, ...]

    @classmethod
    def of(cls, search: str) -> "Words":
        return cls(tuple(search.translate(_SEPARATORS_TO_SPACES).lower().split()))

    def __str__(self) -> str:
        return " ".join(self.all)

    def highlight(self, text: str) -> str:
        """Returns the excerpt with the most matches as HTML: each match in <mark>, everything else escaped."""
        text = " ".join(text.split())
        matches = [match.span() for match in self._pattern().finditer(text.translate(_SEPARATORS_TO_SPACES))]
        start, end = _excerpt(text, matches)
        pieces, at = [], start
        for first, last in matches:
            if start <= first and last <= end:
                pieces += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
                at = last
        pieces.append(escape(text[at:end]))
        return ("…" if start else "") + "".join(pieces) + ("…" if end < len(text) else "")

    def _pattern(self) -> re.Pattern[str]:
        complete = "".join(rf"{re.escape(word)}(?!\S)|" for word in self.all[:-1])
        last = rf"{re.escape(self.all[-1])}\S*" if self.all else _NOTHING
        return re.compile(rf"(?<!\S)(?:{complete}{last})", re.IGNORECASE)


def _excerpt(text: str, matches: list[tuple[int, int]]) -> tuple[int, int]:
    """Returns the span, from word to word, that contains the most matches."""
    starts = [first for first, _ in matches]
    ends = [last for _, last in matches]
    most, start = 0, 0
    for index, first in enumerate(starts):
        count = bisect_left(ends, max(0, first - _CONTEXT) + _EXCERPT_CHARACTERS + 1) - index
        if count > most:
            most, start = count, max(0, first - _CONTEXT)
    end = min(len(text), start + _EXCERPT_CHARACTERS)
    if start:
        space = text.find(" ", start, start + _CONTEXT)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max([start, *(last for last in ends if last <= end)]), end)
        end = space if space > start else end
    return start, end
