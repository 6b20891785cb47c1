"""Makes citations whose quotes are cut from the passage itself."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plccoach_api.coach.generation.sentences import LEAST_WORDS, Sentence, sentences_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.sentences import Span, sentences
from plccoach_api.rules.stems import stems

# A claim may join what an author says in up to so many sentences; one that says it alone is better.
_SENTENCES = 3
_EACH_MORE = 0.9
# Beside the claim's own words: what the question asks decides between sentences that are equally near.
_QUESTION = 0.1


def cite(passage: Passage, span: Span, index: int) -> Citation:
    pages = None
    if passage.first_page is not None and passage.last_page is not None:
        pages = (passage.first_page, passage.last_page)
    return Citation(
        index=index,
        chunk_id=passage.chunk_id,
        book_title=passage.book_title,
        authors=passage.authors,
        chapter=passage.chapter,
        chapter_title=passage.chapter_title,
        pages=pages,
        quote=span.of(passage.content),
        product_url=passage.product_url,
    )


def last_sentence(text: str) -> str:
    """What a number at the end of a text claims to have a source for."""
    *_, line = ("", *filter(str.strip, text.split("\n")))
    *_, span = (Span(0, len(line)), *sentences(line))
    return span.of(line)


def best_quote(content: str, claim: str, question: str = "") -> Span | None:
    """The sentences of a passage that are closest to a claim; None when there is nothing in it to quote.

    A claim that shares no word with the passage gets its first sentence: whether it is true is the
    reader's to judge, and for that the quote is there.
    """
    passage = _quotable(content)
    wanted = [(passage.words(claim), 1.0), (passage.words(question), _QUESTION)]
    best = max(
        passage.windows,
        key=lambda window: sum(share * passage.closeness(words, window) for words, share in wanted),
        default=None,
    )
    if best is not None:
        return best.span
    stripped = content.strip()
    start = content.find(stripped)
    return Span(start, start + len(stripped)) if len(stripped.split()) >= LEAST_WORDS else None


@dataclass(frozen=True, slots=True)
class _Window:
    """A run of sentences that is long enough to quote and that no heading divides."""

    span: Span
    sentences: int
    stems: frozenset[str]
    weight: float
    """Of all its stems."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Of a claim: those that a passage has, and the weight of all."""

    held: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Quotable:
    """What can be quoted of a passage. Its words are weighed by how few of its sentences have them."""

    weights: Mapping[str, float]
    windows: Sequence[_Window]

    def words(self, text: str) -> _Words:
        found = frozenset(stems(text))
        rarest = max(self.weights.values(), default=0.0)
        return _Words(found & self.weights.keys(), sum(self.weights.get(stem, rarest) for stem in found))

    def closeness(self, words: _Words, window: _Window) -> float:
        """The cosine of two sets of weighted words."""
        shared = sum(self.weights[stem] for stem in words.held & window.stems)
        if not shared:
            return 0.0
        return float(_EACH_MORE ** (window.sentences - 1)) * shared / math.sqrt(words.weight * window.weight)


@lru_cache(maxsize=500)
def _quotable(content: str) -> _Quotable:
    """Kept, because a passage that is found often is quoted often, and this is most of the cost."""
    found = sentences_of(content)
    frequency = Counter(stem for sentence in found for stem in sentence.stems)
    weights = {stem: math.log(1 + len(found) / count) for stem, count in frequency.items()}
    return _Quotable(weights, tuple(_windows(content, found, weights)))


def _windows(content: str, found: Sequence[Sentence], weights: Mapping[str, float]) -> Iterator[_Window]:
    for size in range(1, _SENTENCES + 1):
        for start in range(len(found) - size + 1):
            run = found[start : start + size]
            span = Span(run[0].span.start, run[-1].span.end)
            if "\n#" in span.of(content) or sum(sentence.words for sentence in run) < LEAST_WORDS:
                continue
            held = frozenset().union(*(sentence.stems for sentence in run))
            yield _Window(span, size, held, sum(weights[stem] for stem in held))
