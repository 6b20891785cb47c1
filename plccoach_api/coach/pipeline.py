"""From a question to the pieces of its answer: what it is about, what the books say of that, and the answer itself."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from plccoach_api.coach.answer import REQUEST_SECONDS, AnswerRequest, Piece, Turn, clarification, refusal
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.retrieval.passages import find_passages
from plccoach_api.database.pool import Database


async def respond(
    database: Database, engine: Engine, question: str, history: Sequence[Turn]
) -> AsyncGenerator[Piece, None]:
    """Takes the pool and not a connection: none is held while a model writes.

    A question that is too vague is asked back, one that the books say nothing of is refused; neither
    costs a model an answer. Raises CoachUnavailable.
    """
    deadline = time.monotonic() + REQUEST_SECONDS
    routed = await engine.router.route(question, history, deadline)
    if routed.routing.clarification:
        for piece in clarification(routed.routing.clarification, routed.usage):
            yield piece
        return
    request = AnswerRequest(
        text=question,
        passages=tuple(
            await find_passages(database, routed.text, embedder=engine.embedder, domains=routed.routing.domains)
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
            yield piece
