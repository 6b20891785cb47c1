"""The references of an answer's text to its citations."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_REFERENCE = re.compile(r"\[(\d{1,3})\]")
_FENCE = re.compile(r" {0,3}(`{3,9}|~{3,9})")
# A run of backticks ends at the next run of the same length.
_INLINE_CODE = re.compile(r"(?<!`)(`{1,9})(?!`)[^\n]{1,300}?(?<!`)\1(?!`)")


class Reference(NamedTuple):
    """`text[start:end]` is `[number]`."""

    number: int
    start: int
    end: int


def references(text: str) -> Iterator[Reference]:
    """Yields the references in their order. A number in brackets that stands in code is none."""
    fence, position = "", 0
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not line[mark.end() :].strip()
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        else:
            prose = _INLINE_CODE.sub(lambda code: " " * len(code[0]), line)
            for match in _REFERENCE.finditer(prose):
                yield Reference(int(match[1]), position + match.start(), position + match.end())
        position += len(line)


def without_references(text: str) -> str:
    """Returns the text without its references, and without the space before each."""
    kept, end = [], 0
    for reference in references(text):
        kept.append(text[end : reference.start].removesuffix(" "))
        end = reference.end
    return "".join([*kept, text[end:]])
