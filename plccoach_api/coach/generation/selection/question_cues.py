"""Recognises sentences that look like an answer to a kind of question: a number for "how many", "is" for "what is"."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import repeat

from plccoach_api.coach.generation.selection.announcements import asks_for_announcements
from plccoach_api.coach.generation.selection.asked_numbers import has_amount
from plccoach_api.coach.generation.selection.definitions import Definitions
from plccoach_api.coach.generation.selection.enumerations import asked_item
from plccoach_api.coach.generation.selection.outline import Placed, outline_of, torn_off
from plccoach_api.coach.generation.selection.question_kinds import kind_of
from plccoach_api.coach.generation.selection.same_question import SameQuestion, replied_to
from plccoach_api.rules.numerals import COUNT_WORD
from plccoach_api.rules.stems import with_digits

_NUMBER = re.compile(
    rf"\d|\b(?:one|{COUNT_WORD}|once|twice|daily|weekly|monthly|yearly|quarter|percent|days?|week|month|year"
    r"|immediately)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\b(?:for (?:example|instance)|such as|examples?|imagine|suppose)\b|\be\.g\.", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|so that|therefore|in order to|reasons?|thus|as a result|leads? to|otherwise|helps?|allows?"
    r"|ensures?|makes?|to (?:avoid|prevent|ensure))\b",
    re.IGNORECASE,
)
_WEIGHTS = {"example": 2.0, "number": 1.8, "reason": 0.7, "meaning": 2.1}
# A sentence gains this on top when its number counts what the question asks for.
_AMOUNT = 2.0
# The most that a sentence gains when it replies to the same question in a book; less where a definition may follow.
_REPLIES = 20.0
_REPLIES_TO_MEANING = 8.0
# A sentence gains this when it begins the item that the question names by its number.
_ITEM = 12.0
# A sentence loses this when it only says what the text is about.
_ANNOUNCEMENT = 6.0
# "This is called drift." loses this when the sentence before it cannot be shown.
_TORN_OFF = 1.5


class QuestionCues:
    """`weights` are those of the question's stems."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        weights = dict(zip(with_digits(weights), weights.values(), strict=True))
        self._stems = weights.keys()
        self._kind = kind_of(question)
        self._definitions = Definitions(question, weights)
        self._same = SameQuestion(question, weights)
        self._has_amount = has_amount(question)
        self._item = asked_item(question, self._stems)
        self._announcement = 0.0 if asks_for_announcements(question) else _ANNOUNCEMENT

    def gains(self, outline: Sequence[Placed]) -> Sequence[float]:
        """Returns what each sentence of a passage gains in its score when it looks like an answer to the question."""
        if not outline:
            return []
        announced = (self._announcement * placed.announces for placed in outline)
        torn = (_TORN_OFF * is_torn for is_torn in torn_off(outline[0].sentence.content))
        return [gain - one - other for gain, one, other in zip(self._cues(outline), announced, torn, strict=True)]

    def _cues(self, outline: Sequence[Placed]) -> Sequence[float]:
        if not self._kind:
            return [0.0] * len(outline)
        content, weight = outline[0].sentence.content, _WEIGHTS[self._kind]
        if self._kind == "meaning":
            return [weight * defines for defines in self._definitions.with_a_word(content)]
        having = _having(self._kind, content)
        if self._kind != "number":
            return [weight * fits for fits in having]
        amounts = (self._has_amount(placed.sentence.text) for placed in outline)
        return [weight * fits + _AMOUNT * counts for fits, counts in zip(having, amounts, strict=True)]

    def lifts(self, outline: Sequence[Placed], title: str) -> Sequence[float]:
        """Returns what each sentence gains when it defines the term, replies to the same question, or is the item."""
        if not outline:
            return []
        content = outline[0].sentence.content
        definitions = self._definitions.lifts(content, title) if self._kind == "meaning" else repeat(0.0)
        most = _REPLIES_TO_MEANING if self._kind == "meaning" else _REPLIES
        replies = (most * self._same.likeness(asked) ** 2 if asked else 0.0 for asked in replied_to(content))
        texts = (placed.sentence.text for placed in outline)
        items = (_ITEM * self._item.begins(text) for text in texts) if self._item else repeat(0.0)
        return [*map(max, replies, definitions, items)]


@lru_cache(maxsize=500)
def _having(kind: str, content: str) -> tuple[bool, ...]:
    pattern = {"example": _EXAMPLE, "number": _NUMBER, "reason": _REASON}[kind]
    return tuple(pattern.search(placed.sentence.text) is not None for placed in outline_of(content))
