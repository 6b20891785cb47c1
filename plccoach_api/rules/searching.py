"""The words of a search, and where they stand in a text: a fragment of it, safe to put into a page as it is."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from html import escape

# What divides words beside white space; the generated columns that are searched divide at the same.
_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»‐‑‒–—―‘’‚“”„…•"  # noqa: RUF001 - the typographic marks are meant
_DIVIDED = str.maketrans(_MARKS, " " * len(_MARKS))

_NOTHING = r"(?!)"
_CHARACTERS = 160
# So much stands before the first mark, so that it can be read in its sentence.
_LEAD = 40


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a search, of which the last may be only begun."""

    all: tuple[str, ...]

    @classmethod
    def of(cls, search: str) -> "Words":
        return cls(tuple(search.translate(_DIVIDED).lower().split()))

    def __str__(self) -> str:
        return " ".join(self.all)

    def highlight(self, text: str) -> str:
        """The stretch of a text that holds most of the words, each in <mark>; everything else is escaped."""
        text = " ".join(text.split())
        marks = [match.span() for match in self._marked().finditer(text.translate(_DIVIDED))]
        start, end = _stretch(text, marks)
        pieces, at = [], start
        for first, last in marks:
            if start <= first and last <= end:
                pieces += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
                at = last
        pieces.append(escape(text[at:end]))
        return ("…" if start else "") + "".join(pieces) + ("…" if end < len(text) else "")

    def _marked(self) -> re.Pattern[str]:
        whole = "".join(rf"{re.escape(word)}(?!\S)|" for word in self.all[:-1])
        begun = rf"{re.escape(self.all[-1])}\S*" if self.all else _NOTHING
        return re.compile(rf"(?<!\S)(?:{whole}{begun})", re.IGNORECASE)


def _stretch(text: str, marks: list[tuple[int, int]]) -> tuple[int, int]:
    """From the end of a word to the end of a word, around as many marks as fit."""
    begins = [first for first, _ in marks]
    ends = [last for _, last in marks]
    most, start = 0, 0
    for index, first in enumerate(begins):
        held = bisect_left(ends, max(0, first - _LEAD) + _CHARACTERS + 1) - index
        if held > most:
            most, start = held, max(0, first - _LEAD)
    end = min(len(text), start + _CHARACTERS)
    if start:
        space = text.find(" ", start, start + _LEAD)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max([start, *(last for last in ends if last <= end)]), end)
        end = space if space > start else end
    return start, end
