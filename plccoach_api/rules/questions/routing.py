"""The rules that find the domains of a question, and that recognise a vague question.

A domain gains weight by its words in the question and, if there are vectors, by its similarity to the question.
"""

import re
import statistics
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from plccoach_api.rules.domains import Domain
from plccoach_api.rules.questions.replies import replies_to
from plccoach_api.rules.questions.vocabulary import COMMON_WORDS, STOP_WORDS, STRONG_WORDS, VOCABULARY
from plccoach_api.rules.stems import stems

MAX_SECONDARY = 2
_LONGEST_PHRASE = 4
_word = re.compile(r"[\w'’-]+")  # noqa: RUF001 - people type either apostrophe
# "you're", "she'll"
_SHORT_ENDINGS = frozenset({"re", "ve", "ll", "d", "m", "s"})
# An ordinary word weighs 1, and each further word of a phrase adds this much.
_FURTHER_WORD_WEIGHT = 0.6
_COMMON_WEIGHT = 1 / 3
_STRONG_WEIGHT = 1.7
# The most similar domain gains this much.
_SIMILARITY_WEIGHT = 0.7
# A secondary domain has at least this share of the primary domain's weight.
_SECONDARY_SHARE = 0.5


class Routing(msgspec.Struct, frozen=True):
    primary: Domain | None = None
    secondary: tuple[Domain, ...] = ()
    clarification: str | None = None
    """A question to ask back, when the user's question is too vague."""
    search_query: str | None = None
    """The question as a model words it for the search: in the corpus's language, understandable by itself."""

    @property
    def domains(self) -> tuple[Domain, ...]:
        return (self.primary, *self.secondary) if self.primary else ()


def is_vague(text: str) -> bool:
    """Returns True for a text that names no subject: it has only stop words, and no domain weighs as much as a word."""
    return not content_words(text) and max(_domain_weights(text).values(), default=0.0) < 1


@lru_cache(maxsize=64)
def content_words(text: str) -> str:
    """Removes the stop words from a text. It is cached, because the words of a question are needed several times."""
    return " ".join(word for word in _word.findall(text) if not _STOP_STEMS.issuperset(stems(_whole(word))))


def _whole(word: str) -> str:
    """Returns "you" for "you're", and "not" for "doesn't": a short form says no more than that."""
    whole, apostrophe, end = word.lower().replace("\u2019", "'").rpartition("'")
    if whole.endswith("n") and end == "t":
        return "not"
    return whole if apostrophe and end in _SHORT_ENDINGS else word


def has_clear_domain(text: str) -> bool:
    """Returns True when the words favour one domain so much that similarities would not change the primary domain."""
    first, second, *_ = sorted((*_domain_weights(text).values(), 0.0, 0.0), reverse=True)
    return first - second >= 1


def route(text: str, similarities: Mapping[Domain, float] | None = None) -> Routing:
    """Returns a clarification for a vague text. Without vocabulary words and similarities, it returns no domain."""
    if is_vague(text):
        return Routing(clarification=replies_to(text).clarification)
    weights = {**_domain_weights(text)}
    for domain, gain in _similarity_gains(similarities or {}).items():
        weights[domain] = weights.get(domain, 0.0) + gain
    if not weights:
        return Routing()
    primary, *others = sorted(weights, key=lambda domain: -weights[domain])
    least = _SECONDARY_SHARE * weights[primary]
    return Routing(primary, tuple(domain for domain in others if weights[domain] > least)[:MAX_SECONDARY])


@lru_cache(maxsize=64)
def _domain_weights(text: str) -> Mapping[Domain, float]:
    """Adds the weights of the phrases in a text. Each word counts once, in the longest phrase that it is part of.

    It is cached like the content words.
    """
    words, start = stems(text), 0
    weights: dict[Domain, float] = {}
    while start < len(words):
        phrases = (tuple(words[start : start + size]) for size in range(_LONGEST_PHRASE, 0, -1))
        phrase = next((each for each in phrases if each in _DOMAINS_OF), ())
        for domain in _DOMAINS_OF.get(phrase, ()):
            weights[domain] = weights.get(domain, 0.0) + _phrase_weight(phrase)
        start += len(phrase) or 1
    return weights


def _phrase_weight(phrase: tuple[str, ...]) -> float:
    if phrase in _COMMON_STEMS:
        return _COMMON_WEIGHT
    return _STRONG_WEIGHT if phrase in _STRONG_STEMS else 1 + _FURTHER_WORD_WEIGHT * (len(phrase) - 1)


def _similarity_gains(similarities: Mapping[Domain, float]) -> dict[Domain, float]:
    """Scales how far each similarity is from their mean. A domain below the mean loses weight."""
    if not similarities:
        return {}
    mean = statistics.fmean(similarities.values())
    highest = (max(similarities.values()) - mean) or 1.0
    return {domain: _SIMILARITY_WEIGHT * (value - mean) / highest for domain, value in similarities.items()}


def _domains_by_phrase() -> Mapping[tuple[str, ...], tuple[Domain, ...]]:
    domains: dict[tuple[str, ...], tuple[Domain, ...]] = {}
    for domain, phrases in VOCABULARY.items():
        # The stemmer does not know that CFAs is the plural of CFA.
        plurals = [f"{phrase}s" for phrase in phrases if phrase.isupper()]
        for phrase in {tuple(stems(phrase)) for phrase in (*phrases, *plurals)}:
            domains[phrase] = (*domains.get(phrase, ()), domain)
    return domains


_DOMAINS_OF = _domains_by_phrase()
_COMMON_STEMS = frozenset(tuple(stems(word)) for word in COMMON_WORDS)
_STRONG_STEMS = frozenset(tuple(stems(word)) for word in STRONG_WORDS)
_STOP_STEMS = frozenset(stem for word in STOP_WORDS for stem in stems(word))
