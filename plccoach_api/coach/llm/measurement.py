"""Measures the requests to a model, as the semantic conventions of OpenTelemetry for generative AI name them."""

import asyncio
import time
from types import TracebackType
from typing import Self

from plccoach_api import metrics
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.rules.pricing import Usage

_CHAT = "chat"


class ModelCall:
    """One request to a model, with the requests that only adapt its form. It ends with the block."""

    __slots__ = ("_has_chunk", "_model", "_output", "_started")

    def __init__(self, model: str, output: str) -> None:
        """`output` is `text` for an answer and `json` for a routing."""
        self._model = model
        self._output = output
        self._has_chunk = False

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        seconds = time.monotonic() - self._started
        metrics.MODEL_CALLS.observe(seconds, _CHAT, self._output, self._model, _error_type(error))

    def record_chunk(self) -> None:
        if not self._has_chunk:
            self._has_chunk = True
            metrics.FIRST_CHUNKS.observe(time.monotonic() - self._started, _CHAT, self._output, self._model)


def _error_type(error: BaseException | None) -> str:
    if isinstance(error, ModelError):
        return error.label
    # A reader stopped the answer, or the text so far is enough.
    if isinstance(error, GeneratorExit | asyncio.CancelledError):
        return "cancelled"
    return "" if error is None else "other"


def count_usage(usage: Usage) -> None:
    metrics.MODEL_TOKENS.inc("input", by=usage.input_tokens or 0)
    metrics.MODEL_TOKENS.inc("output", by=usage.output_tokens or 0)
    metrics.MODEL_COST.inc(by=float(usage.cost_usd or 0))
