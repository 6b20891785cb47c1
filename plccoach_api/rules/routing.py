"""Which domains a question belongs to, and whether it says enough to be answered.

By the words and phrases of each domain that it holds, and, where there are vectors, by how near it
is to what the domains are about.
"""

import re
import statistics
from collections.abc import Mapping

import msgspec

from plccoach_api.rules.domains import Domain
from plccoach_api.rules.stems import stems
from plccoach_api.rules.vocabulary import COMMON, EMPTY, STRONG, VOCABULARY

SECONDARY = 2
_LONGEST_PHRASE = 4
_word = re.compile(r"[\w'’-]+")  # noqa: RUF001 - people type either apostrophe
# A phrase tells more than its words one by one.
_EACH_MORE_WORD = 0.6
_COMMON = 1 / 3
_STRONG = 1.7
# What the nearest of seven domains gains by its vector, beside one word of its vocabulary.
_NEAREST = 0.7
# Secondary is what has this share of the first one's weight.
_NEARLY = 0.5

CLARIFICATION = (
    "What is your question about: assessment, collaboration, leadership, curriculum, data, school culture "
    "or support for students, and what have you tried so far?"
)


class Routing(msgspec.Struct, frozen=True):
    """With a clarification the question is too vague, and that is what to ask back."""

    primary: Domain | None = None
    secondary: tuple[Domain, ...] = ()
    clarification: str | None = None

    @property
    def domains(self) -> tuple[Domain, ...]:
        return (self.primary, *self.secondary) if self.primary else ()


def says_something(text: str) -> bool:
    """Whether a text is about anything, or could be said of everything."""
    return bool(content_words(text)) or max(_weigh(text).values(), default=0.0) >= 1


def content_words(text: str) -> str:
    """The words of a text that say what it is about."""
    return " ".join(word for word in _word.findall(text) if not _EMPTY_STEMS.issuperset(stems(word)))


def is_clear(text: str) -> bool:
    """Whether its words say so much more of one domain than of any other that vectors would change nothing."""
    first, second, *_ = sorted((*_weigh(text).values(), 0.0, 0.0), reverse=True)
    return first - second >= 1


def route(text: str, similarities: Mapping[Domain, float] | None = None) -> Routing:
    """A text without a word that tells of any domain, and without vectors, belongs to none."""
    if not says_something(text):
        return Routing(clarification=CLARIFICATION)
    weights = _weigh(text)
    for domain, gain in _gains(similarities or {}).items():
        weights[domain] = weights.get(domain, 0.0) + gain
    if not weights:
        return Routing()
    primary, *others = sorted(weights, key=lambda domain: -weights[domain])
    least = _NEARLY * weights[primary]
    return Routing(primary, tuple(domain for domain in others if weights[domain] > least)[:SECONDARY])


def _weigh(text: str) -> dict[Domain, float]:
    """Each word counts once, in the longest phrase that it is part of."""
    words, start = stems(text), 0
    weights: dict[Domain, float] = {}
    while start < len(words):
        phrases = (tuple(words[start : start + size]) for size in range(_LONGEST_PHRASE, 0, -1))
        phrase = next((each for each in phrases if each in _DOMAINS_OF), ())
        for domain in _DOMAINS_OF.get(phrase, ()):
            weights[domain] = weights.get(domain, 0.0) + _weight(phrase)
        start += len(phrase) or 1
    return weights


def _weight(phrase: tuple[str, ...]) -> float:
    if phrase in _COMMON_STEMS:
        return _COMMON
    return _STRONG if phrase in _STRONG_STEMS else 1 + _EACH_MORE_WORD * (len(phrase) - 1)


def _gains(similarities: Mapping[Domain, float]) -> dict[Domain, float]:
    """Each domain's similarity by how much it stands out of them all."""
    if not similarities:
        return {}
    middle = statistics.fmean(similarities.values())
    highest = max(similarities.values()) - middle
    return {domain: _NEAREST * (value - middle) / (highest or 1.0) for domain, value in similarities.items()}


def _by_phrase() -> Mapping[tuple[str, ...], tuple[Domain, ...]]:
    found: dict[tuple[str, ...], tuple[Domain, ...]] = {}
    for domain, phrases in VOCABULARY.items():
        # The stemmer does not know that CFAs are several of one CFA.
        several = [f"{phrase}s" for phrase in phrases if phrase.isupper()]
        for phrase in {tuple(stems(phrase)) for phrase in (*phrases, *several)}:
            found[phrase] = (*found.get(phrase, ()), domain)
    return found


_DOMAINS_OF = _by_phrase()
_COMMON_STEMS = frozenset(tuple(stems(word)) for word in COMMON)
_STRONG_STEMS = frozenset(tuple(stems(word)) for word in STRONG)
_EMPTY_STEMS = frozenset(stem for word in EMPTY for stem in stems(word))
