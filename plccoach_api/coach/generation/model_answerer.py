"""The answerer that asks a model, filters its text, and retries while it has released nothing."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

from plccoach_api import logs, metrics, problems
from plccoach_api.coach.answer import Answer, AnswerRequest, Cited, Delta, PartialAnswer, Piece, refusal, reply
from plccoach_api.coach.generation.citation_filter import CitationFilter
from plccoach_api.coach.generation.prompt import INSTRUCTION_NGRAMS, NO_ANSWER, fit_prompt
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.llm.thoughts import Reset
from plccoach_api.embedding.local import load_word_vectors
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.pricing import NO_USAGE, UNKNOWN_USAGE, Usage
from plccoach_api.rules.questions.replies import replies_to
from plccoach_api.rules.stopped_early import StoppedEarly

_log = logs.get_logger(__name__)


class ModelAnswerer:
    """A process has one ModelAnswerer, so that its circuit breaker counts the failures of all questions."""

    def __init__(
        self, client: ModelClient, breaker: CircuitBreaker, *, retry_pauses: Sequence[float] = (0.5, 1.0)
    ) -> None:
        """`retry_pauses` has the seconds before each retry. A pause that the service asks for replaces it."""
        self._client = client
        self._breaker = breaker
        self._retry_pauses = retry_pauses

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
                        admission.record_success()
                    yield piece
        except ModelError as error:
            _log.warning("model request failed", reason=error.reason, retried=False)
            metrics.MODEL_FAILURES.inc("answer", error.label)
            if error.trips_breaker:
                admission.record_failure()
            raise problems.CoachUnavailable from None
        finally:
            admission.release()

    async def _pieces(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]:
        usage, failures, strict_retry = NO_USAGE, 0, False
        while True:
            started = time.monotonic()
            attempt = _Attempt(request, self._client.prompt_budget, strict_retry=strict_retry)
            try:
                async with aclosing(attempt.pieces(self._client)) as pieces:
                    async for piece in pieces:
                        yield piece
            except ModelError as error:
                if attempt.citation_filter.has_output:
                    raise
                if error.exceeds_context and not attempt.fitted.is_shortest:
                    self._client.dialect.shorten_prompts(attempt.fitted.tokens)
                    _record_retry(error)
                    continue
                await self._pause(error, failures, request.deadline)
                failures += 1
                continue
            usage += attempt.usage
            if attempt.citation_filter.has_output:
                yield attempt.to_answer(usage)
                return
            ended = time.monotonic()
            # A second answer that takes as long as the first would only be a later refusal, or a failure.
            is_too_late = ended + (ended - started) > request.deadline
            # After an attempt that stopped early, another would stop there too.
            if strict_retry or attempt.has_no_answer or attempt.stopped_early or is_too_late:
                for each in attempt.to_refusal(usage):
                    yield each
                return
            strict_retry = True

    async def _pause(self, error: ModelError, failures: int, deadline: float) -> None:
        """Waits before a retry. Raises the error when a retry cannot help, or would begin after the deadline."""
        if not error.retryable or failures == len(self._retry_pauses):
            raise error
        jitter = random.uniform(0.5, 1)  # noqa: S311 - it spreads retries and protects no secret
        seconds = self._retry_pauses[failures] * jitter if error.retry_after is None else error.retry_after
        if time.monotonic() + seconds >= deadline:
            raise error
        _record_retry(error)
        await asyncio.sleep(seconds)


def _record_retry(error: ModelError) -> None:
    _log.warning("model request failed", reason=error.reason, retried=True)
    metrics.MODEL_FAILURES.inc("answer", error.label)


class _Attempt:
    """One request to the model."""

    def __init__(self, request: AnswerRequest, budget: int, *, strict_retry: bool) -> None:
        self._request = request
        self.fitted = fit_prompt(request, budget, strict_retry=strict_retry)
        self._partial = PartialAnswer()
        self._beginning = ""
        self.citation_filter = self._new_filter()
        self.usage = UNKNOWN_USAGE
        self.stopped_early: StoppedEarly | None = None

    @property
    def has_no_answer(self) -> bool:
        """True when the model replied that the passages hold no answer."""
        return self._beginning.strip("\"'`*. \n").startswith(NO_ANSWER)

    async def pieces(self, client: ModelClient) -> AsyncGenerator[Delta | Cited, None]:
        # The claims of the answer are judged with the vectors of words, whose file takes a moment to load.
        await load_word_vectors()
        prompt, can_shorten = self.fitted.prompt, not self.fitted.is_shortest
        async with aclosing(client.stream_text(prompt, self._request.deadline, can_shorten=can_shorten)) as deltas:
            async for delta in deltas:
                if isinstance(delta, Usage):
                    self.usage = delta
                    continue
                if isinstance(delta, StoppedEarly):
                    self.stopped_early = delta
                    continue
                if isinstance(delta, Reset):
                    self._forget()
                    continue
                self._beginning = (self._beginning + delta)[:40]
                if self.has_no_answer:
                    continue
                for piece in self.citation_filter.feed(delta):
                    self._partial.add(piece)
                    yield piece
                if self.citation_filter.leaked_prompt:
                    _log.warning("the model repeated its instructions")
                    break
        for piece in self.citation_filter.finish():
            self._partial.add(piece)
            yield piece
        if self.stopped_early and self.citation_filter.has_output:
            note = Delta(f"\n\n{replies_to(self._request.text).cut_by(self.stopped_early)}")
            self._partial.add(note)
            yield note

    def _forget(self) -> None:
        """Drops the text so far, which was a thought. What a reader has seen stays."""
        if not self.citation_filter.has_output:
            self._beginning = ""
            self.citation_filter = self._new_filter()

    def _new_filter(self) -> CitationFilter:
        """Returns a filter for the passages that are in the prompt."""
        passages = self._request.passages[: self.fitted.passages]
        return CitationFilter(passages, self._request.text, INSTRUCTION_NGRAMS)

    def to_answer(self, usage: Usage) -> Answer:
        partial, request = self._partial, self._request
        return Answer(
            MessageKind.answer,
            partial.content,
            partial.citations,
            request.domains,
            request.usage + usage,
            stopped_early=self.stopped_early,
        )

    def to_refusal(self, usage: Usage) -> Iterator[Piece]:
        """Yields the pieces of a reply that says why there is no answer."""
        request, reason = self._request, self.stopped_early
        if reason is None or self.has_no_answer:
            return refusal(request, usage)
        return reply(MessageKind.refusal, replies_to(request.text).none_by(reason), request.usage + usage, reason)
