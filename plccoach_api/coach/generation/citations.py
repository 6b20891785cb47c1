"""Citations whose quotes are copied from the passage, character by character."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from plccoach_api.coach.generation.claims.translated import is_translated, nearness
from plccoach_api.coach.generation.sentences import LEAST_WORDS, Sentence, sentences_of
from plccoach_api.corpus.book import PageStart, pages_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.sentences import Span
from plccoach_api.rules.stems import stems

# A quote has up to three sentences, because a claim may summarise several. Each further sentence lowers the score.
_MOST_SENTENCES = 3
_LENGTH_FACTOR = 0.9
# The claim's words decide. The question's words only break a tie between sentences that fit the claim equally well.
_CLAIM_WEIGHT = 1.0
_QUESTION_WEIGHT = 0.1


def cite(passage: Passage, span: Span, index: int) -> Citation:
    return Citation(
        index=index,
        chunk_id=passage.chunk_id,
        book_title=passage.book_title,
        authors=passage.authors,
        chapter=passage.chapter,
        chapter_title=passage.chapter_title,
        pages=_pages(passage, span),
        quote=span.of(passage.content),
        product_url=passage.product_url,
    )


def _pages(passage: Passage, span: Span) -> tuple[int, int] | None:
    """Returns the pages on which the quote stands; those of the whole passage if it was loaded without offsets."""
    if passage.page_offsets is not None and passage.page_numbers is not None:
        starts = tuple(map(PageStart, passage.page_offsets, passage.page_numbers))
        return pages_of(starts, span.start, span.end)
    if passage.first_page is None or passage.last_page is None:
        return None
    return passage.first_page, passage.last_page


def best_quote(content: str, claim: str, question: str = "") -> Span | None:
    """Returns the sentences of a passage that are closest to a claim, or None when the passage is too short to quote.

    A claim in another language gets the sentence that shares most numbers and words of the same origin with it. When
    the passage shares no word with the claim or the question, its first quotable sentence is returned.
    """
    passage = _quotable(content)
    if is_translated(claim, content):
        single = [window.span for window in passage.windows if window.sentences == 1]
        return max(single, key=lambda span: nearness(claim, span.of(content)), default=_all_of(content))
    targets = [(passage.words(claim), _CLAIM_WEIGHT), (passage.words(question), _QUESTION_WEIGHT)]
    best = max(
        passage.windows,
        key=lambda window: sum(weight * passage.closeness(words, window) for words, weight in targets),
        default=None,
    )
    return best.span if best is not None else _all_of(content)


def _all_of(content: str) -> Span | None:
    stripped = content.strip()
    start = content.find(stripped)
    return Span(start, start + len(stripped)) if len(stripped.split()) >= LEAST_WORDS else None


@dataclass(frozen=True, slots=True)
class _Window:
    """Consecutive sentences that are long enough to quote and that no heading divides."""

    span: Span
    sentences: int
    stems: tuple[str, ...]
    """Each stem once. A set of them would be ten times as large, and the cache has thousands."""
    weight: float
    """The sum of the weights of its stems."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The stems of a claim or a question, weighted for one passage."""

    shared_stems: frozenset[str]
    """The stems that also occur in the passage."""
    weight: float
    """The sum of the weights of all stems. A stem that the passage lacks has the highest weight."""


@dataclass(frozen=True, slots=True)
class _QuotablePassage:
    """The possible quotes of a passage. A stem weighs more when fewer of the passage's sentences have it."""

    weights: Mapping[str, float]
    windows: Sequence[_Window]

    def words(self, text: str) -> _Words:
        text_stems = frozenset(stems(text))
        highest = max(self.weights.values(), default=0.0)
        return _Words(text_stems & self.weights.keys(), sum(self.weights.get(stem, highest) for stem in text_stems))

    def closeness(self, words: _Words, window: _Window) -> float:
        """Returns the cosine of two sets of weighted stems, lowered for every sentence after the first."""
        shared = sum(self.weights[stem] for stem in words.shared_stems.intersection(window.stems))
        if not shared:
            return 0.0
        return float(_LENGTH_FACTOR ** (window.sentences - 1)) * shared / math.sqrt(words.weight * window.weight)


@lru_cache(maxsize=200)
def _quotable(content: str) -> _QuotablePassage:
    """Cached, because this is most of the cost of a quote and popular passages are quoted again and again.

    A passage takes 11 kB.
    """
    passage_sentences = tuple(sentences_of(content))
    frequency = Counter(stem for sentence in passage_sentences for stem in sentence.stems)
    weights = {stem: math.log(1 + len(passage_sentences) / count) for stem, count in frequency.items()}
    return _QuotablePassage(weights, tuple(_windows(content, passage_sentences, weights)))


def _windows(content: str, passage_sentences: Sequence[Sentence], weights: Mapping[str, float]) -> Iterator[_Window]:
    for size in range(1, _MOST_SENTENCES + 1):
        for start in range(len(passage_sentences) - size + 1):
            excerpt = passage_sentences[start : start + size]
            span = Span(excerpt[0].span.start, excerpt[-1].span.end)
            if "\n#" in span.of(content) or sum(sentence.words for sentence in excerpt) < LEAST_WORDS:
                continue
            window_stems = tuple(dict.fromkeys(chain.from_iterable(sentence.stems for sentence in excerpt)))
            yield _Window(span, size, window_stems, sum(weights[stem] for stem in window_stems))
