"""Clients that only record when each delta arrives, so that the client itself is not measured."""

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import cast
from urllib.parse import urlsplit

from tests.events import name_line

_DELTA = name_line("content_delta")
_COMPLETE = name_line("message_complete")
_MODELS_DELTA = b'"delta": {"role"'
_MODELS_END = b"data: [DONE]"
_ANSWER_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of a request, and the byte strings that mark a delta and the end in the response."""

    request: bytes
    delta: bytes
    end: bytes


@dataclass(slots=True)
class Read:
    """The times of one stream, in seconds of `time.perf_counter`."""

    asked: float
    deltas: list[float] = field(default_factory=list)
    ended: float | None = None
    """None when the stream broke before its last event."""
    error: str = ""

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """The gaps between deltas, each after the moment of its end."""
        return [(after, after - before) for before, after in pairwise(self.deltas)]


class _Reader(asyncio.Protocol):
    def __init__(self, stream: Stream, done: asyncio.Future[None]) -> None:
        self.read = Read(time.perf_counter())
        self._stream = stream
        self._done = done
        self._rest = b""
        self._overlap = max(len(stream.delta), len(stream.end)) - 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio.Transport.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._stream.request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if not self.read.deltas and data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 200"):
            self.read.error = data.decode(errors="replace")[:400]
        text = self._rest + data
        # Deltas that arrive together have no gap between them.
        self.read.deltas += [now] * text.count(self._stream.delta)
        if self._stream.end in text:
            self.read.ended = now
            self._transport.close()
        # Only the end of the text is kept: a mark may arrive in two parts.
        last = text.rfind(self._stream.delta)
        self._rest = text[max(last + len(self._stream.delta) if last >= 0 else 0, len(text) - self._overlap) :]

    def connection_lost(self, error: Exception | None) -> None:
        if self.read.ended is None:
            self.read.error = self.read.error or f"the connection was closed: {error}"
        if not self._done.done():
            self._done.set_result(None)


def of_service(url: str, path: str, cookie: str, question: str) -> Stream:
    body = b'{"content": "%s"}' % question.encode()
    return Stream(_post(url, path, body, f"Cookie: {cookie}\r\n"), _DELTA, _COMPLETE)


def of_model(url: str) -> Stream:
    """Reads the model directly, which shows the best that this machine can do."""
    return Stream(_post(url, "/v1/chat/completions", b'{"stream": true}', ""), _MODELS_DELTA, _MODELS_END)


async def read_all(url: str, streams: Sequence[Stream], *, ramp: float) -> list[Read]:
    """Opens the streams at random moments within `ramp` seconds, the same in each run, and reads each to its end.

    The moments are random because people do not ask at an even pace. At a pace that divides the model's, the deltas of
    all streams would arrive together.
    """
    # A garbage collection of this process would be measured as a pause of the service.
    gc.collect()
    gc.disable()
    chance = Random(1)
    moments = sorted(chance.uniform(0.0, ramp) for _ in streams)
    tasks = []
    began = time.perf_counter()
    for moment, stream in zip(moments, streams, strict=True):
        await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
        tasks.append(asyncio.create_task(_read(url, stream)))
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        gc.enable()


async def _read(url: str, stream: Stream) -> Read:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    _, reader = await loop.create_connection(lambda: _Reader(stream, done), address.hostname, address.port)
    while not done.done():
        so_far = len(reader.read.deltas)
        await asyncio.wait({done}, timeout=_ANSWER_SECONDS)
        if not done.done() and len(reader.read.deltas) == so_far:
            reader.read.error = f"no delta for {_ANSWER_SECONDS:.0f} s"
            break
    return reader.read


def _post(url: str, path: str, body: bytes, headers: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n{headers}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
