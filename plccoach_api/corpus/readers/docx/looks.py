"""Finds the headings of a DOCX that has no styles for them: short lines in bold or larger type."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from plccoach_api.corpus.readers.docx.values import is_on, number_of, value_of
from plccoach_api.corpus.readers.headings import parse_heading
from plccoach_api.corpus.readers.levelled_blocks import LevelledBlock
from plccoach_api.corpus.readers.page_lists import has_leaders

_LONGEST_HEADING = 120
_SENTENCE_END = re.compile(r"[.;,:?!\u3002\uff0c\uff1a\uff1b\uff01\uff1f][\"')\u201d\u2019]*$")
# Word counts in half points. A size of 0 is that of the style.
_LARGER = 2
_LEAST_TITLE_SIZE = 40


class Look(NamedTuple):
    size: int
    is_bold: bool


PLAIN = Look(0, is_bold=False)


def look_of(paragraph: Any) -> Look:
    """Returns how a paragraph looks if all of its words look alike."""
    looks = {_look_of_run(run) for run in paragraph.iter(qn("w:r")) if any(each.text for each in run.iter(qn("w:t")))}
    return looks.pop() if len(looks) == 1 else PLAIN


def _look_of_run(run: Any) -> Look:
    properties = run.find(qn("w:rPr"))
    return Look(number_of(value_of(properties, "w:sz"), 0), is_on(properties, "w:b"))


def with_headings(blocks: Sequence[LevelledBlock], looks: Sequence[Look]) -> list[LevelledBlock]:
    """Returns the blocks with levels if none of them has one. Those like `Chapter 4` stand above the others.

    If all of them have one, as in some laws, they are text.
    """
    if all(block.level for block in blocks):
        return [replace(block, level=0) for block in blocks]
    if any(block.level for block in blocks):
        return list(blocks)
    sizes = Counter[int]()
    for block, look in zip(blocks, looks, strict=True):
        sizes[look.size] += len(block.paragraph.text)
    body = sizes.most_common(1)[0][0] if sizes else 0
    marked = [
        at
        for at, (block, look) in enumerate(zip(blocks, looks, strict=True))
        if _may_be_heading(block.paragraph.text) and (look.is_bold or look.size >= max(body, 1) + _LARGER)
    ]
    numbered = [at for at in marked if parse_heading(blocks[at].paragraph.text)]
    if not numbered:
        numbered = [at for at, block in enumerate(blocks) if parse_heading(block.paragraph.text)]
    tops = set(numbered) if len(numbered) > 1 else _largest(marked, looks)
    # A text most of which is bold has no headings.
    if not tops or 2 * sum(len(blocks[at].paragraph.text) for at in marked) > sizes.total():
        return list(blocks)
    # The first line is the book's title if no heading is larger.
    has_title = 0 in marked and 0 not in tops and looks[0].size >= max(looks[at].size for at in tops)
    top = 2 if has_title else 1
    levels = dict.fromkeys(marked, top + 1) | dict.fromkeys(tops, top) | ({0: 1} if has_title else {})
    return [replace(block, level=levels.get(at, 0)) for at, block in enumerate(blocks)]


def title_in_large_type(blocks: Sequence[LevelledBlock], looks: Sequence[Look]) -> str | None:
    """Returns the largest line above the first heading, for a title page that has no style for the title."""
    first = next((at for at, block in enumerate(blocks) if block.level), 0)
    texts = [block.paragraph.text for block in blocks[:first]]
    large = [at for at in range(first) if looks[at].size >= _LEAST_TITLE_SIZE and _may_be_heading(texts[at])]
    return texts[max(large, key=lambda at: looks[at].size)] if large else None


def _largest(marked: Sequence[int], looks: Sequence[Look]) -> set[int]:
    """Returns the headings of the largest size that at least two of them share."""
    sizes = Counter(looks[at].size for at in marked)
    size = max((size for size, count in sizes.items() if count > 1), default=None)
    return {at for at in marked if looks[at].size == size}


def _may_be_heading(text: str) -> bool:
    is_short = len(text) <= _LONGEST_HEADING and "\n" not in text and any(map(str.isalpha, text))
    return is_short and not has_leaders(text) and (not _SENTENCE_END.search(text) or parse_heading(text) is not None)
