"""The sentences of a passage, in which the items of a list that no sentence introduces are one."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from plccoach_api.coach.generation.selection.glossaries import term_of
from plccoach_api.coach.generation.selection.readable import MOST_LIST_WORDS, QUESTION_END, is_readable
from plccoach_api.coach.generation.sentences import HEADING, Sentence, sentence_at, sentences_of
from plccoach_api.rules.sentences import Span, in_list, sentences


def with_lists(content: str) -> Iterator[Sentence]:
    """Yields the sentences. The items directly below a heading are one, if none of them is a sentence."""
    items: list[Sentence] = []
    is_below_heading, end = False, 0
    for sentence in _sentences(content):
        is_first = HEADING.search(content, end, sentence.span.start) is not None
        end = sentence.span.end
        is_item = (is_first or is_below_heading) and _is_fragment(content, sentence)
        if is_first or not is_item:
            yield from _joined(content, items)
            items = []
        is_below_heading = is_item
        if is_item:
            items.append(sentence)
        else:
            yield sentence
    yield from _joined(content, items)


def _sentences(content: str) -> Iterator[Sentence]:
    """Yields the sentences. The items of a long list that are too many for an answer are sentences of their own."""
    for sentence in sentences_of(content):
        if sentence.words <= MOST_LIST_WORDS or "\n" not in sentence.text:
            yield sentence
            continue
        lines = [
            Span(sentence.span.start + line.start(), sentence.span.start + line.end()) for line in _lines(sentence)
        ]
        count = _fitting([len(line.of(content).split()) for line in lines])
        if count:
            yield sentence_at(content, Span(lines[0].start, lines[count - 1].end))
        for line in lines[count:]:
            for part in sentences(line.of(content)):
                yield sentence_at(content, Span(line.start + part.start, line.start + part.end))


def _lines(sentence: Sentence) -> Iterator[re.Match[str]]:
    return re.finditer(r"[^\n]+", sentence.text)


def _is_fragment(content: str, sentence: Sentence) -> bool:
    return (
        "\n" not in sentence.text
        and in_list(content, sentence.span)
        and not term_of(sentence.text)
        and not QUESTION_END.search(sentence.text)
        and not is_readable(sentence, is_item=True)
    )


def _joined(content: str, items: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yields the first items of a list together, and the others alone."""
    count = _fitting([item.words for item in items])
    if count:
        start = content.rfind("\n", 0, items[0].span.start) + 1
        yield sentence_at(content, Span(start, items[count - 1].span.end))
    yield from items[count:]


def _fitting(words: Sequence[int]) -> int:
    """Returns how many lines of so many words fit into a list; none if only the first one does."""
    count = bisect_right([*accumulate(words)], MOST_LIST_WORDS)
    return count if count > 1 else 0
