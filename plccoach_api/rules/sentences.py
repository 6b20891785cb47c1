"""The sentences of a text, as spans of it, so that a quote is always a verbatim part of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CAPITALS = "".join(chr(code) for code in (*range(0x250), *range(0x370, 0x530)) if chr(code).isupper())
# The end of a sentence: a full stop, a question mark or an exclamation mark, with closing quotes or brackets after it,
# then white space, then a capital letter, a digit, or a Spanish opening mark. "e.g. a" does not end, because a small
# letter follows.
_END = re.compile(
    rf"""(?<=[.!?\u2026])["')\]\u201d\u2019\u00bb]*\s+"""
    rf"""(?=["'(\[\u201c\u2018\u201e\u00ab]{{0,2}}[{_CAPITALS}0-9\u00bf\u00a1])"""
)
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dra?|Jr|Mr|Mrs|Ms|Prof|Sra?|St|vs|etc|No|Fig|pp?)\.$")
_CLOSING = "\"')]\u201d\u2019\u00bb"
_LONGEST_ABBREVIATION = 6
_LIST_ITEM = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def sentences(text: str) -> Iterator[Span]:
    """Yields every sentence. A list belongs to the sentence that introduces it. Headings and table rows are none."""
    blocks = list(_blocks(text))
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        if block.of(text).startswith(("#", "| ")):
            continue
        *spans, last = _split(text, block)
        yield from spans
        end = last.end
        introduces = last.of(text).endswith(":")
        while introduces and index < len(blocks) and _LIST_ITEM.match(text, blocks[index].start, blocks[index].end):
            end = blocks[index].end
            index += 1
        yield Span(last.start, end)


def _blocks(text: str) -> Iterator[Span]:
    """Yields the lines that are not empty. A paragraph, a heading and a list item are one line each."""
    for line in re.finditer(r"[^\n]+", text):
        if stripped := line.group().strip():
            start = line.start() + line.group().index(stripped)
            yield Span(start, start + len(stripped))


def _split(text: str, block: Span) -> list[Span]:
    marker = _LIST_ITEM.match(text, block.start, block.end)
    spans, start = [], marker.end() if marker else block.start
    for gap in _END.finditer(text, start, block.end):
        if _ABBREVIATION.search(text, max(start, gap.start() - _LONGEST_ABBREVIATION), gap.start()):
            continue
        closing = len(gap.group()) - len(gap.group().lstrip(_CLOSING))
        spans.append(Span(start, gap.start() + closing))
        start = gap.end()
    return [*spans, Span(start, block.end)]
