"""A client of a model behind an OpenAI-compatible service. It sends one request, in the dialect of the service.

Retries are in coach/generation/model_answerer.py, because only a request without output may be repeated. A request that
the service refused for its form is adapted and sent again here, which is no retry.

The SDK sends the requests, over aiohttp, and classifies their errors. We decode the bytes of the response into our own
structs, which validates them and takes a third of the SDK's time. Import this module only where a model is used: the
SDK takes 25 MB and up to a second.
"""

import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import Any, Self, TypeAlias

import httpx2
import openai

from plccoach_api import logs
from plccoach_api.coach.llm import context
from plccoach_api.coach.llm.deadline import DeadlineTimer
from plccoach_api.coach.llm.dialect import Dialect
from plccoach_api.coach.llm.errors import INCOMPLETE, ModelError
from plccoach_api.coach.llm.event_stream import EventStreamParser
from plccoach_api.coach.llm.measurement import ModelCall, count_usage
from plccoach_api.coach.llm.messages import Prompt
from plccoach_api.coach.llm.refusals import READ_STATUSES, Refused, refusal_of
from plccoach_api.coach.llm.response import END, FILTERED, Event, ResponseReader, ThoughtPlace, decode_event
from plccoach_api.coach.llm.sdk_errors import as_model_errors
from plccoach_api.coach.llm.thoughts import Reset
from plccoach_api.rules.pricing import KNOWN_PRICES, Prices, Usage, priced_usage
from plccoach_api.rules.stopped_early import StoppedEarly
from plccoach_api.settings import Settings
from plccoach_api.tls import model_tls

_log = logs.get_logger(__name__)

Piece: TypeAlias = str | Reset | StoppedEarly | Usage
"""A piece of a stream: the parts of the text come first, then perhaps why it stopped early, and last the usage."""

_CONNECT_SECONDS = 5.0
_ANSWER_TEMPERATURE = 0.3
_JSON_TEMPERATURE = 0.1
_JSON_TOKENS = 300
_BODY_BYTES = 4 << 20
# The time to read a response to its end, so that its connection can be reused.
_READ_TO_END_SECONDS = 0.5
# The time to wait for another event after the finish reason. Some services never send `[DONE]`, and others send a
# finish reason with every event.
_USAGE_SECONDS = 2.0
# A gateway may have many models.
_MOST_MODELS = 100
# A prompt that is at least so many times as long as the answer may be is shortened before that limit is given up.
_MOSTLY = 2
# More refusals than a service has parameters to refuse.
_MOST_ADAPTATIONS = 12

# Models whose template has the opening tag of the thoughts, so that a server may send only the closing one.
_THINKING_MODEL = re.compile(r"(?:\b|_)(?:r1|qwq|thinking|reason(?:ing|er)?|magistral)(?:\b|_)", re.IGNORECASE)
_FENCED = re.compile(r"\A\s*```\w*\n(.*?)\n?```\s*\Z", re.DOTALL)


