"""A model behind an OpenAI-compatible service: one request, its answer as it comes, and how it failed.

The SDK makes the requests, over aiohttp, and tells how they failed. What comes is read from its bytes
and decoded into structs of ours, which checks it and takes a third of the time. This module is imported only by
who uses a model, because the SDK takes 25 MB and up to a second.
"""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing, contextmanager
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import httpx2
import msgspec
import openai

from plccoach_api.coach.llm.deadline import Deadline
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.llm.messages import Prompt
from plccoach_api.rules.pricing import UNKNOWN_USAGE, Prices, Usage, price

_CONNECT_SECONDS = 5.0
_ANSWER_TOKENS = 1000
_ANSWER_TEMPERATURE = 0.3
_DECISION_TEMPERATURE = 0.1
_DECISION_TOKENS = 300
# A service that does not keep to the limit of tokens is not listened to for longer.
_ANSWER_CHARACTERS = 16_000
_BODY_BYTES = 4 << 20
# After the last event a connection that is read to its end can be used again.
_END_SECONDS = 0.5

# Another try may succeed; the others are refused for what they ask.
_PASSING = frozenset({408, 409, 429})
_SERVER_ERROR = 500
# The service is well: it did not like this one request.
_REQUESTS_OWN_FAULT = frozenset({400, 413, 422})


class _Usage(msgspec.Struct, frozen=True):
    prompt_tokens: int
    completion_tokens: int


class _Words(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Words | None = None
    message: _Words | None = None
    finish_reason: str | None = None


class _Event(msgspec.Struct, frozen=True):
    """A chunk of a stream, or the whole of what is not streamed."""

    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None

    @property
    def finished(self) -> bool:
        return bool(self.choices and self.choices[0].finish_reason)

    @property
    def words(self) -> str:
        """Of the first choice: more were not asked for."""
        choice = self.choices[0] if self.choices else _Choice()
        return (choice.delta and choice.delta.content) or (choice.message and choice.message.content) or ""


_decode_event = msgspec.json.Decoder(_Event).decode


class ModelClient:
    def __init__(self, *, base_url: str | None, key: str | None, name: str, timeout: float, prices: Prices) -> None:
        """Without a `base_url` the official service; a service of one's own may need no `key`."""
        self._name = name
        self._prices = prices
        self._client = openai.AsyncOpenAI(
            base_url=base_url or "https://api.openai.com/v1",
            api_key=key or "none",
            timeout=openai.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS)),
            max_retries=0,
            http_client=openai.DefaultAioHttpClient(),
        )

    async def close(self) -> None:
        await self._client.close()

    async def write(self, prompt: Prompt, deadline: float) -> AsyncGenerator[str | Usage, None]:
        """Its words as they come, then what they cost. Raises Failed, also for an answer that just breaks off."""
        request: dict[str, Any] = {
            "messages": prompt,
            "max_tokens": _ANSWER_TOKENS,
            "temperature": _ANSWER_TEMPERATURE,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        left, finished, usage = _ANSWER_CHARACTERS, False, UNKNOWN_USAGE
        async with AsyncExitStack() as stack:
            until = stack.enter_context(Deadline(deadline))
            with _failures():
                body = await self._send(stack, until, request)
            events = await stack.enter_async_context(aclosing(_events(body, until)))
            async for event in events:
                if words := event.words[:left]:
                    yield words
                left -= len(words)
                usage = self._usage(event.usage) if event.usage else usage
                finished = finished or event.finished or not left
                if not left:
                    break
        if not finished:
            raise ModelError("an answer broke off")
        yield usage

    async def decide(self, prompt: Prompt, schema: Mapping[str, Any], deadline: float) -> tuple[str, Usage]:
        """A JSON text that was to be of this schema: it is not checked here."""
        request: dict[str, Any] = {
            "messages": prompt,
            "max_tokens": _DECISION_TOKENS,
            "temperature": _DECISION_TEMPERATURE,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }
        async with AsyncExitStack() as stack:
            until = stack.enter_context(Deadline(deadline))
            with _failures():
                body = await self._send(stack, until, request)
                whole = b"".join([part async for part in _parts(body, until)])
                event = _decode(whole)
        if not event.choices:
            raise ModelError("no choice")
        return event.words, self._usage(event.usage) if event.usage else UNKNOWN_USAGE

    async def _send(self, stack: AsyncExitStack, until: Deadline, request: dict[str, Any]) -> AsyncIterator[bytes]:
        sent = self._client.chat.completions.with_streaming_response.create(model=self._name, **request)
        response = await until.wait(partial(stack.enter_async_context, sent))
        body: AsyncIterator[bytes] = response.http_response.aiter_bytes()
        return body

    def _usage(self, usage: _Usage) -> Usage:
        return price(self._prices, self._name, usage.prompt_tokens, usage.completion_tokens)


async def _events(body: AsyncIterator[bytes], until: Deadline) -> AsyncGenerator[_Event, None]:
    """The events of a stream, up to the one that says it is done."""
    rest = b""
    with _failures():
        async for part in _parts(body, until):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                data = line.removeprefix(b"data:").strip()
                if not line.startswith(b"data:") or not data:
                    continue
                if data == b"[DONE]":
                    await _read_to_end(body)
                    return
                yield _decode(data)


async def _parts(body: AsyncIterator[bytes], until: Deadline) -> AsyncGenerator[bytes, None]:
    size, read = 0, partial(anext, body, None)
    while (part := await until.wait(read)) is not None:
        size += len(part)
        if size > _BODY_BYTES:
            raise ModelError("an answer was too large")
        yield part


async def _read_to_end(body: AsyncIterator[bytes]) -> None:
    try:
        with Deadline(time.monotonic() + _END_SECONDS) as until:
            await until.wait(partial(anext, body, None))
    except (ModelError, httpx2.HTTPError):
        return


def _decode(data: bytes) -> _Event:
    try:
        event = _decode_event(data)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # Some services send the halves of a surrogate pair one by one, which only this decoder takes.
        event = msgspec.convert(json.loads(data), _Event)
    if event.error is not None:
        raise ModelError("an error came as an event")
    return event


@contextmanager
def _failures() -> Iterator[None]:
    """Whatever went wrong, as Failed; without the original, whose text is the service's."""
    try:
        yield
    except openai.APIStatusError as error:
        status = error.status_code
        raise ModelError(
            f"status {status}",
            retryable=status in _PASSING or status >= _SERVER_ERROR,
            trips_breaker=status not in _REQUESTS_OWN_FAULT,
            retry_after=_retry_after(error.response.headers),
        ) from None
    except (openai.APITimeoutError, httpx2.TimeoutException):
        raise ModelError("a timeout") from None
    except (openai.APIConnectionError, httpx2.HTTPError, httpx2.StreamError):
        raise ModelError("the connection broke") from None
    except openai.OpenAIError:
        raise ModelError("the request could not be made", retryable=False) from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise ModelError("it was not understood") from None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, or a date."""
    value = headers.get("retry-after", "")
    try:
        if value.isascii() and value.isdecimal():
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
