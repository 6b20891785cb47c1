"""Finds the code and the HTML of a Markdown text, and opens nothing that the text never closes.

By the rules of Markdown, a fence, a comment or a `<script>` without an end takes the rest of the text. In a book that
is a slip of the pen, and the rest are its chapters. So the opening mark is taken out, and the text after it is read.
"""

import re
from collections.abc import Iterator, Sequence

_OPENING_FENCE = re.compile(
    r"\s*+(?:(?:[-*+]|\d{1,9}[.)])\s++)*+(?P<mark>`{3,}+(?![^`]*`)|`{3,}+(?=\{(?!.*```))|~{3,}+)"
)
_CLOSING_FENCE = re.compile(r"\s*+(?P<mark>`{3,}+|~{3,}+)\s*+")
_HTML = re.compile(
    r" {0,3}(?P<open><!--|<\?|<!\[CDATA\[|<![a-z]|<(?:script|pre|style|textarea)(?=[\s>]|$)[^<>]*>?)", re.IGNORECASE
)
_COMMENT = "<!--"
_RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_ENDS = {"<!--": "-->", "<?": "?>", "<![": "]]>"}


def read_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yields each line, and whether it belongs to code or HTML that is closed."""
    lines = text.split("\n")
    fences = _closing_lengths(lines)
    html = _HtmlEnds(lines)
    fence = ""
    end_of_html = -1
    for at, line in enumerate(lines):
        if at <= end_of_html:
            yield line, True
        elif fence:
            yield line, True
            fence = "" if _closes(line, fence) else fence
        elif mark := _OPENING_FENCE.match(line):
            fence = mark["mark"] if fences[mark["mark"][0]][at + 1] >= len(mark["mark"]) else ""
            # The options of a chunk of R may have backticks, and common Markdown knows no such fence.
            options = line[mark.end("mark") :].replace("`", "'")
            yield (line[: mark.end("mark")] + options, True) if fence else (line[: mark.start("mark")], False)
        elif (tag := _HTML.match(line)) and (found := html.end_of(tag["open"], at)) is not None:
            end_of_html = found
            yield line, True
        else:
            yield line.replace(tag["open"], "", 1) if tag else line, False


def _closes(line: str, fence: str) -> bool:
    mark = _CLOSING_FENCE.fullmatch(line)
    return mark is not None and mark["mark"].startswith(fence)


def _closing_lengths(lines: Sequence[str]) -> dict[str, list[int]]:
    """Returns for each mark of a fence the longest closing fence at or after each line."""
    longest = {"`": [0] * (len(lines) + 1), "~": [0] * (len(lines) + 1)}
    for at in range(len(lines) - 1, -1, -1):
        mark = _CLOSING_FENCE.fullmatch(lines[at])
        for character, lengths in longest.items():
            own = len(mark["mark"]) if mark and mark["mark"][0] == character else 0
            lengths[at] = max(own, lengths[at + 1])
    return longest


class _HtmlEnds:
    """The next line, at or after each line, that has the end of a kind of HTML. None stands for no such line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._next: dict[str, list[int | None]] = {}

    def end_of(self, opening: str, at: int) -> int | None:
        """Returns the line that closes what opens in a line. A comment in which another one begins has no end."""
        kind = _ENDS.get(opening[:4]) or _ENDS.get(opening[:3]) or _ENDS.get(opening[:2])
        end = self._next_line(kind or (">" if opening.startswith("<!") else "</"))[at]
        if opening != _COMMENT or end is None or end == at:
            return end
        another = self._next_line(_COMMENT)[at + 1]
        if another is None or another > end:
            return end
        is_behind = another == end and self._lines[end].index("-->") < self._lines[end].index(_COMMENT)
        return end if is_behind else None

    def _next_line(self, mark: str) -> list[int | None]:
        if mark not in self._next:
            found: list[int | None] = [None] * (len(self._lines) + 1)
            for at in range(len(self._lines) - 1, -1, -1):
                line = self._lines[at]
                has_mark = _RAW_END.search(line) is not None if mark == "</" else mark in line
                found[at] = at if has_mark else found[at + 1]
            self._next[mark] = found
        return self._next[mark]
