"""The types of an answer: the request that an answerer takes and the pieces that it yields.

An answer comes in pieces, so that one way serves those who stream it and those who wait for all of it.
"""

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from decimal import Decimal
from typing import Protocol, TypeAlias

import msgspec

from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.pricing import NO_USAGE, Usage

# The longest that a whole request may take, from its routing to its last word.
REQUEST_SECONDS = 40.0

REFUSAL = (
    "I could not find anything about that in the books I work from. "
    "I can help with the work of a professional learning community: what students should learn, "
    "how you will know, and what to do when they have not, or already have."
)


def _deadline() -> float:
    return time.monotonic() + REQUEST_SECONDS


class Turn(msgspec.Struct, frozen=True):
    """An earlier message of the conversation."""

    role: MessageRole
    content: str


class AnswerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A question with all that its answer may rest on. `usage` is what was usage on it before, on routing."""

    text: str
    passages: tuple[Passage, ...]
    history: tuple[Turn, ...] = ()
    domains: tuple[Domain, ...] = ()
    usage: Usage = NO_USAGE
    deadline: float = msgspec.field(default_factory=_deadline)
    """By `time.monotonic`."""


class Delta(msgspec.Struct, frozen=True):
    """The next words of an answer, never empty."""

    text: str


class Cited(msgspec.Struct, frozen=True):
    """A citation that the next Delta refers to for the first time."""

    citation: Citation


class Answer(msgspec.Struct, frozen=True):
    """The last piece. Its content is that of all Deltas, and its citations all that came, in their order."""

    kind: MessageKind
    content: str
    citations: tuple[Citation, ...] = ()
    domains: tuple[Domain, ...] = ()
    usage: Usage = NO_USAGE

    @property
    def input_tokens(self) -> int | None:
        return self.usage.input_tokens

    @property
    def output_tokens(self) -> int | None:
        return self.usage.output_tokens

    @property
    def cost_usd(self) -> Decimal | None:
        return self.usage.cost_usd


Piece: TypeAlias = Delta | Cited | Answer


class Answerer(Protocol):
    """Pieces come as they are made; the last is the Answer. Closing the iterator stops it.

    Raises CoachUnavailable when what it answers with fails; pieces that came before stay as they are.
    """

    def answer(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]: ...


async def whole(pieces: AsyncGenerator[Piece, None]) -> Answer:
    """For those who wait."""
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, Answer):
                return piece
    raise LookupError("an answerer ended without an answer")


class PartialAnswer:
    """What has come of an answer: what is kept of it when it is stopped, or fails."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._citations: list[Citation] = []
        self._announced: list[Citation] = []

    @property
    def content(self) -> str:
        return "".join(self._texts)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those that the content refers to."""
        return tuple(self._citations)

    def add(self, piece: Delta | Cited) -> None:
        if isinstance(piece, Cited):
            self._announced.append(piece.citation)
            return
        self._texts.append(piece.text)
        self._citations += self._announced
        self._announced.clear()


def refusal(request: AnswerRequest, usage: Usage = NO_USAGE) -> Iterator[Piece]:
    """An honest refusal, in the pieces of an answer; `usage` comes on top of what was usage before."""
    yield Delta(REFUSAL)
    yield Answer(MessageKind.refusal, REFUSAL, usage=request.usage + usage)


def clarification(question: str, usage: Usage = NO_USAGE) -> Iterator[Piece]:
    """What is asked back of a question that is too vague, in the pieces of an answer."""
    yield Delta(question)
    yield Answer(MessageKind.clarification, question, usage=usage)