class ModelClient:
    """A process has one client for its model, because the client remembers the dialect of the service."""

    def __init__(
        self,
        *,
        base_url: str | None,
        key: str | None,
        name: str,
        timeout: float,
        prices: Prices = KNOWN_PRICES,
        context_tokens: int = 128_000,
        max_tokens: int = 1000,
        reasoning_effort: str | None = None,
    ) -> None:
        """Uses the official service when `base_url` is None. A self-hosted service may need no `key`."""
        self._name = name
        self._prices = prices
        self._max_tokens = max_tokens
        self._json_tokens = min(_JSON_TOKENS, max_tokens)
        self._reasoning_effort = reasoning_effort
        # None until the first answer of the process has shown it.
        self._thoughts_are_unopened: bool | None = True if _THINKING_MODEL.search(name) else None
        # Only a few services end a whole answer without a finish reason. These models do not.
        self._give_finish_reasons: set[str] = set()
        self.dialect = Dialect()
        self.thoughts = ThoughtPlace.nowhere
        """The place of the thoughts in the last response."""
        self._prompt_budget = context.prompt_budget(context_tokens, max_tokens)
        self._client = openai.AsyncOpenAI(
            base_url=base_url or "https://api.openai.com/v1",
            api_key=key or "none",
            timeout=openai.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS)),
            max_retries=0,
            # A redirect would send a question, and perhaps the key, to an address that nobody configured.
            http_client=openai.DefaultAioHttpClient(follow_redirects=False, verify=model_tls()),
        )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            base_url=settings.openai_base_url,
            key=settings.openai_api_key,
            name=settings.openai_model,
            timeout=settings.openai_timeout,
            prices=settings.model_prices,
            context_tokens=settings.openai_context_tokens,
            max_tokens=settings.openai_max_tokens,
            reasoning_effort=settings.openai_reasoning_effort,
        )

    @property
    def prompt_budget(self) -> int:
        """The tokens that a prompt may have: by the settings, and by what the service refused."""
        return min(self._prompt_budget, self.dialect.most_prompt_tokens or self._prompt_budget)

    async def close(self) -> None:
        await self._client.close()

    async def stream_text(
        self, prompt: Prompt, deadline: float, *, can_shorten: bool = False
    ) -> AsyncGenerator[Piece, None]:
        """Yields the deltas of the text without thoughts, then why it stopped early, then the usage.

        A Reset says that the text so far was a thought. Callers look for StoppedEarly before `str`, because it is one.
        Raises ModelError, also when the stream breaks off. `can_shorten` says that the caller has a shorter prompt.
        """
        request = self._request(prompt, self._max_tokens, _ANSWER_TEMPERATURE)
        request |= {"stream": True, "stream_options": {"include_usage": True}}
        reader = ResponseReader(unopened=self._thoughts_are_unopened)
        async with aclosing(self._pieces(request, reader, deadline, can_shorten=can_shorten)) as pieces:
            async for piece in pieces:
                yield piece
        if not reader.finished or (reader.has_bare_end and reader.model in self._give_finish_reasons):
            raise ModelError(INCOMPLETE)
        if reader.stopped_early:
            yield reader.stopped_early
        elif reader.has_finish_reason and len(self._give_finish_reasons) < _MOST_MODELS:
            self._give_finish_reasons.add(reader.model)
        if reader.unopened is False:
            # JSON shows nothing of this kind, because a schema may suppress the thoughts.
            self._thoughts_are_unopened = False
        yield self._end(reader, request["messages"])

    async def complete_json(self, prompt: Prompt, schema: Mapping[str, Any], deadline: float) -> tuple[str, Usage]:
        """Asks for JSON of this schema and returns the text unchecked. Raises ModelError."""
        request = self._request(prompt, self._json_tokens, _JSON_TEMPERATURE)
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
        reader, text = ResponseReader(unopened=self._thoughts_are_unopened), ""
        async with aclosing(self._pieces(request, reader, deadline)) as pieces:
            async for piece in pieces:
                text = "" if isinstance(piece, Reset) else text + piece
        if not reader.has_choices:
            raise ModelError("the response had no choice")
        if reader.stopped_early is StoppedEarly.length:
            # A model that thinks needs more.
            self._json_tokens = self._max_tokens
        fenced = _FENCED.match(text)
        return fenced[1] if fenced else text, self._end(reader, request["messages"])

    async def _pieces(
        self, request: dict[str, Any], reader: ResponseReader, deadline: float, *, can_shorten: bool = False
    ) -> AsyncGenerator[str | Reset, None]:
        output = "json" if "response_format" in request else "text"
        with DeadlineTimer(deadline) as timer, ModelCall(self._name, output) as call:
            try:
                sent = request | {"extra_headers": call.span.headers()}
                async with aclosing(self._events(sent, timer, can_shorten=can_shorten)) as events:
                    async for event in events:
                        call.record_chunk()
                        for piece in reader.read(event):
                            yield piece
                        if reader.is_full:
                            break
                        if reader.finished:
                            timer.end_within(_USAGE_SECONDS)
            except ModelError:
                # When the text is complete, only the usage may be missing.
                if not reader.finished:
                    raise
            finally:
                call.record_tokens(reader.input_tokens, reader.output_tokens)
        for piece in reader.finish():
            yield piece

    def _request(self, prompt: Prompt, max_tokens: int, temperature: float) -> dict[str, Any]:
        request: dict[str, Any] = {
            "messages": context.without_history(prompt, self.prompt_budget),
            "max_tokens": max_tokens,
            "temperature": temperature,
        }
        if self._reasoning_effort:
            request["reasoning_effort"] = self._reasoning_effort
        return request

    async def _events(
        self, request: dict[str, Any], timer: DeadlineTimer, *, can_shorten: bool
    ) -> AsyncGenerator[Event, None]:
        """Yields the events of the response to the first form of the request that the service accepts."""
        adaptation = self.dialect.adaptation()
        with as_model_errors():
            for _ in range(_MOST_ADAPTATIONS):
                sent = adaptation.apply(request)
                async with AsyncExitStack() as stack:
                    try:
                        first, events = await self._send(stack, timer, sent)
                    except Refused as refused:
                        if refused.is_filtered:
                            yield FILTERED
                            return
                        is_too_long = can_shorten and refused.exceeds_context and _is_mostly_prompt(sent)
                        if not is_too_long and adaptation.adapt(sent, refused.status, refused.body):
                            continue
                        raise refused.to_error() from None
                    self.dialect.remember(adaptation)
                    if first.model and isinstance(first.model, str):
                        self.dialect.note_server(first.model)
                    yield first
                    async for event in events:
                        if event.is_error:
                            raise ModelError("the response was an error event")
                        yield event
                    return
        raise ModelError("the service refuses every form of a request", retryable=False)

    async def _send(
        self, stack: AsyncExitStack, timer: DeadlineTimer, request: dict[str, Any]
    ) -> tuple[Event, AsyncGenerator[Event, None]]:
        """Sends a request and waits for the first event. Raises Refused."""
        sending = self._client.chat.completions.with_streaming_response.create(model=self._name, **request)
        try:
            response = await timer.wait(partial(stack.enter_async_context, sending))
        except openai.APIStatusError as error:
            if error.status_code not in READ_STATUSES:
                raise
            raise Refused(error.status_code, error.response.content, error) from None
        events = await stack.enter_async_context(aclosing(_read_events(response.http_response.aiter_bytes(), timer)))
        first = await anext(events, END)
        if first.is_error:
            raise refusal_of(first)
        return first, events

    def _end(self, reader: ResponseReader, prompt: Prompt) -> Usage:
        """Remembers what a response showed of its service, and returns its usage."""
        self._thoughts_are_unopened = reader.unopened or self._thoughts_are_unopened
        self.thoughts = reader.thoughts
        read, written = reader.input_tokens, reader.output_tokens
        if read is not None and context.was_cut(sent := context.prompt_tokens(prompt), read):
            _log.warning(
                "the model read much less than it was sent; its context may be too small", sent=sent, read=read
            )
        usage = (
            Usage(read, written, None)
            if read is None or written is None
            else priced_usage(self._prices, self._name, read, written)
        )
        count_usage(usage)
        return usage


def _is_mostly_prompt(request: Mapping[str, Any]) -> bool:
    """Returns True when the prompt takes much more of the context than the limit of the answer does."""
    limit: int = request.get("max_tokens", request.get("max_completion_tokens", 0))
    return context.prompt_tokens(request["messages"]) >= _MOSTLY * limit


async def _read_events(body: AsyncIterator[bytes], timer: DeadlineTimer) -> AsyncGenerator[Event, None]:
    """Yields the events of a stream, up to `[DONE]`, or the one event of a complete response."""
    parser = EventStreamParser()
    async for part in _parts(body, timer):
        for lines in parser.feed(part):
            for event in decode_event(lines):
                yield event
                if event is END:
                    await _read_to_end(body)
                    return
    for lines in parser.finish():
        for event in decode_event(lines):
            yield event


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
