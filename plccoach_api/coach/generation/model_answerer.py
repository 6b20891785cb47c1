"""Answers with a model: asks, gates what it says, tries again while nothing was released, and gives up in time."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from plccoach_api import logs, problems
from plccoach_api.coach.answer import Answer, AnswerRequest, Cited, Delta, PartialAnswer, Piece, refusal
from plccoach_api.coach.generation.citation_filter import CitationFilter
from plccoach_api.coach.generation.prompt import INSTRUCTION_NGRAMS, NO_ANSWER, build_prompt
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.pricing import NO_USAGE, UNKNOWN_USAGE, Usage

_RETRIES = 2
_FIRST_PAUSE = 0.5

_log = logs.get_logger(__name__)


class ModelAnswerer:
    """An Answerer. One for a process, so that its breaker sees every failure."""

    def __init__(self, model: ModelClient, breaker: CircuitBreaker) -> None:
        self._model = model
        self._breaker = breaker

    async def answer(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]:
        if not request.passages:
            for piece in refusal(request):
                yield piece
            return
        admission = self._breaker.admit()
        if admission is None:
            raise problems.CoachUnavailable
        try:
            async with aclosing(self._pieces(request)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Answer):
                        admission.succeeded()
                    yield piece
        except ModelError as failure:
            _log.warning("the model failed", reason=failure.reason, tried_again=False)
            if failure.trips_breaker:
                admission.failed()
            raise problems.CoachUnavailable from None
        finally:
            admission.withdrawn()

    async def _pieces(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]:
        usage, failures, strict_retry = NO_USAGE, 0, False
        while True:
            attempt = _Attempt(request)
            try:
                async with aclosing(attempt.pieces(self._model, strict_retry=strict_retry)) as pieces:
                    async for piece in pieces:
                        yield piece
            except ModelError as failure:
                failures += 1
                if attempt.citation_filter.has_output:
                    raise
                await _pause(failure, failures, request.deadline)
                continue
            usage += attempt.usage
            if attempt.citation_filter.has_output:
                yield attempt.answered(usage)
                return
            if strict_retry or attempt.found_nothing:
                for each in refusal(request, usage):
                    yield each
                return
            strict_retry = True


class _Attempt:
    """The model is asked once."""

    def __init__(self, request: AnswerRequest) -> None:
        self._request = request
        self._partial = PartialAnswer()
        self._beginning = ""
        self.citation_filter = CitationFilter(request.passages, request.text, INSTRUCTION_NGRAMS)
        self.usage = UNKNOWN_USAGE

    @property
    def found_nothing(self) -> bool:
        """Whether the model said so itself."""
        return self._beginning.strip("\"'`*. \n").startswith(NO_ANSWER)

    async def pieces(self, model: ModelClient, *, strict_retry: bool) -> AsyncGenerator[Delta | Cited, None]:
        async with aclosing(
            model.write(build_prompt(self._request, strict_retry=strict_retry), self._request.deadline)
        ) as said:
            async for words in said:
                if isinstance(words, Usage):
                    self.usage = words
                    continue
                self._beginning = (self._beginning + words)[:40]
                if self.found_nothing:
                    continue
                for piece in self.citation_filter.feed(words):
                    self._partial.add(piece)
                    yield piece
                if self.citation_filter.leaked_prompt:
                    _log.warning("the model recited its instructions")
                    break
        for piece in self.citation_filter.finish():
            self._partial.add(piece)
            yield piece

    def answered(self, usage: Usage) -> Answer:
        partial, request = self._partial, self._request
        return Answer(MessageKind.answer, partial.content, partial.citations, request.domains, request.usage + usage)


async def _pause(failure: ModelError, failures: int, deadline: float) -> None:
    """Waits before another try; raises the failure when there is none to be made, or no time for it."""
    jitter = random.uniform(0.5, 1)  # noqa: S311 - spreads tries, keeps no secret
    seconds = _FIRST_PAUSE * 2 ** (failures - 1) * jitter if failure.retry_after is None else failure.retry_after
    if not failure.retryable or failures > _RETRIES or time.monotonic() + seconds >= deadline:
        raise failure
    _log.warning("the model failed", reason=failure.reason, tried_again=True)
    await asyncio.sleep(seconds)
