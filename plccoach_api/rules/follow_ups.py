"""Recognises a question that needs the one before it: "How long does it last?"."""

import re
from collections.abc import Sequence
from typing import Protocol

from plccoach_api.rules.routing import content_words

_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|him|her|his|hers|this|that|these|those|ones?|there|such|both|neither"
    r"|either|same|else|others?)\b",
    re.IGNORECASE,
)
# A question with more content words can be understood by itself.
_MOST_CONTENT_WORDS = 3
# Both questions belong together if one passage has this much of their words, ...
_LEAST_COVERAGE = 0.8
# ... or if a passage is so much more similar to both than to the question alone, ...
_LEAST_GAIN = 0.15
# ... or if the passages have hardly any word of the question.
_LEAST_COVERAGE_ALONE = 0.2


class Found(Protocol):
    @property
    def coverage(self) -> float: ...

    @property
    def similarity(self) -> float | None: ...


def may_follow_up(question: str) -> bool:
    return len(content_words(question).split()) <= _MOST_CONTENT_WORDS


def must_follow_up(question: str) -> bool:
    """Returns True for a question that names no subject, or hardly one beside a pronoun."""
    words = len(content_words(question).split())
    return words == 0 or (words == 1 and _PRONOUN.search(question) is not None)


def belong_together(alone: Sequence[Found], together: Sequence[Found]) -> bool:
    """Compares what was found for a question alone with what was found for it and the question before it.

    Passages about both show that one question follows up the other. After a question about something else, no passage
    is about both.
    """
    return (
        _coverage(together) >= _LEAST_COVERAGE
        or _similarity(together) - _similarity(alone) >= _LEAST_GAIN
        or _coverage(alone) < _LEAST_COVERAGE_ALONE
    )


def _coverage(found: Sequence[Found]) -> float:
    return max((each.coverage for each in found), default=0.0)


def _similarity(found: Sequence[Found]) -> float:
    return max((each.similarity or 0.0 for each in found), default=0.0)
