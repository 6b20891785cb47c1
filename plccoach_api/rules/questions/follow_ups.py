"""Recognises a question that needs the one before it: "How long does it last?"."""

import re
from collections.abc import Mapping, Sequence

from plccoach_api.rules.numerals import ORDINALS
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.relevance import SearchResult
from plccoach_api.rules.stems import stems
from plccoach_api.rules.topical_weights import covered, subject_shares, topical_weights

_CONTINUES = re.compile(r"^(?:and|but|or|so|then|what about|how about|what if)\b|\bthen\b", re.IGNORECASE)
# "What if I send someone out?" is a case of what was spoken of.
_SUPPOSES = re.compile(r"^(?:(?:and|but|so|or) )?(?:what )?if\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|him|her|his|hers|this|that|these|those|ones?|there|such|both|neither"
    r"|either|same|else|others?)\b",
    re.IGNORECASE,
)
# "For how long?", "By what time?"
_PREPOSITION = re.compile(
    r"^(?:for|by|in|at|to|with|from|on|of|about|until|since|after|before|under) (?=(?:how|what|which|whom?|when)\b)",
    re.IGNORECASE,
)
# "How do we split the work?": the article refers to work that was named before.
_ARTICLE = re.compile(r"\bthe\b", re.IGNORECASE)
# Words that ask for another answer to the question before: "Give me an example", "Can you elaborate?".
_FOR_MORE = frozenset(
    stems("more another again continue explain elaborate detail longer else further example instance")
)
_FOR_LESS = frozenset(stems("shorter short less brief summarize simple simpler simply simplify easier"))
_ABOUT_THE_ANSWER = frozenset(stems("give show clarify rephrase words term")) | _FOR_MORE | _FOR_LESS
# "Explain the second one": what they count was named before.
_ORDINALS = frozenset(stems(" ".join([*ORDINALS[1:10], "last"])))
# A text without these asks nothing. "And me?" and "And the first time?" ask for something.
_ASKS = re.compile(
    r"\b(?:what|how|why|who|whom|whose|when|where|which|first|me|us|him|her|them)\b"
    r"|^(?:is|are|am|was|were|do|does|did|can|could|should|must|may|might|will|would|have|has)\b",
    re.IGNORECASE,
)
# A question with more content words can be understood by itself.
_MOST_CONTENT_WORDS = 3
_LEAST_CONTENT_WORDS = 2
# "How often?", "At most?", "For parents?"
_MOST_WORDS_OF_FRAGMENT = 2
# The thresholds were chosen by measurement: see docs/decisions/questions.md.
_ALL_COVERED = 0.97
_MOSTLY_COVERED = 0.75
_LEAST_GAIN = 0.15
_LEAST_GAIN_OF_REFERENCE = 0.12
_GAIN_COVERAGE = 0.35
_HARDLY_COVERED = 0.2
_MOST_LOSS = 0.05


# A question of several words belongs to the one before it only if one of the joined passages has this share of its own
# words. The lower share is enough when the best joined passage has more of both questions than the best passage of the
# question alone has of it.
_OWN_COVERED = 0.45
_OWN_COVERED_TOGETHER = 0.35


def may_follow_up(question: str) -> bool:
    return len(content_words(question).split()) <= _MOST_CONTENT_WORDS


def is_incomplete(question: str) -> bool:
    """Returns True for a question that names no subject, or hardly one beside a pronoun or in a fragment."""
    words = len(_subject(question))
    return words == 0 or (words == 1 and (_PRONOUN.search(question) is not None or _is_fragment(question)))


def is_about_the_answer(question: str) -> bool:
    """Returns True for a wish for another answer, which names nothing: "Tell me more", "Shorter, please", "Go on"."""
    words = stems(question)
    if _subject(question) or not _ORDINALS.isdisjoint(words):
        return False
    return not _ABOUT_THE_ANSWER.isdisjoint(words) or not _ASKS.search(question)


