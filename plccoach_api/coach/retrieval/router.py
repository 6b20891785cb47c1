"""Says which domains a question belongs to, and what to ask back when it is too vague."""

import asyncio
import heapq
import math
import operator
from array import array
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import Protocol, TypeAlias

import msgspec
from cachetools import TTLCache

from plccoach_api import logs
from plccoach_api.coach.answer import Turn
from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.retrieval.domain_phrases import domain_phrases
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageRole
from plccoach_api.rules.pricing import NO_USAGE, Usage
from plccoach_api.rules.routing import Routing, content_words, is_clear, route, says_something

Embed: TypeAlias = Callable[[str], Awaitable[Sequence[float]]]

_CACHED_SECONDS = 3600
_CACHED_QUESTIONS = 1000
# A question is as near to a domain as to those of its phrases that are nearest.
_NEAREST_PHRASES = 5
_LIKELY_PHRASES = 24
_TELL_MOST = 64
_QUESTIONS_BEFORE = 2

_log = logs.get_logger(__name__)


class RoutingModel(Protocol):
    """A model that routes. Raises Failed; None is a decision that cannot be used."""

    @property
    def available(self) -> bool: ...

    async def decide(self, question: str, history: Sequence[Turn], deadline: float) -> tuple[Routing | None, Usage]: ...


class RoutedQuestion(msgspec.Struct, frozen=True):
    """`text` is the question as it stands alone: what to look for passages with."""

    routing: Routing
    text: str
    usage: Usage = NO_USAGE


class Router:
    """Asks the decider if there is one; what it does not decide is decided here, by words and vectors."""

    def __init__(self, embed: Embed | None = None, decider: RoutingModel | None = None) -> None:
        self._embed = embed
        self._decider = decider
        self._phrases: Mapping[Domain, list[Sequence[float]]] = {}
        self._describing = asyncio.Lock()
        self._decided: TTLCache[bytes, Routing] = TTLCache(_CACHED_QUESTIONS, _CACHED_SECONDS)

    async def route(self, question: str, history: Sequence[Turn], deadline: float) -> RoutedQuestion:
        text = _standalone(question, history)
        key = sha256(msgspec.json.encode((question, history))).digest()
        if (known := self._decided.get(key)) is not None:
            return RoutedQuestion(known, text)
        routing, usage = await self._decide(question, history, deadline)
        if routing is None:
            routing = await self._locally(text)
            if self._decider:
                # The next time it may decide.
                return RoutedQuestion(routing, text, usage)
        self._decided[key] = routing
        return RoutedQuestion(routing, text, usage)

    async def _decide(self, question: str, history: Sequence[Turn], deadline: float) -> tuple[Routing | None, Usage]:
        if self._decider is None or not self._decider.available:
            return None, NO_USAGE
        try:
            return await self._decider.decide(question, history, deadline)
        except ModelError as failure:
            _log.warning("a question is routed without the model", reason=failure.reason)
            return None, NO_USAGE

    async def _locally(self, text: str) -> Routing:
        return route(text, await self._similarities(text))

    async def _similarities(self, text: str) -> Mapping[Domain, float]:
        words = content_words(text)
        if self._embed is None or not words or is_clear(text):
            return {}
        # Most of a second, for the first question; others that come meanwhile wait for the same.
        async with self._describing:
            self._phrases = self._phrases or await _phrases(self._embed)
        vector = await self._embed(words)
        # A few milliseconds, in which streams go on.
        near = await asyncio.to_thread(lambda: [_near(vector, phrases) for phrases in self._phrases.values()])
        return dict(zip(self._phrases, near, strict=True))


async def _phrases(embed: Embed) -> Mapping[Domain, list[Sequence[float]]]:
    found: dict[Domain, list[Sequence[float]]] = {}
    for domain, phrases in domain_phrases().items():
        for phrase in phrases:
            found.setdefault(domain, []).append(array("f", await embed(phrase)))
            await asyncio.sleep(0)
    return found


def _near(vector: Sequence[float], phrases: Sequence[Sequence[float]]) -> float:
    """The first numbers of a vector tell most of it, so that few of the phrases are compared by all of theirs."""
    begin = vector[:_TELL_MOST]
    likely = heapq.nlargest(_LIKELY_PHRASES, phrases, key=lambda phrase: _inner(begin, phrase))
    nearest = heapq.nlargest(_NEAREST_PHRASES, (_inner(vector, phrase) for phrase in likely))
    return math.fsum(nearest) / _NEAREST_PHRASES


def _inner(one: Sequence[float], other: Sequence[float]) -> float:
    """As far as the shorter goes."""
    return math.fsum(map(operator.mul, one, other))


def _standalone(question: str, history: Sequence[Turn]) -> str:
    """A follow-up that says nothing by itself, with the questions before it."""
    if says_something(question):
        return question
    before = [turn.content for turn in history if turn.role is MessageRole.user]
    return " ".join([*before[-_QUESTIONS_BEFORE:], question])
