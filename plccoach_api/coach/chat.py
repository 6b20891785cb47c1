"""Answers with a model: asks, gates what it says, tries again while nothing was released, and gives up in time."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from plccoach_api import logs, problems
from plccoach_api.coach.answer import Answer, Cited, Delta, Draft, Inquiry, Piece, refusal
from plccoach_api.coach.breaker import Breaker
from plccoach_api.coach.failure import Failed
from plccoach_api.coach.gate import Gate
from plccoach_api.coach.model import Model
from plccoach_api.coach.prompt import NO_ANSWER, RECITABLE, prompt
from plccoach_api.coach.spent import NOTHING, UNKNOWN, Spent
from plccoach_api.rules.messages import MessageKind

_RETRIES = 2
_FIRST_PAUSE = 0.5

_log = logs.get_logger(__name__)


class Chat:
    """An Answerer. One for a process, so that its breaker sees every failure."""

    def __init__(self, model: Model, breaker: Breaker) -> None:
        self._model = model
        self._breaker = breaker

    async def answer(self, inquiry: Inquiry) -> AsyncGenerator[Piece, None]:
        if not inquiry.passages:
            for piece in refusal(inquiry):
                yield piece
            return
        admission = self._breaker.admit()
        if admission is None:
            raise problems.CoachUnavailable
        try:
            async with aclosing(self._pieces(inquiry)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Answer):
                        admission.succeeded()
                    yield piece
        except Failed as failure:
            _log.warning("the model failed", reason=failure.reason, tried_again=False)
            if failure.counts:
                admission.failed()
            raise problems.CoachUnavailable from None
        finally:
            admission.withdrawn()

    async def _pieces(self, inquiry: Inquiry) -> AsyncGenerator[Piece, None]:
        spent, failures, firmer = NOTHING, 0, False
        while True:
            attempt = _Attempt(inquiry)
            try:
                async with aclosing(attempt.pieces(self._model, firmer=firmer)) as pieces:
                    async for piece in pieces:
                        yield piece
            except Failed as failure:
                failures += 1
                if attempt.gate.opened:
                    raise
                await _pause(failure, failures, inquiry.deadline)
                continue
            spent += attempt.spent
            if attempt.gate.opened:
                yield attempt.answered(spent)
                return
            if firmer or attempt.found_nothing:
                for each in refusal(inquiry, spent):
                    yield each
                return
            firmer = True


class _Attempt:
    """The model is asked once."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._draft = Draft()
        self._beginning = ""
        self.gate = Gate(inquiry.passages, inquiry.text, RECITABLE)
        self.spent = UNKNOWN

    @property
    def found_nothing(self) -> bool:
        """Whether the model said so itself."""
        return self._beginning.strip("\"'`*. \n").startswith(NO_ANSWER)

    async def pieces(self, model: Model, *, firmer: bool) -> AsyncGenerator[Delta | Cited, None]:
        async with aclosing(model.write(prompt(self._inquiry, firmer=firmer), self._inquiry.deadline)) as said:
            async for words in said:
                if isinstance(words, Spent):
                    self.spent = words
                    continue
                self._beginning = (self._beginning + words)[:40]
                if self.found_nothing:
                    continue
                for piece in self.gate.feed(words):
                    self._draft.add(piece)
                    yield piece
                if self.gate.recited:
                    _log.warning("the model recited its instructions")
                    break
        for piece in self.gate.finish():
            self._draft.add(piece)
            yield piece

    def answered(self, spent: Spent) -> Answer:
        draft, inquiry = self._draft, self._inquiry
        return Answer(MessageKind.answer, draft.content, draft.citations, inquiry.domains, inquiry.spent + spent)


async def _pause(failure: Failed, failures: int, deadline: float) -> None:
    """Waits before another try; raises the failure when there is none to be made, or no time for it."""
    jitter = random.uniform(0.5, 1)  # noqa: S311 - spreads tries, keeps no secret
    seconds = _FIRST_PAUSE * 2 ** (failures - 1) * jitter if failure.after is None else failure.after
    if not failure.again or failures > _RETRIES or time.monotonic() + seconds >= deadline:
        raise failure
    _log.warning("the model failed", reason=failure.reason, tried_again=True)
    await asyncio.sleep(seconds)
