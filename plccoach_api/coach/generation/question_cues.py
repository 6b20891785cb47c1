"""Recognises sentences that look like an answer to a kind of question: a number for "how many", "is" for "what is"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from plccoach_api.coach.generation.announcements import asks_for_announcements
from plccoach_api.coach.generation.heading_questions import heading_text
from plccoach_api.coach.generation.outline import Placed, outline_of
from plccoach_api.rules.acronyms import names_of, two_names_in
from plccoach_api.rules.stems import stems

_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|long|often|old|far|big|large|quickly|fast|soon)\b", re.IGNORECASE)
_ASKS_REASON = re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:causes?|caused|is the reason)\b|\bbother\b", re.IGNORECASE)
_ASKS_MEANING = re.compile(
    r"\W*(?:what|who)(?:['\u2019]s| is| are| was| were)\b|[^?]{0,200}\b(?:mean|means|meaning|define|defined)\b"
    # A term alone: "Hinge question?"
    r"|\W*[\w-]+(?: [\w-]+){0,2}\W*$",
    re.IGNORECASE,
)
# "the difference between a norm and a rule", "norm vs rule", "How does a norm differ from a rule?"
_COMPARES = tuple(
    re.compile(form.format("(?P<one>[^?]{2,80}?)", "(?P<other>[^?]{2,80})"), re.IGNORECASE)
    for form in (
        r"\b(?:differences?|distinction|distinguish) between {} and {}",
        r"^\W*{} (?:vs\.?|versus|compared (?:to|with)) {}",
        r"\bhow (?:do|does|is|are) {} (?:differ|different) from {}",
    )
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred"
    r"|once|twice|daily|weekly|monthly|yearly|half|quarter|several|few|dozen|percent|day|days|week|month|year"
    r"|immediately)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|so that|therefore|in order to|reasons?|thus|as a result|leads? to|otherwise|helps?|allows?"
    r"|ensures?|makes?|to (?:avoid|prevent|ensure))\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:is|are|was|were|means?|refers? to|describes?|consists? of|called)\b(?! (?:not|no|never)\b|n['\u2019]t\b)"
)
# The verb of a definition stands near the beginning of its sentence.
_LONGEST_SUBJECT = 80
_WEIGHTS = {"number": 1.8, "reason": 0.7, "meaning": 2.1}
# The most that a sentence gains when it defines all of what the question asks for, and nothing else.
_DEFINES_ALL = 4.0
# The first sentence below a heading that is the term gains more: it need not repeat the term.
_OPENS_ALL = 8.0
# Of a comparison, each side is a term, and a sentence about one of them has few words of the question.
_OF_ONE_SIDE = 5.0
# "A norm differs from a rule": a sentence that has one side before such a word and the other one after it.
_OF_BOTH_SIDES = 7.0
_CONTRAST = re.compile(
    r"\b(?:differs?|different(?:ly)?|whereas|while|unlike|but|than|rather|instead|not|in contrast)\b", re.IGNORECASE
)
# A sentence that only says what the text is about loses this.
_ANNOUNCEMENT = 6.0
_ARTICLES = frozenset(stems("a an the this our your"))


def asks_for_reason(question: str) -> bool:
    return _ASKS_REASON.search(question) is not None


class QuestionCues:
    """`weights` are those of the question's stems."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._total_weight = sum(weights.values()) or 1.0
        self._stems = weights.keys()
        self._sides = _sides(question, weights)
        self._kind = _kind(question)
        self._names = [frozenset(stems(name)) for name in two_names_in(question)]
        self._announcement = 0.0 if asks_for_announcements(question) else _ANNOUNCEMENT

    def gains(self, outline: Sequence[Placed]) -> Sequence[float]:
        """Returns what each sentence of a passage gains in its score when it looks like an answer to the question."""
        losses = (self._announcement * placed.announces for placed in outline)
        return [gain - loss for gain, loss in zip(self._cues(outline), losses, strict=True)]

    def _cues(self, outline: Sequence[Placed]) -> Sequence[float]:
        if not self._kind or not outline:
            return [0.0] * len(outline)
        content, weight = outline[0].sentence.content, _WEIGHTS[self._kind]
        if self._kind == "meaning":
            return [weight * any(not self._stems.isdisjoint(name) for name in names) for names in _defined(content)]
        return [weight * fits for fits in _having(self._kind, content)]

    def definitions(self, outline: Sequence[Placed]) -> Sequence[float]:
        """Returns what each sentence of a passage gains when it defines the term that the question asks for."""
        if not outline or not (self._kind == "meaning" or self._sides):
            return [0.0] * len(outline)
        content = outline[0].sentence.content
        return [
            max(self._of_term(names, heading) + self._of_one_side([*names, heading]), self._of_both_sides(placed))
            for names, heading, placed in zip(_defined(content), _opened_headings(content), outline, strict=True)
        ]

    def _of_term(self, names: Sequence[Iterable[str]], heading: Iterable[str]) -> float:
        if self._kind != "meaning":
            return 0.0
        defines = max(map(self._share_of_subject, names), default=0.0)
        return max(_DEFINES_ALL * defines, _OPENS_ALL * self._share_of_subject(heading))

    def _of_one_side(self, subjects: Iterable[Iterable[str]]) -> float:
        return _OF_ONE_SIDE * any({*subject} - _ARTICLES in self._sides for subject in subjects)

    def _of_both_sides(self, placed: Placed) -> float:
        if not self._sides or not all(
            side.issubset(placed.sentence.stems) for side in (self._sides[0], self._sides[-1])
        ):
            return 0.0
        text = placed.sentence.text
        parts = ((stems(text[: word.start()]), stems(text[word.end() :])) for word in _CONTRAST.finditer(text))
        one, other = self._sides[0], self._sides[-1]
        return _OF_BOTH_SIDES * any(
            (one.issubset(before) and other.issubset(after)) or (other.issubset(before) and one.issubset(after))
            for before, after in parts
        )

    def _share_of_subject(self, subject: Iterable[str]) -> float:
        """Returns the share of the question that is the subject of a definition; 0 if the subject is more than that."""
        own = {*subject} - _ARTICLES
        if any(own == name for name in self._names):
            own = own.union(*self._names)
        return sum(self._weights.get(stem, 0.0) for stem in own) / self._total_weight if own <= self._stems else 0.0


