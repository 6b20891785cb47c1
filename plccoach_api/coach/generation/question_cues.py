"""Recognises sentences that look like an answer to a kind of question: a number for "how many", "is" for "what is"."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from plccoach_api.rules.stems import stems

_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|long|often|old|far|big|large|quickly|fast|soon)\b", re.IGNORECASE)
_ASKS_REASON = re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:causes?|caused|is the reason)\b|\bbother\b", re.IGNORECASE)
_ASKS_MEANING = re.compile(
    r"\W*(?:what|who)(?:['\u2019]s| is| are| was| were)\b|[^?]{0,200}\b(?:mean|means|meaning|define|defined)\b"
    # A term alone: "Hinge question?"
    r"|\W*[\w-]+(?: [\w-]+){0,2}\W*$",
    re.IGNORECASE,
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
_DEFINES = re.compile(r"\b(?:is|are|was|were|means?|refers? to|describes?|consists? of|called)\b")
# The verb of a definition stands near the beginning of its sentence.
_LONGEST_SUBJECT = 80
_WEIGHTS = {"number": 1.8, "reason": 0.7, "meaning": 2.1}
# The most that a sentence gains when it defines all of what the question asks for, and nothing else.
_DEFINES_ALL = 4.0
_ARTICLES = frozenset(stems("a an the this our your"))


class QuestionCues:
    """`weights` are those of the question's stems."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._total_weight = sum(weights.values()) or 1.0
        self._stems = weights.keys()
        self._kind = _kind(question)

    def score(self, sentence: str, opened_heading: AbstractSet[str]) -> float:
        """Returns what the sentence gains in its score because it looks like an answer to this kind of question.

        `opened_heading` has the stems of a heading if the sentence is the first one below it.
        """
        score = _WEIGHTS[self._kind] if self._kind and self._fits(sentence) else 0.0
        if self._kind == "meaning":
            score += _DEFINES_ALL * max(map(self._share_of_subject, (_defined(sentence), opened_heading)))
        return score

    def _share_of_subject(self, subject: AbstractSet[str]) -> float:
        """Returns the share of the question that is the subject of a definition; 0 if the subject is more than that."""
        if not subject - _ARTICLES <= self._stems:
            return 0.0
        return sum(self._weights.get(stem, 0.0) for stem in subject) / self._total_weight

    def _fits(self, sentence: str) -> bool:
        if self._kind == "meaning":
            return not self._stems.isdisjoint(_defined(sentence))
        return _has(self._kind, sentence)


@lru_cache(maxsize=5000)
def _defined(sentence: str) -> frozenset[str]:
    """Returns the stems of what a sentence defines; none if it is no definition."""
    verb = _DEFINES.search(sentence, 0, _LONGEST_SUBJECT)
    return frozenset(stems(sentence[: verb.start()])) if verb else frozenset()


@lru_cache(maxsize=5000)
def _has(kind: str, sentence: str) -> bool:
    return {"number": _NUMBER, "reason": _REASON}[kind].search(sentence) is not None


def _kind(question: str) -> str:
    for kind, pattern in (("number", _ASKS_NUMBER), ("reason", _ASKS_REASON)):
        if pattern.search(question):
            return kind
    return "meaning" if _ASKS_MEANING.match(question) else ""
