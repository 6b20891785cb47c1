"""Tries the configured model on everything that an answer needs, and says which settings to use.

Each check sends a request of its own through the client that answers questions, so that a check which passes shows that
questions work. Nothing of a key or of an address is in the notes.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from plccoach_api import ids, problems
from plccoach_api.coach.answer import AnswerRequest, final_answer
from plccoach_api.coach.generation.model_answerer import ModelAnswerer
from plccoach_api.coach.llm.circuit_breaker import CircuitBreaker
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.coach.llm.context import prompt_tokens, shorter_length
from plccoach_api.coach.llm.errors import CONNECTION_FAILED, DEADLINE_PASSED, EXCEEDS_CONTEXT, TIMED_OUT, ModelError
from plccoach_api.coach.llm.messages import Prompt
from plccoach_api.coach.llm.response import ThoughtPlace
from plccoach_api.coach.model_check.context import (
    LEAST_PROMPT_TOKENS,
    LONG_PROMPT_TOKENS,
    judge_accepted,
    judge_failure,
    judge_reading,
    long_text,
)
from plccoach_api.coach.model_check.embeddings import check_embeddings
from plccoach_api.coach.model_check.finding import ModelFinding
from plccoach_api.coach.retrieval.model_router import ROUTING_SECONDS, ModelRouter
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.pricing import UNKNOWN_USAGE, Usage
from plccoach_api.rules.stopped_early import StoppedEarly
from plccoach_api.settings import LONGEST_ANSWER_SECONDS, AnswererKind, EmbedderKind, Settings

_SENTENCE = "A norm is a promise about conduct that every member of the team agreed to."
_QUESTION = "What is a norm?"
_PROBE: Prompt = [
    {"role": "system", "content": "Reply with one sentence."},
    {"role": "user", "content": "Say what a team is."},
]


@dataclass(slots=True)
class _Reply:
    """The course of one request."""

    pieces: int = 0
    first_seconds: float = 0.0
    seconds: float = 0.0
    usage: Usage = UNKNOWN_USAGE
    thoughts: ThoughtPlace = ThoughtPlace.nowhere
    stopped_early: StoppedEarly | None = None


class ModelCheck:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = ModelClient.of(settings)

    async def run(self) -> list[ModelFinding]:
        """Returns the checks. Without a reply to the first request, most are left out.

        The model of a service that only makes vectors is not asked.
        """
        has_vectors = self._settings.embeddings is EmbedderKind.openai
        is_used = self._settings.answerer is AnswererKind.openai
        try:
            checks = await self._model_checks() if is_used or not has_vectors else []
        finally:
            await self._client.close()
        if checks and not is_used:
            checks.insert(0, _unused())
        return [*checks, *(await check_embeddings(self._settings) if has_vectors else ())]

    async def connect(self) -> ModelFinding:
        """Sends the first request only."""
        try:
            await self._ask(_PROBE)
        except ModelError as error:
            return _unreachable(error)
        finally:
            await self._client.close()
        return ModelFinding(check="connection", ok=True, note=f"the model {self._settings.openai_model} replies")

    async def _model_checks(self) -> list[ModelFinding]:
        try:
            first = await self._ask(_PROBE)
            # The client withholds the first answer of an unknown model to its end, so only a second one streams.
            reply = await self._ask(_PROBE)
        except ModelError as error:
            return [_unreachable(error)]
        answer = await _tried("answer", self._answer)
        context = await _tried("context", partial(self._context, reply))
        # The last request, because a server may go on with a routing that was given up, and others would wait for it.
        routing = await _tried("routing", self._routing)
        shown = (self._connection(reply), self._form(), self._usage(first), self._thoughts(first), self._speed(reply))
        return [*shown, answer, routing, context]

    async def _ask(self, prompt: Prompt) -> _Reply:
        reply = _Reply()
        await self._read(reply, prompt)
        return reply

    async def _read(self, reply: _Reply, prompt: Prompt, *, can_shorten: bool = False) -> None:
        started = time.monotonic()
        sent = self._client.stream_text(prompt, self._deadline(), can_shorten=can_shorten)
        async with aclosing(sent) as pieces:
            async for piece in pieces:
                if isinstance(piece, StoppedEarly):
                    reply.stopped_early = piece
                elif isinstance(piece, str):
                    reply.pieces += 1
                    reply.first_seconds = reply.first_seconds or time.monotonic() - started
                elif isinstance(piece, Usage):
                    reply.usage = piece
        reply.seconds, reply.thoughts = time.monotonic() - started, self._client.thoughts

    def _deadline(self) -> float:
        return time.monotonic() + self._settings.answer_timeout

    def _connection(self, reply: _Reply) -> ModelFinding:
        streams = "it streams" if reply.pieces > 1 else "its answers come in one piece"
        return ModelFinding(
            check="connection", ok=True, note=f"the model {self._settings.openai_model} replies, and {streams}"
        )

    def _form(self) -> ModelFinding:
        forms = self._client.dialect.describe()
        adapted = ", ".join(f"{name}: {form}" for name, form in forms.items())
        return ModelFinding(
            check="request", ok=True, note=f"adapted by itself ({adapted})" if adapted else "nothing had to be adapted"
        )

    def _usage(self, reply: _Reply) -> ModelFinding:
        if reply.usage.input_tokens is None or reply.usage.output_tokens is None:
            note = "the service does not report tokens, so that costs are unknown"
            return ModelFinding(check="usage", ok=False, note=note, needed=False)
        if reply.usage.cost_usd is None:
            note = "the service reports tokens; the price of the model is unknown"
            setting = f'MODEL_PRICES={{"{self._settings.openai_model}": {{"input": 0, "output": 0}}}}'
            return ModelFinding(check="usage", ok=True, note=note, setting=setting)
        return ModelFinding(
            check="usage", ok=True, note="the service reports tokens, and the price of the model is known"
        )

    def _thoughts(self, reply: _Reply) -> ModelFinding:
        if reply.stopped_early is StoppedEarly.length:
            return ModelFinding(
                check="thoughts",
                ok=False,
                note="the model reached its limit of tokens in one sentence, perhaps by thinking",
                setting=f"OPENAI_MAX_TOKENS={max(4000, 4 * self._settings.openai_max_tokens)}",
            )
        place = reply.thoughts
        thinks = place is not ThoughtPlace.nowhere and self._settings.openai_max_tokens < 2000  # noqa: PLR2004
        note = (
            "the model shows no thoughts" if place is ThoughtPlace.nowhere else f"the model thinks {place}; not shown"
        )
        return ModelFinding(check="thoughts", ok=True, note=note, setting="OPENAI_MAX_TOKENS=4000" if thinks else None)

    def _speed(self, reply: _Reply) -> ModelFinding:
        limit = self._settings.answer_timeout
        note = f"{reply.first_seconds:.1f} s to the first words, {reply.seconds:.1f} s for a sentence"
        slow = reply.seconds > limit / 4
        setting = f"ANSWER_TIMEOUT={min(LONGEST_ANSWER_SECONDS, round(8 * reply.seconds))}" if slow else None
        return ModelFinding(check="speed", ok=not slow, note=note, setting=setting, needed=False)

    async def _answer(self) -> ModelFinding:
        answerer = ModelAnswerer(self._client, CircuitBreaker(), retry_pauses=())
        request = AnswerRequest(text=_QUESTION, passages=(_passage(),), deadline=self._deadline())
        try:
            answer = await final_answer(answerer.answer(request))
        except problems.CoachUnavailable:
            if time.monotonic() < request.deadline:
                raise
            note = f"the model did not end its answer within {self._settings.answer_timeout:g} s"
            setting = "a longer ANSWER_TIMEOUT, or a smaller OPENAI_MAX_TOKENS"
            return ModelFinding(check="answer", ok=False, note=note, setting=setting)
        if answer.kind is MessageKind.answer:
            return ModelFinding(check="answer", ok=True, note="the model answers and cites its passage")
        note = "the model did not cite the passage that answers the question; a larger model may"
        return ModelFinding(check="answer", ok=False, note=note, setting="OPENAI_MODEL")

    async def _routing(self) -> ModelFinding:
        try:
            routing, _ = await ModelRouter(self._client, CircuitBreaker()).route(_QUESTION, (), self._deadline())
        except ModelError as error:
            if not error.missed_deadline:
                raise
            seconds = min(ROUTING_SECONDS, self._settings.answer_timeout)
            note = f"the model needs more than {seconds:g} s to route a question; questions are routed without it"
            return ModelFinding(check="routing", ok=False, note=note, needed=False)
        form = self._client.dialect.describe().get("response_format", "json_schema")
        if routing is None:
            note = f"the JSON of the model does not fit ({form}); questions are routed without the model"
            return ModelFinding(check="routing", ok=False, note=note, needed=False)
        return ModelFinding(check="routing", ok=True, note=f"the model routes questions ({form})")

    async def _context(self, short: _Reply) -> ModelFinding:
        """`short` is the reply to a short prompt."""
        prompt = _long_prompt(min(LONG_PROMPT_TOKENS, self._client.prompt_budget))
        sent, reply = prompt_tokens(prompt), _Reply()
        try:
            await self._read(reply, prompt, can_shorten=True)
        except ModelError as error:
            if error.exceeds_context and (accepted := await self._accepted_tokens(sent)):
                return judge_accepted(sent, accepted, self._settings)
            # The model read the prompt in time when only the rest of a long reply is missing.
            if not (error.missed_deadline and reply.first_seconds):
                return judge_failure(error, sent, self._settings)
        return judge_reading(
            sent,
            reply.usage.input_tokens,
            seconds=reply.first_seconds,
            reading_seconds=reply.first_seconds - short.first_seconds,
            settings=self._settings,
        )

    async def _accepted_tokens(self, refused: int) -> int | None:
        """Returns the length of a prompt that the service accepts, after it refused one of `refused` tokens."""
        while (refused := shorter_length(refused)) >= LEAST_PROMPT_TOKENS:
            prompt = _long_prompt(refused)
            try:
                await self._read(_Reply(), prompt, can_shorten=True)
            except ModelError as error:
                if not error.exceeds_context:
                    raise
            else:
                return prompt_tokens(prompt)
        return None


async def _tried(name: str, probe: Callable[[], Awaitable[ModelFinding]]) -> ModelFinding:
    try:
        return await probe()
    except ModelError as error:
        return ModelFinding(check=name, ok=False, note=error.reason, needed=name != "routing")
    except problems.CoachUnavailable:
        return ModelFinding(check=name, ok=False, note="the request failed", needed=name != "routing")


_HINTS = {
    CONNECTION_FAILED: "OPENAI_BASE_URL",
    TIMED_OUT: "OPENAI_TIMEOUT",
    DEADLINE_PASSED: "ANSWER_TIMEOUT",
    "status 401": "OPENAI_API_KEY",
    "status 403": "OPENAI_API_KEY",
    "status 404": "OPENAI_MODEL, or OPENAI_BASE_URL, which most often ends in /v1",
    EXCEEDS_CONTEXT: "OPENAI_CONTEXT_TOKENS",
}


def _unused() -> ModelFinding:
    note = "questions are answered without the model, because ANSWERER is extractive"
    return ModelFinding(check="answerer", ok=False, note=note, setting="ANSWERER=openai", needed=False)


def _unreachable(error: ModelError) -> ModelFinding:
    setting = "OPENAI_BASE_URL" if "redirect" in error.reason else _HINTS.get(error.reason)
    return ModelFinding(check="connection", ok=False, note=error.reason, setting=setting)


def _long_prompt(tokens: int) -> Prompt:
    return [*_PROBE[:1], {"role": "user", "content": long_text(tokens) + _PROBE[1]["content"]}]


def _passage() -> Passage:
    return Passage(
        chunk_id=ids.new(),
        book_title="A Check",
        authors=(),
        product_url=None,
        chapter=1,
        chapter_title="Norms",
        first_page=1,
        last_page=1,
        page_offsets=None,
        page_numbers=None,
        primary_domain=Domain.collaboration,
        secondary_domains=(),
        tokens=len(_SENTENCE.split()),
        content=_SENTENCE,
        score=1.0,
        similarity=None,
        best_window=None,
        found_stems=(),
        weights={},
        corpus_passages=1,
    )
