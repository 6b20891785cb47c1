"""Composes an answer only of sentences that stand in the passages, each with its citation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import snowballstemmer

from plccoach_api.coach.cite import cite
from plccoach_api.coach.retrieve import retrieve
from plccoach_api.database.pool import Database
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.sentences import Span, sentences

_SENTENCES = 8
_WORDS = 500
# A quote shorter than this can stand anywhere.
_LEAST_WORDS = 5
# Of the best sentence's score: what scores less says too little to be worth reading.
_WORTH_READING = 0.5
# Of two sentences' words together: what shares more says the same thing twice.
_REPEATED = 0.6

_REFUSAL = (
    "I could not find anything about that in the books I work from. "
    "I can help with the work of a professional learning community: what students should learn, "
    "how you will know, and what to do when they have not, or already have."
)

_word = re.compile(r"\w+")
# PostgreSQL's `english` configuration stems with the same algorithm.
_stem = lru_cache(maxsize=50_000)(snowballstemmer.stemmer("english").stemWord)


@dataclass(frozen=True, slots=True)
class Answer:
    kind: MessageKind
    content: str
    citations: tuple[Citation, ...] = ()
    domains: tuple[Domain, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    text: str
    words: int
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: int
    sentence: _Sentence
    score: float


async def answer(database: Database, question: str) -> Answer:
    """What the coach says to a question. It takes the pool, so that nothing is held while it thinks."""
    return compose(await retrieve(database, question))


def compose(passages: Sequence[Passage]) -> Answer:
    """The answer to the question the passages were found for; an honest refusal when there are none."""
    chosen = _choose(sorted(_candidates(passages), key=lambda candidate: -candidate.score))
    if not chosen:
        return Answer(MessageKind.refusal, _REFUSAL)
    paragraphs: dict[int, list[str]] = {}
    citations = []
    for index, candidate in enumerate(_in_reading_order(chosen), start=1):
        citations.append(cite(passages[candidate.passage], candidate.sentence.span, index))
        paragraphs.setdefault(candidate.passage, []).append(f"{candidate.sentence.text} [{index}]")
    content = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs.values())
    return Answer(MessageKind.answer, content, tuple(citations))


def _candidates(passages: Sequence[Passage]) -> list[_Candidate]:
    return [
        _Candidate(index, sentence, score * passage.coverage)
        for index, passage in enumerate(passages)
        for sentence in _sentences(passage.content)
        if (score := _score(sentence.stems, passage.weights))
    ]


@lru_cache(maxsize=1000)
def _sentences(content: str) -> tuple[_Sentence, ...]:
    """A passage's sentences that are long enough to quote. Kept, because stemming is most of an answer's cost."""
    found = []
    for span in sentences(content):
        text = span.of(content)
        if (words := len(text.split())) >= _LEAST_WORDS:
            found.append(_Sentence(span, text, words, frozenset(_stem(word) for word in _word.findall(text.lower()))))
    return tuple(found)


def _score(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    """The share of the question's weight that a sentence holds, with a little off for length."""
    held = sum(weight for stem, weight in weights.items() if stem in stems)
    return held / (sum(weights.values()) or 1.0) / (1 + len(stems) / 100)


def _choose(ranked: Sequence[_Candidate]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    words = 0
    for candidate in ranked:
        if len(chosen) == _SENTENCES or candidate.score < _WORTH_READING * ranked[0].score:
            break
        stems = candidate.sentence.stems
        repeated = any(_overlap(stems, other.sentence.stems) > _REPEATED for other in chosen)
        if not repeated and words + candidate.sentence.words <= _WORDS:
            chosen.append(candidate)
            words += candidate.sentence.words
    return chosen


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _in_reading_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The passage of the best sentence first; within a passage as the author wrote."""
    order = {passage: rank for rank, passage in enumerate(dict.fromkeys(each.passage for each in chosen))}
    return sorted(chosen, key=lambda candidate: (order[candidate.passage], candidate.sentence.span.start))
