"""The lines of a Markdown text, with those on one line that belong together: formulas and marks of a template.

Front matter may stand in the middle, where the files of a site were joined. Its title is a heading.
"""

import re
from collections.abc import Iterator, Sequence

from plccoach_api.corpus.readers.markdown.formulas import ENVIRONMENTS
from plccoach_api.corpus.readers.markdown.unclosed import read_lines

Line = tuple[str, bool]
"""A line, and whether it belongs to code or HTML."""

_MARKS = (
    *(("$$", "$$"), ("{%", "%}"), ("{{", "}}")),
    *((f"\\begin{{{name}", f"\\end{{{name}") for name in ENVIRONMENTS),
)
_MOST_LINES = 60
_KEY = re.compile(r"[A-Za-z][\w-]{0,40}:(?:\s.*)?$")
# The options of a directive of MyST may stand in front matter, too.
_DIRECTIVE = re.compile(r"\s*:{3,}\s*\{")
# A list of the files of a book. In a fence of backticks, it is code.
_TOCTREE = re.compile(r"\s*(?P<fence>:{3,})[ \t]*\{toctree\}")
_MOST_LISTED = 1000
_VALUE = re.compile(r"[ \t]+\S|-\s|#")
_TITLE = re.compile(r"title:\s+(?P<quote>[\"']?)(?P<title>.{1,300}?)(?P=quote)\s*$")


def joined_lines(text: str) -> list[Line]:
    return [*_with_whole_marks([*_without_toctrees([*_without_front_matter([*read_lines(text)])])])]


def _with_whole_marks(lines: Sequence[Line]) -> Iterator[Line]:
    at = 0
    while at < len(lines):
        line, is_code = lines[at]
        end = None if is_code else _end_of_mark(lines, at)
        if end is None:
            yield lines[at]
            at += 1
        else:
            yield " ".join([line.rstrip(), *(each.strip() for each, _ in lines[at + 1 : end + 1])]), False
            at = end + 1


def _end_of_mark(lines: Sequence[Line], at: int) -> int | None:
    """Returns the line that closes what a line opens and does not close; None for any other line."""
    line = lines[at][0]
    closing = next((closing for opening, closing in _MARKS if _is_open(line, opening, closing)), None)
    if closing is None:
        return None
    for end in range(at + 1, min(at + _MOST_LINES, len(lines))):
        following, is_code = lines[end]
        if is_code or not following.strip():
            return None
        if closing in following:
            return end
    return None


def _is_open(line: str, opening: str, closing: str) -> bool:
    if opening == closing:
        return line.count(opening) % 2 == 1
    return line.rfind(opening) > line.rfind(closing)


def _without_toctrees(lines: Sequence[Line]) -> Iterator[Line]:
    at = 0
    while at < len(lines):
        end = _end_of_toctree(lines, at)
        if end is None:
            yield lines[at]
        at = at + 1 if end is None else end + 1


def _end_of_toctree(lines: Sequence[Line], at: int) -> int | None:
    """Returns the line that closes the toctree that a line opens; None for any other line."""
    line, is_code = lines[at]
    opening = None if is_code else _TOCTREE.match(line)
    if opening is None:
        return None
    following = range(at + 1, min(at + _MOST_LISTED, len(lines)))
    return next((end for end in following if lines[end][0].strip() == opening["fence"]), None)


def _without_front_matter(lines: Sequence[Line]) -> Iterator[Line]:
    at = 0
    while at < len(lines):
        end = _end_of_front_matter(lines, at)
        if end is None:
            yield lines[at]
            at += 1
            continue
        title = next((match for line, _ in lines[at:end] if (match := _TITLE.match(line))), None)
        yield from (("", False), (f"# {title['title']}", False), ("", False)) if title else (("", False),)
        at = end + 1


def _end_of_front_matter(lines: Sequence[Line], at: int) -> int | None:
    """Returns the line `---` below keys and their values that begin after the line `---`."""
    above = lines[at - 1][0] if at else ""
    is_start = lines[at] == ("---", False) and (not above.strip() or _DIRECTIVE.match(above) is not None)
    if not is_start or at + 1 == len(lines) or not _KEY.match(lines[at + 1][0]):
        return None
    for end in range(at + 2, min(at + _MOST_LINES, len(lines))):
        line, is_code = lines[end]
        if line.rstrip() in {"---", "..."}:
            return end
        if is_code or not (_KEY.match(line) or _VALUE.match(line)):
            return None
    return None
