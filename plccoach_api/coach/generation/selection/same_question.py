"""Compares a question with those of a book: questions and answers of a school often have what a reader asks."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from plccoach_api.coach.generation.selection.outline import outline_of
from plccoach_api.coach.generation.selection.question_kinds import kind_of
from plccoach_api.coach.generation.selection.readable import QUESTION_END
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.stems import stems, with_digits

_QUESTION_WORD = re.compile(
    r"\b(?:how (?:many|much|long|often)|how|what|which|whom?|whose|when|where|why)\b", re.IGNORECASE
)
_SAME_WORD = {"which": "what", "whom": "who"}


class SameQuestion:
    """`weights` are those of the question's stems, with digits for the words of small numbers."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        self._form = _form(question)
        self._weights = {stem: weights.get(stem, 0.0) for stem in _subject(question)}
        self._total_weight = sum(self._weights.values()) or 1.0

    def likeness(self, question: str) -> float:
        """Returns from 0 to 1 how much a question of a book asks the same."""
        if _form(question) != self._form:
            return 0.0
        subject = _subject(question)
        common = subject & self._weights.keys()
        return sum(map(self._weights.__getitem__, common)) / self._total_weight * len(common) / (len(subject) or 1)


@lru_cache(maxsize=500)
def _form(question: str) -> tuple[str, str]:
    """Returns the kind of a question and the word that it asks with. "May we leave?" has no such word."""
    word = _QUESTION_WORD.search(question)
    asks_with = word[0].lower() if word else ""
    return kind_of(question), _SAME_WORD.get(asks_with, asks_with)


@lru_cache(maxsize=500)
def _subject(question: str) -> frozenset[str]:
    """Returns the stems of what a question is about. The "Q" of "Q: May we leave?" is none."""
    return frozenset(stem for stem in with_digits(stems(content_words(question))) if len(stem) > 1 or stem.isdecimal())


@lru_cache(maxsize=500)
def replied_to(content: str) -> tuple[str, ...]:
    """Returns for each sentence of a passage the question that it directly follows, or nothing.

    The question is a sentence or the heading of the section.
    """
    return tuple(_replied_to(content))


def _replied_to(content: str) -> Iterator[str]:
    section, asked = 0, ""
    for placed in outline_of(content):
        if placed.section != section:
            section, asked = placed.section, placed.heading if placed.heading.endswith("?") else ""
        yield asked if placed.is_readable else ""
        if QUESTION_END.search(placed.sentence.text):
            asked = placed.sentence.text
        elif placed.is_readable:
            asked = ""
