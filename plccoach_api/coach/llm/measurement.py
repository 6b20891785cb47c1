"""Measures and traces the requests to a model, as the conventions of OpenTelemetry for generative AI name them."""

import asyncio
import time
from types import TracebackType
from typing import Self

from plccoach_api import metrics, tracing
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.rules.pricing import Usage
from plccoach_api.tracing import conventions

_CHAT = "chat"
_CANCELLED = "cancelled"


class ModelCall:
    """One request to a model, with the requests that only adapt its form. It ends with the block."""

    __slots__ = ("_has_chunk", "_model", "_output", "_started", "span")

    def __init__(self, model: str, output: str) -> None:
        """`output` is `text` for an answer and `json` for a routing."""
        self._model = model
        self._output = output
        self._has_chunk = False

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        self.span = tracing.client_span(
            f"{_CHAT} {self._model}",
            {
                conventions.GEN_AI_OPERATION: _CHAT,
                conventions.GEN_AI_PROVIDER: conventions.OPENAI,
                conventions.GEN_AI_MODEL: self._model,
                conventions.GEN_AI_OUTPUT: self._output,
            },
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        seconds, error_type = time.monotonic() - self._started, _error_type(error)
        metrics.MODEL_CALLS.observe(seconds, _CHAT, self._output, self._model, error_type)
        with self.span as span:
            if error_type == _CANCELLED:
                # A cancelled call is no error, so its span does not get the status of one.
                span.set(conventions.ERROR_TYPE, error_type)
            elif error_type:
                span.fail(error_type)

    def record_chunk(self) -> None:
        if not self._has_chunk:
            self._has_chunk = True
            seconds = time.monotonic() - self._started
            metrics.FIRST_CHUNKS.observe(seconds, _CHAT, self._output, self._model)
            self.span.set(conventions.GEN_AI_FIRST_CHUNK, seconds)

    def record_tokens(self, read: int | None, written: int | None) -> None:
        if read is not None:
            self.span.set(conventions.GEN_AI_INPUT_TOKENS, read)
        if written is not None:
            self.span.set(conventions.GEN_AI_OUTPUT_TOKENS, written)


def _error_type(error: BaseException | None) -> str:
    if isinstance(error, ModelError):
        return error.label
    # A reader stopped the answer, or the text so far is enough.
    if isinstance(error, GeneratorExit | asyncio.CancelledError):
        return _CANCELLED
    return "" if error is None else "other"


def count_usage(usage: Usage) -> None:
    metrics.MODEL_TOKENS.inc("input", by=usage.input_tokens or 0)
    metrics.MODEL_TOKENS.inc("output", by=usage.output_tokens or 0)
    metrics.MODEL_COST.inc(by=float(usage.cost_usd or 0))
