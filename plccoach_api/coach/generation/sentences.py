"""The sentences of a passage with their stems, kept, because stemming is most of an answer's cost."""

from dataclasses import dataclass
from functools import lru_cache

from plccoach_api.rules.sentences import Span, sentences
from plccoach_api.rules.stems import stems

# A quote shorter than this can stand anywhere.
LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    span: Span
    text: str
    words: int
    stems: frozenset[str]


@lru_cache(maxsize=1000)
def sentences_of(content: str) -> tuple[Sentence, ...]:
    found = []
    for span in sentences(content):
        text = span.of(content)
        found.append(Sentence(span, text, len(text.split()), frozenset(stems(text))))
    return tuple(found)
