"""Answers a question that names a part of a book, without routing and without a search."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from plccoach_api.coach.answer import Answer, AnswerRequest, Piece, Turn, reply
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.generation.contents import contents
from plccoach_api.coach.generation.suggestions import with_suggestions
from plccoach_api.coach.retrieval.look_ups import LookUp
from plccoach_api.rules.domains import first_domains
from plccoach_api.rules.questions.replies import replies_to


async def answer_look_up(
    engine: Engine, look_up: LookUp, question: str, history: Sequence[Turn], deadline: float
) -> AsyncGenerator[Piece, None]:
    """Yields the pieces of the answer. Raises CoachUnavailable."""
    if look_up.reply:
        for piece in reply(look_up.kind, look_up.reply):
            yield piece
        return
    if look_up.openings:
        for piece in contents(look_up.openings, look_up.chapters, replies_to(question), are_about=look_up.are_about):
            yield piece
        return
    request = AnswerRequest(
        text=question,
        passages=look_up.passages,
        is_part=True,
        history=tuple(history),
        domains=first_domains(passage.primary_domain for passage in look_up.passages),
        deadline=deadline,
    )
    async with aclosing(engine.answerer.answer(request)) as pieces:
        async for piece in pieces:
            yield with_suggestions(request, piece) if isinstance(piece, Answer) else piece