@lru_cache(maxsize=500)
def _defined(content: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns for each sentence the stems of each name of what it defines; no name if it is no definition."""
    texts = [placed.sentence.text for placed in outline_of(content)]
    verbs = [_DEFINES.search(text, 0, _LONGEST_SUBJECT) for text in texts]
    return tuple(
        tuple(tuple(stems(name)) for name in names_of(text[: verb.start()])) if verb else ()
        for text, verb in zip(texts, verbs, strict=True)
    )


@lru_cache(maxsize=500)
def _opened_headings(content: str) -> tuple[tuple[str, ...], ...]:
    """Returns for each sentence the stems of the heading, without its number, that it is the first one to show below.

    There are none for other sentences.
    """
    outline = outline_of(content)
    opened = {each.section: each.place for each in reversed(outline) if each.is_readable}
    return tuple(
        tuple(stems(heading_text(each.heading))) if opened.get(each.section) == each.place else () for each in outline
    )


@lru_cache(maxsize=500)
def _having(kind: str, content: str) -> tuple[bool, ...]:
    pattern = {"number": _NUMBER, "reason": _REASON}[kind]
    return tuple(pattern.search(placed.sentence.text) is not None for placed in outline_of(content))


def _sides(question: str, weights: Mapping[str, float]) -> list[set[str]]:
    """Returns the stems of the two things that a question compares."""
    match = next((match for pattern in _COMPARES if (match := pattern.search(question))), None)
    if match is None:
        return []
    one, other = ([stem for stem in stems(match[name]) if stem in weights] for name in ("one", "other"))
    # "Formative and summative assessment": the noun is that of both.
    sides = [{*one}, *([{*one, other[-1]}] if len(one) == 1 < len(other) else []), {*other}]
    return sides if one and other else []


def _kind(question: str) -> str:
    for kind, pattern in (("number", _ASKS_NUMBER), ("reason", _ASKS_REASON)):
        if pattern.search(question):
            return kind
    return "meaning" if _ASKS_MEANING.match(question) else ""
