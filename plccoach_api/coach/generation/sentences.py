"""The sentences of a passage with their stems. They are cached, because stemming is most of the cost of an answer."""

from dataclasses import dataclass
from functools import lru_cache

from plccoach_api.rules.sentences import Span, sentences
from plccoach_api.rules.stems import stems

# A shorter quote could come from any text.
LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    span: Span
    text: str
    words: int
    stems: frozenset[str]


@lru_cache(maxsize=500)
def sentences_of(content: str) -> tuple[Sentence, ...]:
    result = []
    for span in sentences(content):
        text = span.of(content)
        result.append(Sentence(span, text, len(text.split()), frozenset(stems(text))))
    return tuple(result)
