"""The pipeline of a question: small talk, look-up, wording, routing, search, judgement, answer."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from uuid import UUID

from plccoach_api.coach.answer import Answer, AnswerRequest, Piece, Turn, clarification, refusal
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.generation.near import near_answer
from plccoach_api.coach.generation.suggestions import with_suggestions
from plccoach_api.coach.look_up_answer import answer_look_up
from plccoach_api.coach.retrieval.follow_ups import context_of, find_in_conversation
from plccoach_api.coach.retrieval.judgement import Relevance, judge
from plccoach_api.coach.retrieval.look_ups import find_look_up
from plccoach_api.coach.retrieval.passages import search
from plccoach_api.coach.retrieval.wording import find_wording
from plccoach_api.database.pool import Database
from plccoach_api.rules.small_talk import small_talk


async def respond(
    database: Database,
    engine: Engine,
    question: str,
    history: Sequence[Turn],
    *,
    book_ids: Sequence[UUID] | None = None,
) -> AsyncGenerator[Piece, None]:
    """Yields the pieces of an answer. Takes the pool, because no connection is held while a model writes.

    Small talk gets a friendly line, a vague question a clarifying question, and a question that the books do not answer
    a refusal, which quotes the nearest passages if they come near. No model writes these replies. A question that names
    a part of a book is answered from that part. Raises CoachUnavailable.
    """
    if line := small_talk(question):
        for piece in clarification(line):
            yield piece
        return
    deadline = time.monotonic() + engine.answer_timeout
    if look_up := await find_look_up(database, question, book_ids):
        async with aclosing(answer_look_up(engine, look_up, question, history, deadline)) as pieces:
            async for piece in pieces:
                yield piece
        return
    context = context_of(question, history)
    wording = await find_wording(database, f"{question} {context}")
    routed = await engine.router.route(question, history, deadline, wording=wording.of)
    if routed.routing.clarification:
        for piece in clarification(routed.routing.clarification, routed.usage):
            yield piece
        return
    find = partial(search, database, embedder=engine.embedder, domains=routed.routing.domains, book_ids=book_ids)
    passages = await find_in_conversation(find, question, routed, wording.of(context))
    request = AnswerRequest(
        text=question,
        passages=tuple(passages),
        search_text=routed.text,
        history=tuple(history),
        domains=routed.routing.domains,
        usage=routed.usage,
        deadline=deadline,
    )
    async with aclosing(_answer(engine, request, judge(passages, engine.embedder.model))) as pieces:
        async for piece in pieces:
            yield with_suggestions(request, piece) if isinstance(piece, Answer) else piece


async def _answer(engine: Engine, request: AnswerRequest, relevance: Relevance) -> AsyncGenerator[Piece, None]:
    if relevance is Relevance.answer:
        async with aclosing(engine.answerer.answer(request)) as pieces:
            async for piece in pieces:
                yield piece
        return
    for piece in near_answer(request) if relevance is Relevance.near else refusal(request):
        yield piece
