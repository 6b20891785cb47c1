"""Lines that wait for each other reach the log whole, in order, and soon."""

import asyncio
import io
from select import PIPE_BUF

from plccoach_api.logs.line_buffer import LineBuffer


class Pieces(io.BytesIO):
    """A stream that remembers how it was written to."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, piece: object, /) -> int:
        self.pieces.append(bytes(piece))  # type: ignore[call-overload]
        return len(self.pieces[-1])


async def test_lines_of_one_moment_are_written_together_and_soon() -> None:
    stream = Pieces()
    buffer = LineBuffer(stream)
    buffer.add(b"one")
    buffer.add(b"two")
    assert stream.pieces == []
    await asyncio.sleep(0.2)
    assert stream.pieces == [b"one\ntwo\n"]
    buffer.add(b"three")
    await asyncio.sleep(0.2)
    assert stream.pieces == [b"one\ntwo\n", b"three\n"]


async def test_no_line_is_cut_and_no_piece_is_more_than_a_pipe_takes_whole() -> None:
    stream = Pieces()
    buffer = LineBuffer(stream)
    lines = [b"%d" % number * 150 for number in range(100)]
    for line in lines:
        buffer.add(line)
    buffer.flush()
    assert b"".join(stream.pieces).splitlines() == lines
    assert all(len(piece) <= PIPE_BUF and piece.endswith(b"\n") for piece in stream.pieces)
    assert len(stream.pieces) < len(lines) / 5


async def test_a_line_too_long_for_a_piece_has_one_of_its_own() -> None:
    stream = Pieces()
    buffer = LineBuffer(stream)
    for line in (b"before", b"x" * PIPE_BUF, b"after"):
        buffer.add(line)
    buffer.flush()
    assert stream.pieces == [b"before\n", b"x" * PIPE_BUF + b"\n", b"after\n"]


async def test_flushing_leaves_nothing_to_write() -> None:
    stream = Pieces()
    buffer = LineBuffer(stream)
    buffer.add(b"one")
    buffer.flush()
    buffer.flush()
    await asyncio.sleep(0.05)
    assert stream.pieces == [b"one\n"]
