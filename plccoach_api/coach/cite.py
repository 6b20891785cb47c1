"""Makes citations whose quotes are cut from the passage itself."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from plccoach_api.coach.sentences import LEAST_WORDS, Sentence, sentences_of
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


def support(content: str, claim: str, question: str = "") -> Span | None:
    """The sentences of a passage that are closest to a claim; None when there is nothing in it to quote.

    Words are weighed by how few of the passage's sentences have them. A claim that shares no word
    with the passage gets its first sentence: whether it is true is the reader's to judge, and for
    that the quote is there.
    """
    found = sentences_of(content)
    frequency = Counter(stem for sentence in found for stem in sentence.stems)
    weights = {stem: math.log(1 + len(found) / count) for stem, count in frequency.items()}
    wanted = [(frozenset(stems(claim)), 1.0), (frozenset(stems(question)), _QUESTION)]
    best = max(
        _windows(content, found),
        key=lambda window: sum(share * _closeness(words, window, weights) for words, share in wanted),
        default=None,
    )
    if best is not None:
        return Span(best[0].span.start, best[-1].span.end)
    stripped = content.strip()
    start = content.find(stripped)
    return Span(start, start + len(stripped)) if len(stripped.split()) >= LEAST_WORDS else None


def _windows(content: str, found: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    """Runs of sentences that are long enough to quote and that no heading divides."""
    for size in range(1, _SENTENCES + 1):
        for start in range(len(found) - size + 1):
            window = found[start : start + size]
            divided = "\n#" in content[window[0].span.start : window[-1].span.end]
            if not divided and sum(sentence.words for sentence in window) >= LEAST_WORDS:
                yield window


def _closeness(words: frozenset[str], window: Sequence[Sentence], weights: dict[str, float]) -> float:
    """The cosine of two sets of weighted words."""
    held = frozenset().union(*(sentence.stems for sentence in window))
    shared = sum(weights[stem] for stem in held & words)
    if not shared:
        return 0.0
    rarest = max(weights.values())
    whole = sum(weights.get(stem, rarest) for stem in words) * sum(weights[stem] for stem in held)
    return float(_EACH_MORE ** (len(window) - 1)) * shared / math.sqrt(whole)
