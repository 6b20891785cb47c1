"""The pipeline of a question: routing, retrieval, generation."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from uuid import UUID

from msgspec import structs

from plccoach_api.coach.answer import Answer, AnswerRequest, Piece, Turn, clarification, refusal
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.generation.suggestions import suggestions
from plccoach_api.coach.look_up_answer import answer_look_up
from plccoach_api.coach.retrieval.follow_ups import context_of, find_in_conversation
from plccoach_api.coach.retrieval.look_ups import find_look_up
from plccoach_api.coach.retrieval.passages import find_passages
from plccoach_api.coach.retrieval.wording import find_wording
from plccoach_api.database.pool import Database


async def respond(
    database: Database,
    engine: Engine,
    question: str,
    history: Sequence[Turn],
    *,
    book_ids: Sequence[UUID] | None = None,
) -> AsyncGenerator[Piece, None]:
    """Yields the pieces of an answer. Takes the pool, because no connection is held while a model writes.

    A question that names a part of a book is answered from that part. A vague question gets a clarifying question. A
    question without passages gets a refusal. The last two need no model to write the answer. Raises CoachUnavailable.
    """
    deadline = time.monotonic() + engine.answer_timeout
    if look_up := await find_look_up(database, question, book_ids):
        async with aclosing(answer_look_up(engine, look_up, question, history, deadline)) as pieces:
            async for piece in pieces:
                yield piece
        return
    wording = await find_wording(database, f"{question} {context_of(question, history)}")
    routed = await engine.router.route(question, history, deadline, wording=wording.of)
    if routed.routing.clarification:
        for piece in clarification(routed.routing.clarification, routed.usage):
            yield piece
        return
    request = AnswerRequest(
        text=question,
        passages=tuple(
            await find_in_conversation(
                partial(
                    find_passages,
                    database,
                    embedder=engine.embedder,
                    domains=routed.routing.domains,
                    book_ids=book_ids,
                ),
                question,
                routed,
                wording.of(context_of(question, history)),
            )
        ),
        history=tuple(history),
        domains=routed.routing.domains,
        usage=routed.usage,
        deadline=deadline,
    )
    if not request.passages:
        for piece in refusal(request):
            yield piece
        return
    async with aclosing(engine.answerer.answer(request)) as pieces:
        async for piece in pieces:
            yield _with_suggestions(request, piece) if isinstance(piece, Answer) else piece


def _with_suggestions(request: AnswerRequest, answer: Answer) -> Answer:
    return structs.replace(answer, suggestions=suggestions(request, answer))
