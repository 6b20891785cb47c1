"""The tables and the drawing of docs/benchmark-growth.md."""

import math
import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape

from tests.tools.bench.growth.measure import Line, Point
from tests.tools.bench.report import table

# A cost that grows by less than this in all is not said to grow: machines are noisy.
_NOISE = 1.3

_WIDTH, _HEIGHT = 800, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 300, 20, 44
_SIZES = "conversations, passages or sessions"
_COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#e377c2", "#17becf")


def markdown(lines: Sequence[Line]) -> str:
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} CPUs shared by client, server and database. Milliseconds of a request that is alone, and in "
        "brackets its processor time: worker + PostgreSQL. *Growth*: the processor time at the largest size divided by "
        "that at the smallest, beside the same ratio of the logarithms of the sizes."
    )
    text = [about]
    for grows in dict.fromkeys(line.grows for line in lines):
        of_these = [line for line in lines if line.grows == grows]
        sizes = [f"{point.size:,}" for point in of_these[0].points]
        head = ["", *sizes, "growth", "logarithm"]
        text += ["", f"### {grows.capitalize()}", "", *table(head, map(_cells, of_these))]
    return "\n".join(text) + "\n"


def _cells(line: Line) -> list[str]:
    growth, logarithm = _growth(line.points)
    verdict = "✓" if growth <= max(logarithm, _NOISE) else "✗"
    return [f"`{line.name}`", *map(_cell, line.points), f"{growth:.1f} {verdict}", f"{logarithm:.1f}"]


def _cell(point: Point) -> str:
    return f"{point.milliseconds:.1f} ({point.cost.worker:.1f} + {point.cost.database:.1f})"


def _growth(points: Sequence[Point]) -> tuple[float, float]:
    first, last = points[0], points[-1]
    return last.processor / first.processor, math.log(last.size) / math.log(first.size)


def drawing(lines: Sequence[Line]) -> str:
    """Returns an SVG: the processor time of each request by size, both axes logarithmic."""
    sizes = [point.size for line in lines for point in line.points]
    costs = [point.processor for line in lines for point in line.points]
    x = _Axis(min(sizes), max(sizes), _LEFT, _WIDTH - _RIGHT)
    y = _Axis(min(costs), max(costs), _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"',
        ' font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        *_grid(x, y),
    ]
    ends: list[float] = []
    for number, line in enumerate(sorted(lines, key=lambda each: -each.points[-1].processor)):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x.of(point.size):.1f},{y.of(point.processor):.1f}" for point in line.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x.of(point.size):.1f}" cy="{y.of(point.processor):.1f}" r="3" fill="{colour}"/>'
            for point in line.points
        ]
        # The names stand below each other, in the order in which the lines end.
        ends.append(max(y.of(line.points[-1].processor) + 4, ends[-1] + 14 if ends else 0))
        name = f'<text x="{_WIDTH - _RIGHT + 12}" y="{ends[-1]:.1f}" fill="{colour}">{escape(line.name)}</text>'
        parts.append(name)
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    def __init__(self, lowest: float, highest: float, begin: float, end: float) -> None:
        self._from, self._to = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
        self._begin, self._end = begin, end

    def of(self, value: float) -> float:
        share = (math.log10(value) - self._from) / (self._to - self._from or 1)
        return self._begin + share * (self._end - self._begin)

    def marks(self) -> list[float]:
        return [10.0**power for power in range(self._from, self._to + 1)]


def _grid(x: _Axis, y: _Axis) -> Iterator[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    for mark in x.marks():
        at = x.of(mark)
        yield f'<path d="M{at:.1f} {_TOP}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{at:.1f}" y="{bottom + 16}" text-anchor="middle" fill="#444">{mark:,.0f}</text>'
    for mark in y.marks():
        at = y.of(mark)
        yield f'<path d="M{_LEFT} {at:.1f}H{right}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#444">{mark:g} ms</text>'
    middle = (_LEFT + right) / 2
    yield f'<text x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle" fill="#444">{_SIZES}</text>'
