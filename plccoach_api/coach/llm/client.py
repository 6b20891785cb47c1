"""A client of a model behind an OpenAI-compatible service. It sends one request.

Retries are in coach/generation/model_answerer.py, because only a request without output may be repeated.

The SDK sends the requests, over aiohttp, and classifies their errors. We decode the bytes of the response into our own
structs, which validates them and takes a third of the SDK's time. Import this module only where a model is used: the
SDK takes 25 MB and up to a second.
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

from plccoach_api.coach.llm.deadline import DeadlineTimer
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.llm.messages import Prompt
from plccoach_api.rules.pricing import UNKNOWN_USAGE, Prices, Usage, priced_usage

_CONNECT_SECONDS = 5.0
_ANSWER_TOKENS = 1000
_ANSWER_TEMPERATURE = 0.3
_JSON_TEMPERATURE = 0.1
_JSON_TOKENS = 300
# Cuts off an answer from a service that ignores `max_tokens`.
_ANSWER_CHARACTERS = 16_000
_BODY_BYTES = 4 << 20
# The time to read a response to its end, so that its connection can be reused.
_READ_TO_END_SECONDS = 0.5

# A retry may succeed after one of these, and after every 5xx.
_RETRYABLE_STATUSES = frozenset({408, 409, 429})
_SERVER_ERROR = 500
# These reject one request and do not mean that the service fails.
_INVALID_REQUEST_STATUSES = frozenset({400, 413, 422})


class _Usage(msgspec.Struct, frozen=True):
    prompt_tokens: int
    completion_tokens: int


class _Content(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Content | None = None
    message: _Content | None = None
    finish_reason: str | None = None


class _Event(msgspec.Struct, frozen=True):
    """One event of a stream, or the complete response of a request that does not stream."""

    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None

    @property
    def finished(self) -> bool:
        return bool(self.choices and self.choices[0].finish_reason)

    @property
    def text(self) -> str:
        """The text of the first choice. We request only one."""
        choice = self.choices[0] if self.choices else _Choice()
        return (choice.delta and choice.delta.content) or (choice.message and choice.message.content) or ""


_decode_event = msgspec.json.Decoder(_Event).decode


class ModelClient:
    def __init__(self, *, base_url: str | None, key: str | None, name: str, timeout: float, prices: Prices) -> None:
        """Uses the official service when `base_url` is None. A self-hosted service may need no `key`."""
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

    async def stream_text(self, prompt: Prompt, deadline: float) -> AsyncGenerator[str | Usage, None]:
        """Yields the deltas of the text, then the usage. Raises ModelError, also when the stream breaks off."""
        request: dict[str, Any] = {
            "messages": prompt,
            "max_tokens": _ANSWER_TOKENS,
            "temperature": _ANSWER_TEMPERATURE,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        characters_left, finished, usage = _ANSWER_CHARACTERS, False, UNKNOWN_USAGE
        async with AsyncExitStack() as stack:
            timer = stack.enter_context(DeadlineTimer(deadline))
            with _as_model_errors():
                body = await self._send(stack, timer, request)
            events = await stack.enter_async_context(aclosing(_events(body, timer)))
            async for event in events:
                if delta := event.text[:characters_left]:
                    yield delta
                characters_left -= len(delta)
                usage = self._priced(event.usage) if event.usage else usage
                finished = finished or event.finished or not characters_left
                if not characters_left:
                    break
        if not finished:
            raise ModelError("the response was incomplete")
        yield usage

    async def complete_json(self, prompt: Prompt, schema: Mapping[str, Any], deadline: float) -> tuple[str, Usage]:
        """Asks for JSON of this schema and returns the text unchecked. Raises ModelError."""
        request: dict[str, Any] = {
            "messages": prompt,
            "max_tokens": _JSON_TOKENS,
            "temperature": _JSON_TEMPERATURE,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }
        async with AsyncExitStack() as stack:
            timer = stack.enter_context(DeadlineTimer(deadline))
            with _as_model_errors():
                body = await self._send(stack, timer, request)
                event = _decode(b"".join([part async for part in _parts(body, timer)]))
        if not event.choices:
            raise ModelError("the response had no choice")
        return event.text, self._priced(event.usage) if event.usage else UNKNOWN_USAGE

    async def _send(self, stack: AsyncExitStack, timer: DeadlineTimer, request: dict[str, Any]) -> AsyncIterator[bytes]:
        sending = self._client.chat.completions.with_streaming_response.create(model=self._name, **request)
        response = await timer.wait(partial(stack.enter_async_context, sending))
        body: AsyncIterator[bytes] = response.http_response.aiter_bytes()
        return body

    def _priced(self, usage: _Usage) -> Usage:
        return priced_usage(self._prices, self._name, usage.prompt_tokens, usage.completion_tokens)


async def _events(body: AsyncIterator[bytes], timer: DeadlineTimer) -> AsyncGenerator[_Event, None]:
    """Yields the events of a stream, up to `[DONE]`."""
    rest = b""
    with _as_model_errors():
        async for part in _parts(body, timer):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                data = line.removeprefix(b"data:").strip()
                if not line.startswith(b"data:") or not data:
                    continue
                if data == b"[DONE]":
                    await _read_to_end(body)
                    return
                yield _decode(data)


async def _parts(body: AsyncIterator[bytes], timer: DeadlineTimer) -> AsyncGenerator[bytes, None]:
    size, read = 0, partial(anext, body, None)
    while (part := await timer.wait(read)) is not None:
        size += len(part)
        if size > _BODY_BYTES:
            raise ModelError("the response was too large")
        yield part


async def _read_to_end(body: AsyncIterator[bytes]) -> None:
    try:
        with DeadlineTimer(time.monotonic() + _READ_TO_END_SECONDS) as timer:
            await timer.wait(partial(anext, body, None))
    except (ModelError, httpx2.HTTPError):
        return


def _decode(data: bytes) -> _Event:
    try:
        event = _decode_event(data)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # Some services send the halves of a surrogate pair one by one. Only `json` accepts that.
        event = msgspec.convert(json.loads(data), _Event)
    if event.error is not None:
        raise ModelError("the response was an error event")
    return event


@contextmanager
def _as_model_errors() -> Iterator[None]:
    """Raises a ModelError for every failure. The original error is dropped, because the service wrote its text."""
    try:
        yield
    except openai.APIStatusError as error:
        status = error.status_code
        raise ModelError(
            f"status {status}",
            retryable=status in _RETRYABLE_STATUSES or status >= _SERVER_ERROR,
            trips_breaker=status not in _INVALID_REQUEST_STATUSES,
            retry_after=_retry_after(error.response.headers),
        ) from None
    except (openai.APITimeoutError, httpx2.TimeoutException):
        raise ModelError("the request timed out") from None
    except (openai.APIConnectionError, httpx2.HTTPError, httpx2.StreamError):
        raise ModelError("the connection failed") from None
    except openai.OpenAIError:
        raise ModelError("the request could not be sent", retryable=False) from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise ModelError("the response could not be decoded") from None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Reads the header, which holds seconds or a date."""
    value = headers.get("retry-after", "")
    try:
        if value.isascii() and value.isdecimal():
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
