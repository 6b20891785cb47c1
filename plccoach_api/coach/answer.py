"""The types of an answer: the request that an answerer takes and the pieces that it yields.

An answer comes in pieces, so that the same code serves clients that stream it and clients that wait for all of it.
"""

import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from decimal import Decimal
from typing import Protocol, TypeAlias

import msgspec

from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.pricing import NO_USAGE, Usage
from plccoach_api.rules.questions.replies import replies_to
from plccoach_api.rules.stopped_early import StoppedEarly

# The default of ANSWER_TIMEOUT: the time limit of a whole answer, from its routing to the last delta.
ANSWER_SECONDS = 40.0


def _deadline() -> float:
    return time.monotonic() + ANSWER_SECONDS


class Turn(msgspec.Struct, frozen=True):
    """An earlier message of the conversation."""

    role: MessageRole
    content: str


class AnswerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A question with everything that its answer may use."""

    text: str
    passages: tuple[Passage, ...]
    search_text: str = ""
    """The question as the search used it: with corrected words, and in the language of the books."""
    is_part: bool = False
    """True when the passages are a part of a book that the question names, in the author's order."""
    is_unsure: bool = False
    """True when the passages probably do not answer the question. A model judges that itself."""
    history: tuple[Turn, ...] = ()
    domains: tuple[Domain, ...] = ()
    usage: Usage = NO_USAGE
    """The usage of the routing. It is part of the answer's usage."""
    deadline: float = msgspec.field(default_factory=_deadline)
    """A value of `time.monotonic()`."""


class Delta(msgspec.Struct, frozen=True):
    """The next part of an answer's text, never empty."""

    text: str


class Cited(msgspec.Struct, frozen=True):
    """A citation that the next Delta refers to for the first time."""

    citation: Citation


class Answer(msgspec.Struct, frozen=True):
    """The last piece. It repeats the text of all Deltas and all citations, in their order."""

    kind: MessageKind
    content: str
    citations: tuple[Citation, ...] = ()
    domains: tuple[Domain, ...] = ()
    usage: Usage = NO_USAGE
    suggestions: tuple[str, ...] = ()
    """Up to three questions that may be asked next, and that the corpus answers."""
    stopped_early: StoppedEarly | None = None

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
    """Yields the pieces of an answer as soon as they exist; the last piece is the Answer.

    Closing the generator stops the generation. Raises CoachUnavailable when the model fails. Pieces that were yielded
    before the failure stay valid.
    """

    def answer(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]: ...


def _ignore(_: Delta | Cited) -> None:
    pass


async def final_answer(
    pieces: AsyncGenerator[Piece, None], on_piece: Callable[[Delta | Cited], None] = _ignore
) -> Answer:
    """Returns the last piece, after calling `on_piece` with every other piece."""
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, Answer):
                return piece
            on_piece(piece)
    raise LookupError("an answerer ended without an answer")


class PartialAnswer:
    """The text and the citations of an answer so far. A stopped or failed answer is stored with them."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._citations: list[Citation] = []
        self._pending_citations: list[Citation] = []

    @property
    def content(self) -> str:
        return "".join(self._texts)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations that the content refers to. A citation whose Delta has not come yet is not among them."""
        return tuple(self._citations)

    def add(self, piece: Delta | Cited) -> None:
        if isinstance(piece, Cited):
            self._pending_citations.append(piece.citation)
            return
        self._texts.append(piece.text)
        self._citations += self._pending_citations
        self._pending_citations.clear()


def reply(
    kind: MessageKind, text: str, usage: Usage = NO_USAGE, stopped_early: StoppedEarly | None = None
) -> Iterator[Piece]:
    """Yields the pieces of a reply that cites nothing: a question back, small talk, or a fact about a book."""
    yield Delta(text)
    yield Answer(kind, text, usage=usage, stopped_early=stopped_early)


def refusal(request: AnswerRequest, usage: Usage = NO_USAGE) -> Iterator[Piece]:
    """Yields the pieces of a refusal. `usage` is added to the usage of the request."""
    return reply(MessageKind.refusal, replies_to(request.text).refusal, request.usage + usage)