def wants_more_or_less(question: str) -> bool:
    return wants_more(question) or wants_less(question)


def wants_more(question: str) -> bool:
    """A text that names nothing and asks nothing wants more, too: "Yes, please", "And?", "Not that"."""
    is_more = not _FOR_MORE.isdisjoint(stems(question)) or not _ASKS.search(question)
    return is_more and is_about_the_answer(question) and not wants_less(question)


def wants_less(question: str) -> bool:
    return is_about_the_answer(question) and not _FOR_LESS.isdisjoint(stems(question))


def names_its_subject(question: str) -> bool:
    """Returns True for a question of several words with meaning that refers to nothing before it.

    "What should the host prepare?" is about an event that was named before.
    """
    least = _LEAST_CONTENT_WORDS + (_ARTICLE.search(question) is not None)
    return len(_subject(question)) >= least and not _PRONOUN.search(question)


def _is_fragment(question: str) -> bool:
    return len(_PREPOSITION.sub("", _CONTINUES.sub("", question).strip()).split()) <= _MOST_WORDS_OF_FRAGMENT


def belong_together(
    question: str, alone: Sequence[SearchResult], together: Sequence[SearchResult], topicality: Mapping[str, float]
) -> bool:
    """Compares what was found for a question alone with what was found for it and the question before it.

    Passages about both show that one question follows up the other. After a question about something else, no passage
    is about both. `topicality` says how much each stem says about a subject.
    """
    coverage, gain = _coverage(together), _similarity(together) - _similarity(alone)
    if is_incomplete(question):
        return not _subject(question) or coverage >= _ALL_COVERED or gain >= -_MOST_LOSS
    covered_alone = _coverage(alone)
    least = _OWN_COVERED_TOGETHER if coverage > covered_alone else _OWN_COVERED
    if not _SUPPOSES.match(question) and not is_about(question, together, topicality, least):
        # "How do I boil an egg?" finds the passages of the question before it, which say nothing about eggs.
        return False
    refers_back = _refers_back(question)
    if covered_alone >= _ALL_COVERED and not refers_back:
        # The question is complete, and one passage has all of it.
        return coverage >= _ALL_COVERED
    return (
        coverage >= _ALL_COVERED
        or (coverage >= _MOSTLY_COVERED and gain >= 0)
        or (coverage >= _GAIN_COVERAGE and gain >= (_LEAST_GAIN_OF_REFERENCE if refers_back else _LEAST_GAIN))
        or covered_alone < _HARDLY_COVERED
    )


def _refers_back(question: str) -> bool:
    if len(_subject(question)) == 1 and _ARTICLE.search(question):
        return True
    return any(pattern.search(question) for pattern in (_PRONOUN, _CONTINUES))


def _subject(question: str) -> frozenset[str]:
    return frozenset(stems(content_words(question))) - _ABOUT_THE_ANSWER - _ORDINALS


def is_about(
    question: str, found: Sequence[SearchResult], topicality: Mapping[str, float], least: float = _OWN_COVERED
) -> bool:
    """Returns True when a passage that was found for more than a question has most of the question's own words."""
    return _own_coverage(question, found, topicality) >= least


def _own_coverage(question: str, found: Sequence[SearchResult], topicality: Mapping[str, float]) -> float:
    own = {*stems(content_words(question))}
    frequencies = {stem: weight for stem, weight in found[0].weights.items() if stem in own} if found else {}
    own_weights = topical_weights(frequencies, subject_shares(frequencies, topicality))
    return max((covered(own_weights, each.found_stems) for each in found), default=0.0) if own_weights else 1.0


def _coverage(found: Sequence[SearchResult]) -> float:
    return max((covered(each.weights, each.found_stems) for each in found), default=0.0)


def _similarity(found: Sequence[SearchResult]) -> float:
    return max((each.similarity or 0.0 for each in found), default=0.0)
