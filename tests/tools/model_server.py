"""A model's HTTP service on loopback whose replies are scripted by a test.

It speaks the wire formats of `/v1/chat/completions` (streamed with usage, or complete) and `/v1/embeddings`, and it can
fail in many ways. The fixture `model_server` runs one in a thread, and `serve` runs one as a program.
"""

import asyncio
import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

_DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Received:
    """A request from a client."""

    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def messages(self) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = self.body["messages"]
        return messages

    @property
    def system(self) -> str:
        return "\n".join(message["content"] for message in self.messages if message["role"] == "system")


@dataclass(frozen=True)
class Say:
    """An answer in these deltas. A request without streaming gets them as one text.

    `finish=None` leaves the finish reason out, `cut` breaks the connection after that many chunks, and `usage=None`
    sends no usage. With `next_delta` each delta after the first waits until the test releases the semaphore.
    """

    deltas: Sequence[str]
    interval: float = 0.0
    delay: float = 0.0
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (1200, 300)
    cut: int | None = None
    next_delta: threading.Semaphore | None = None


@dataclass(frozen=True)
class Fail:
    """A status of an error, after `delay` seconds."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "UPSTREAM SECRET", "type": "server_error"}}'
    delay: float = 0.0


@dataclass(frozen=True)
class Raw:
    """A 200 with these bytes as its body, `repeat` times."""

    body: bytes
    content_type: str = "text/event-stream"
    repeat: int = 1


@dataclass(frozen=True)
class Parts:
    """A 200 whose body comes in these parts. With `hang` the connection then stays open without an end."""

    parts: Sequence[bytes]
    content_type: str = "text/event-stream"
    hang: bool = False


@dataclass(frozen=True)
class Hang:
    """No reply until the client disconnects. With `head` it sends the head of a 200 first."""

    head: bool = False


@dataclass(frozen=True)
class HangUp:
    """The server closes the connection without a reply."""


Reply = Say | Fail | Raw | Parts | Hang | HangUp
Script = Reply | Callable[[Received], Reply]


class ModelServer:
    """Gives each chat request the next reply of the script. After the last one it gives `otherwise`."""

    def __init__(self, otherwise: Script | None = None) -> None:
        self.otherwise: Script = otherwise or Say(["Teams [1]."])
        self.embeddings: Script = Say([])
        self.dimensions = 8
        self.requests: list[Received] = []
        self.connections: list[asyncio.StreamWriter] = []
        self.abandoned = 0
        self.port = 0
        self._script: deque[Script] = deque()
        self._changed = threading.Condition()
        self._encoded: dict[int, tuple[Say, list[bytes]]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Received]:
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    def say(self, *script: Script) -> None:
        self._script.extend(script)

    def wait_until(self, condition: Callable[["ModelServer"], bool], seconds: float = 5) -> None:
        """Blocks until the condition is true. It is checked after each request and each disconnected client."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), seconds), "the condition did not become true in time"

    async def listen(self, port: int = 0) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, backlog=1024, limit=1 << 22)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        try:
            while (request := await _read(reader)) is not None:
                self._record(request)
                if not await self._reply(request, reader, writer):
                    break
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            self._record_abandoned()
        except asyncio.CancelledError:
            # The server stops. asyncio would print the traceback of a cancelled connection.
            return
        finally:
            writer.close()

    def _record(self, request: Received) -> None:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()

    def _record_abandoned(self) -> None:
        with self._changed:
            self.abandoned += 1
            self._changed.notify_all()

    async def _reply(self, request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Returns True when the connection can be used again."""
        embed = request.path.endswith("/embeddings")
        match self._next(request, embed=embed):
            case Say() if embed:
                return await _respond(writer, json.dumps(_embeddings(request.body, self.dimensions)).encode())
            case Say() as say if request.body.get("stream"):
                return await self._stream(say, request, writer)
            case Say() as say:
                await asyncio.sleep(say.delay)
                return await _respond(writer, json.dumps(_completion(say)).encode())
            case Fail() as fail:
                await asyncio.sleep(fail.delay)
                return await _respond(writer, fail.body.encode(), fail.status, fail.headers)
            case Raw() as raw:
                await _raw(writer, raw)
            case Parts() as parts:
                await _parts(writer, parts)
                if not parts.hang:
                    return True
                await reader.read(1)
                self._record_abandoned()
            case Hang() as hang:
                writer.write(_STREAM_HEAD if hang.head else b"")
                await reader.read(1)
                self._record_abandoned()
            case HangUp():
                pass
        return False

    def _next(self, request: Received, *, embed: bool) -> Reply:
        chat = self._script.popleft() if self._script and not embed else self.otherwise
        script = self.embeddings if embed else chat
        return script(request) if callable(script) else script

    async def _stream(self, reply: Say, request: Received, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(reply.delay)
        writer.write(_STREAM_HEAD)
        started = time.monotonic()
        for index, chunk in enumerate(self._chunks(reply)):
            if index == reply.cut:
                await writer.drain()
                writer.transport.abort()
                return False
            if reply.interval:
                await asyncio.sleep(max(0.0, started + index * reply.interval - time.monotonic()))
            released = not (reply.next_delta and index) or await asyncio.to_thread(reply.next_delta.acquire, timeout=5)
            if not released or writer.transport.is_closing():
                raise ConnectionResetError
            writer.write(chunk)
            if writer.transport.get_write_buffer_size() > 1 << 16:
                await writer.drain()
        writer.write(_ending(reply, with_usage=bool((request.body.get("stream_options") or {}).get("include_usage"))))
        await writer.drain()
        return True

    def _chunks(self, reply: Say) -> list[bytes]:
        """Encodes each reply once, because a benchmark sends it very often."""
        cached = self._encoded.get(id(reply))
        if cached is None:
            # The reply is cached with its chunks, so that no other object gets its id.
            cached = (reply, [_framed(_event(choices=[_choice(delta)])) for delta in reply.deltas])
            self._encoded[id(reply)] = cached
        return cached[1]


_STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


async def _read(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    line, *lines = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(line.split(" ")[1], headers, json.loads(body or b"null"))


def _choice(text: str | None, finish: str | None = None) -> dict[str, Any]:
    delta = {"role": "assistant", "content": text} if text is not None else {}
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _event(*, choices: list[dict[str, Any]], usage: dict[str, int] | None = None) -> bytes:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    return b"data: " + json.dumps({**chunk, "choices": choices, "usage": usage}).encode() + b"\n\n"


def _framed(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def _ending(reply: Say, *, with_usage: bool) -> bytes:
    events = [_event(choices=[_choice(None, reply.finish)])] if reply.finish else []
    if with_usage and reply.usage:
        events.append(_event(choices=[], usage=_usage(reply.usage)))
    return b"".join(map(_framed, [*events, _DONE])) + b"0\r\n\r\n"


def _completion(reply: Say) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(reply.deltas), "refusal": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish}],
        "usage": _usage(reply.usage) if reply.usage else None,
    }


def _embeddings(body: Mapping[str, Any], dimensions: int) -> dict[str, Any]:
    """Derives the vector from the text: equal texts get equal vectors of unit length."""
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    data = []
    for index, text in enumerate(texts):
        seed = hashlib.shake_256(str(text).encode()).digest(body.get("dimensions") or dimensions)
        length = sum((byte - 127.5) ** 2 for byte in seed) ** 0.5
        vector = [(byte - 127.5) / length for byte in seed]
        data.append({"object": "embedding", "index": index, "embedding": vector})
    tokens = sum(len(str(text).split()) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": body.get("model"), "data": data, "usage": usage}


async def _respond(
    writer: asyncio.StreamWriter, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> bool:
    all_headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    writer.write(f"HTTP/1.1 {status} Scripted\r\n{lines}\r\n".encode() + body)
    await writer.drain()
    return True


async def _raw(writer: asyncio.StreamWriter, reply: Raw) -> bool:
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {reply.content_type}\r\nConnection: close\r\n\r\n".encode())
    for _ in range(reply.repeat):
        writer.write(reply.body)
        await writer.drain()
    return False


async def _parts(writer: asyncio.StreamWriter, reply: Parts) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {reply.content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode())
    for part in filter(None, reply.parts):
        writer.write(_framed(part))
        # The client may read this part alone.
        await asyncio.sleep(0)
    writer.write(b"" if reply.hang else b"0\r\n\r\n")
    await writer.drain()


ROUTED = json.dumps(
    {
        "primary_domain": "collaboration",
        "secondary_domains": [],
        "needs_clarification": False,
        "clarification_question": None,
    }
)


def counted_replies(request: Received) -> Reply:
    """Replies to a question's routing and to the question, each with its tokens."""
    return Say(["Teams [1]."], usage=(1200, 300)) if request.body.get("stream") else Say([ROUTED], usage=(500, 20))


def words(deltas: int) -> list[str]:
    """Returns an answer in that many deltas. Each is a sentence that every passage on teams supports."""
    return ["Teams [1]. "] * deltas


def talkative(deltas: int, interval: float) -> Callable[[Received], Reply]:
    """Returns a script that routes every question and answers it at an even pace."""
    answer, decision = Say(words(deltas), interval=interval), Say([ROUTED])
    return lambda request: answer if request.body.get("stream") else decision


@contextmanager
def serving(otherwise: Script | None = None) -> Iterator[ModelServer]:
    """Runs a model server in its own thread."""
    model, ready = ModelServer(otherwise), threading.Event()
    stop: list[Callable[[], object]] = []

    async def main() -> None:
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        async with await model.listen():
            ready.set()
            await stopped.wait()
            # Clients may hold connections open, or wait for a reply that never comes.
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield model
    finally:
        stop[0]()
        thread.join(5)


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    with serving() as model:
        yield model


async def serve(port: int, reply: Script) -> None:
    """Prints the server's address and serves until the process ends."""
    model = ModelServer(reply)
    async with await model.listen(port) as server:
        print(model.url, flush=True)
        await server.serve_forever()
