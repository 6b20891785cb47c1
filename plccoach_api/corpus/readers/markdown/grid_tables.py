"""Pandoc's tables with borders, which the editor of Quarto writes, as common tables.

+------+--------+
| Team | Days   |
+======+========+
| Blue | Monday |
+------+--------+
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_BORDER = re.compile(r"\+(?:[-=:]{3,1000}\+){1,60}")
_ROW = re.compile(r"[|+].*[|+]")
_MOST_LINES = 2_000


def with_common_tables(lines: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yields the lines, each with whether it is code."""
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        if end is None:
            yield lines[at]
            at += 1
        else:
            yield from ((line, False) for line in _common([line.strip() for line, _ in lines[at:end]]))
            at = end


def _end(lines: Sequence[tuple[str, bool]], at: int) -> int | None:
    """Returns the line after the table that begins here; None for any other line."""
    if lines[at][1] or not _BORDER.fullmatch(lines[at][0].strip()):
        return None
    end = at + 1
    while end < min(len(lines), at + _MOST_LINES) and not lines[end][1] and _ROW.fullmatch(lines[end][0].strip()):
        end += 1
    return end if end > at + 1 else None


def _common(table: Sequence[str]) -> Iterator[str]:
    edges = [at for at, character in enumerate(table[0]) if character == "+"]
    rows: list[list[str]] = [[]]
    for line in table:
        if _BORDER.fullmatch(line):
            rows.append([])
        else:
            rows[-1].append(line)
    yield ""
    for at, row in enumerate(filter(None, rows)):
        yield f"| {' | '.join(_cells(row, edges))} |"
        if at == 0:
            yield f"|{'---|' * (len(edges) - 1)}"
    yield ""


def _cells(row: Sequence[str], edges: Sequence[int]) -> list[str]:
    """Joins the lines of each cell. Wide letters move the borders of a line, so these are counted instead."""
    cells: list[list[str]] = [[] for _ in edges[1:]]
    for line in row:
        is_straight = all(line[edge : edge + 1] in {"|", "+"} for edge in edges)
        straight = [line[start + 1 : end] for start, end in pairwise(edges)]
        texts = straight if is_straight else line.split("|")[1:-1]
        for cell, text in zip(cells, texts, strict=False):
            cell.append(text.strip())
    return [" ".join(filter(None, cell)).replace("|", "\\|") for cell in cells]
