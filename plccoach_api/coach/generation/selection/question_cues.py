"""Recognises sentences that look like an answer to a kind of question: a number for "how many", "is" for "what is"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, repeat

from plccoach_api.coach.generation.selection.announcements import asks_for_announcements
from plccoach_api.coach.generation.selection.enumerations import asked_ordinal, is_item
from plccoach_api.coach.generation.selection.outline import Placed, outline_of, torn_off
from plccoach_api.coach.generation.selection.question_kinds import asked_about, kind_of
from plccoach_api.coach.generation.selection.same_question import SameQuestion, replied_to
from plccoach_api.rules.acronyms import names_of, two_names_in
from plccoach_api.rules.stems import stems, with_digits

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred"
    r"|once|twice|daily|weekly|monthly|yearly|half|quarter|several|few|dozen|percent|day|days|week|month|year"
    r"|immediately)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\b(?:for (?:example|instance)|such as|examples?|imagine|suppose)\b|\be\.g\.", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|so that|therefore|in order to|reasons?|thus|as a result|leads? to|otherwise|helps?|allows?"
    r"|ensures?|makes?|to (?:avoid|prevent|ensure))\b",
    re.IGNORECASE,
)
# "Norms are read aloud" and "is not" define nothing.
_DEFINES = re.compile(
    r"\b(?:(?:is|are|was|were)(?! (?:(?:being |often |usually |always |also )?"
    r"(?!(?:defin|call|describ|compos|need)ed\b|known\b|made up\b)"
    r"(?:\w+ed|read|made|set|put|built|found|held|kept|met|taught|written|taken|given|chosen|shown|seen|done))\b)"
    r"|means?|refers? to|describes?|consists? of|called)\b(?! (?:not|no|never)\b|n['\u2019]t\b)"
)
# The verb of a definition stands near the beginning of its sentence.
_LONGEST_SUBJECT = 80
_WEIGHTS = {"example": 2.0, "number": 1.8, "reason": 0.7, "meaning": 2.1}
# The most that a sentence gains when it defines all of what the question asks for, and nothing else.
_DEFINES_ALL = 4.0
# The most that a sentence gains when it replies to the same question in a book; less where a definition may follow.
_REPLIES = 20.0
_REPLIES_TO_MEANING = 8.0
# What a sentence gains that begins the item that the question names by its number.
_ITEM = 12.0
# A sentence that only says what the text is about loses this much.
_ANNOUNCEMENT = 6.0
# So does "This is called drift." without the sentence before it.
_TORN_OFF = 1.5
_ARTICLES = frozenset(stems("a an the this our your"))


class QuestionCues:
    """`weights` are those of the question's stems."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        self._weights = dict(zip(with_digits(weights), weights.values(), strict=True))
        if about := asked_about(question):
            own = frozenset(with_digits(stems(about)))
            # The other words are those of the wish: "Summarize what you know about".
            self._weights = {stem: weight for stem, weight in self._weights.items() if stem in own} or self._weights
        self._total_weight = sum(self._weights.values()) or 1.0
        self._stems = self._weights.keys()
        self._kind = kind_of(question)
        self._names = [frozenset(with_digits(stems(name))) for name in two_names_in(question)]
        words = pairwise(with_digits(stems(question)))
        # "Tier 3" and "tier three", but not "the 4 questions".
        self._numbers = frozenset(number for word, number in words if number.isdecimal() and word in self._stems)
        self._ordinal = asked_ordinal(question)
        self._same = SameQuestion(question, self._weights)
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
            return [weight * any(map(self._is_asked_for, names)) for names in _defined(content)]
        return [weight * fits for fits in _having(self._kind, content)]

    def lifts(self, outline: Sequence[Placed]) -> Sequence[float]:
        """Returns what each sentence gains when it defines the asked term, or replies to the same question."""
        if not outline:
            return []
        content = outline[0].sentence.content
        definitions = self._definitions(content) if self._kind == "meaning" else repeat(0.0)
        most = _REPLIES_TO_MEANING if self._kind == "meaning" else _REPLIES
        replies = (most * self._same.likeness(asked) ** 2 if asked else 0.0 for asked in replied_to(content))
        if self._ordinal:
            items = (_ITEM * is_item(placed.sentence.text, self._ordinal, self._stems) for placed in outline)
            return [*map(max, replies, definitions, items)]
        return [*map(max, replies, definitions)]

    def _definitions(self, content: str) -> Sequence[float]:
        subjects = zip(_defined(content), _opened_headings(content), strict=True)
        return [_DEFINES_ALL * max(map(self._share_of_subject, [*names, heading])) for names, heading in subjects]

    def _is_asked_for(self, name: Iterable[str]) -> bool:
        return not self._stems.isdisjoint(name) and self._numbers.issubset(name)

    def _share_of_subject(self, subject: Iterable[str]) -> float:
        """Returns the share of the question that is the subject of a definition; 0 if the subject is more than that."""
        own = {*subject} - _ARTICLES
        if any(own == name for name in self._names):
            own = own.union(*self._names)
        if not self._numbers <= own <= self._stems:
            return 0.0
        return sum(self._weights.get(stem, 0.0) for stem in own) / self._total_weight


@lru_cache(maxsize=500)
def _defined(content: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns for each sentence the stems of each name of what it defines; no name if it is no definition."""
    texts = [placed.sentence.text for placed in outline_of(content)]
    verbs = [_DEFINES.search(text, 0, _LONGEST_SUBJECT) for text in texts]
    return tuple(
        tuple(tuple(with_digits(stems(name))) for name in names_of(text[: verb.start()])) if verb else ()
        for text, verb in zip(texts, verbs, strict=True)
    )


@lru_cache(maxsize=500)
def _opened_headings(content: str) -> tuple[tuple[str, ...], ...]:
    """Returns for each sentence the stems of the heading that it is the first one below; none for other sentences."""
    outline = outline_of(content)
    opens = [not place or outline[place - 1].section != each.section for place, each in enumerate(outline)]
    return tuple(
        tuple(with_digits(stems(each.heading))) if opening else () for each, opening in zip(outline, opens, strict=True)
    )


@lru_cache(maxsize=500)
def _having(kind: str, content: str) -> tuple[bool, ...]:
    pattern = {"example": _EXAMPLE, "number": _NUMBER, "reason": _REASON}[kind]
    return tuple(pattern.search(placed.sentence.text) is not None for placed in outline_of(content))
