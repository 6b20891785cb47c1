"""What an answerer is given and what it gives; and the one that needs no model.

An answer comes in pieces, so that one way serves those who stream it and those who wait for all of it.
"""

import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from decimal import Decimal
from typing import Protocol, TypeAlias

import msgspec

from plccoach_api.coach.cite import cite
from plccoach_api.coach.select import Chosen, choose
from plccoach_api.coach.spent import NOTHING, Spent
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageRole

# The longest that a whole request may take, from its routing to its last word.
REQUEST_SECONDS = 40.0

REFUSAL = (
    "I could not find anything about that in the books I work from. "
    "I can help with the work of a professional learning community: what students should learn, "
    "how you will know, and what to do when they have not, or already have."
)
_TAKEAWAYS = "\n\nKey takeaways:\n\n"


def _deadline() -> float:
    return time.monotonic() + REQUEST_SECONDS


class Turn(msgspec.Struct, frozen=True):
    """An earlier message of the conversation."""

    role: MessageRole
    content: str


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A question with all that its answer may rest on. `spent` is what was spent on it before, on routing."""

    text: str
    passages: tuple[Passage, ...]
    history: tuple[Turn, ...] = ()
    domains: tuple[Domain, ...] = ()
    spent: Spent = NOTHING
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
    spent: Spent = NOTHING

    @property
    def input_tokens(self) -> int | None:
        return self.spent.input_tokens

    @property
    def output_tokens(self) -> int | None:
        return self.spent.output_tokens

    @property
    def cost_usd(self) -> Decimal | None:
        return self.spent.cost_usd


Piece: TypeAlias = Delta | Cited | Answer


class Answerer(Protocol):
    """Pieces come as they are made; the last is the Answer. Closing the iterator stops it.

    Raises CoachUnavailable when what it answers with fails; pieces that came before stay as they are.
    """

    def answer(self, inquiry: Inquiry) -> AsyncGenerator[Piece, None]: ...


async def whole(pieces: AsyncGenerator[Piece, None]) -> Answer:
    """For those who wait."""
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, Answer):
                return piece
    raise LookupError("an answerer ended without an answer")


class Draft:
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


class Extractive:
    """Answers with sentences of the passages themselves."""

    async def answer(self, inquiry: Inquiry) -> AsyncGenerator[Piece, None]:
        draft = Draft()
        for piece in _pieces(inquiry.passages):
            draft.add(piece)
            yield piece
        if draft.citations:
            yield Answer(MessageKind.answer, draft.content, draft.citations, inquiry.domains, inquiry.spent)
            return
        for each in refusal(inquiry):
            yield each


def refusal(inquiry: Inquiry, spent: Spent = NOTHING) -> Iterator[Piece]:
    """An honest refusal, in the pieces of an answer; `spent` comes on top of what was spent before."""
    yield Delta(REFUSAL)
    yield Answer(MessageKind.refusal, REFUSAL, spent=inquiry.spent + spent)


def clarification(question: str, spent: Spent = NOTHING) -> Iterator[Piece]:
    """What is asked back of a question that is too vague, in the pieces of an answer."""
    yield Delta(question)
    yield Answer(MessageKind.clarification, question, spent=spent)


def compose(passages: Sequence[Passage]) -> Answer:
    """The extractive answer to the question that the passages were found for, at once."""
    draft = Draft()
    for piece in _pieces(passages):
        draft.add(piece)
    if not draft.citations:
        return Answer(MessageKind.refusal, REFUSAL)
    return Answer(MessageKind.answer, draft.content, draft.citations)


def _pieces(passages: Sequence[Passage]) -> Iterator[Delta | Cited]:
    """Each sentence with a number of its own; each passage a paragraph; what to take away as a list."""
    body, takeaways = choose(passages)
    before: Chosen | None = None
    for index, chosen in enumerate([*body, *takeaways], start=1):
        yield Cited(cite(passages[chosen.passage], chosen.sentence.span, index))
        if index > len(body):
            gap = f"{_TAKEAWAYS}- " if index == len(body) + 1 else "\n- "
        elif before:
            gap = " " if before.passage == chosen.passage else "\n\n"
        else:
            gap = ""
        yield Delta(f"{gap}{chosen.sentence.text} [{index}]")
        before = chosen
