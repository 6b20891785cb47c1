"""The writer of log lines: it never blocks, it keeps lines whole, and it counts the lines that it drops."""

import json
import os
from collections.abc import Iterator

import pytest

from plccoach_api.logs.writer import LineWriter


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe; a test may close them."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def read_all(descriptor: int) -> list[bytes]:
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        return stream.read().splitlines()


def test_lines_arrive_whole_and_in_their_order(pipe: tuple[int, int]) -> None:
    reader, end = pipe
    writer = LineWriter(end)
    sent = [b"%d %s" % (number, b"x" * (number % 90)) for number in range(500)]
    for line in sent:
        writer.write(line + b"\n")
    writer.drain()
    os.close(end)
    assert read_all(reader) == sent


def test_a_pipe_that_nobody_reads_blocks_no_caller_and_the_dropped_lines_are_counted_later(
    pipe: tuple[int, int],
) -> None:
    reader, end = pipe
    writer = LineWriter(end, max_lines=100)
    line = b"x" * 999 + b"\n"
    for _ in range(1000):
        writer.write(line)
    writer.drain(0.05)
    kept = b""
    while b"dropped" not in kept:
        kept += os.read(reader, 1 << 16)
    lines = kept.splitlines()
    report = json.loads(lines.pop())
    assert (report["event"], report["level"]) == ("log lines dropped", "warning")
    assert lines == [line.rstrip()] * (1000 - report["count"])
    assert 100 <= len(lines) < 1000


def test_long_lines_are_bounded_by_their_bytes(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], max_bytes=300_000)
    for _ in range(10):
        writer.write(b"x" * 99_999 + b"\n")
    writer.drain(0.05)
    kept = b""
    while b"dropped" not in kept:
        kept += os.read(pipe[0], 1 << 16)
    assert len(kept.splitlines()) < 10


def test_a_reader_that_is_gone_raises_nothing(pipe: tuple[int, int]) -> None:
    reader, end = pipe
    writer = LineWriter(end)
    os.close(reader)
    writer.write(b"one\n")
    writer.drain()
    writer.write(b"two\n")
    writer.drain()


def test_a_process_without_standard_output_drops_its_lines() -> None:
    writer = LineWriter(None)
    writer.write(b"one\n")
    writer.drain()
