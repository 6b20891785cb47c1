"""The pipeline of a question: a reply at once, or a look-up, or wording, routing, search, judgement and answer."""

import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from plccoach_api.coach.answer import Answer, AnswerRequest, Piece, Turn, refusal, reply
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.generation.near import near_answer
from plccoach_api.coach.generation.suggestions import with_suggestions
from plccoach_api.coach.judgement import Relevance, judge
from plccoach_api.coach.look_up_answer import answer_look_up
from plccoach_api.coach.retrieval.follow_ups import Find, earlier_questions, find_in_conversation, history_before
from plccoach_api.coach.retrieval.look_ups import find_look_up
from plccoach_api.coach.retrieval.passage_finder import PassageFinder
from plccoach_api.coach.retrieval.question_text import as_in_books
from plccoach_api.coach.retrieval.router import RoutedQuestion, Router
from plccoach_api.coach.retrieval.sources import find_source
from plccoach_api.coach.retrieval.topicality import topicality_of
from plccoach_api.coach.retrieval.wording import Wording, find_wording
from plccoach_api.database.pool import Database
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.questions.asked import asked_in, tells_a_story
from plccoach_api.rules.questions.follow_ups import is_about, names_its_subject, wants_less, wants_more_or_less
from plccoach_api.rules.questions.frames import without_frame, without_place
from plccoach_api.rules.questions.no_question import is_no_question
from plccoach_api.rules.questions.small_talk import small_talk


async def respond(
    database: Database,
    engine: Engine,
    question: str,
    history: Sequence[Turn],
    *,
    asker: UUID | None = None,
    book_ids: Sequence[UUID] | None = None,
) -> AsyncGenerator[Piece, None]:
    """Yields the pieces of an answer. Takes the pool, because no connection is held while a model writes.

    Small talk gets a friendly line, a vague question a clarifying question, and a question that the books do not answer
    a refusal, which quotes the nearest passages if they come near. No model writes these replies. A question that names
    a part of a book is answered from that part. Raises CoachUnavailable.
    """
    question = as_in_books(question)
    if at_once := _reply_at_once(question):
        for piece in at_once:
            yield piece
        return
    deadline = time.monotonic() + engine.answer_timeout
    async with engine.turns.take(asker, deadline) if engine.turns else nullcontext():
        find = PassageFinder(database, engine.embedder, book_ids)
        if look_up := await find_look_up(database, question, history, find, book_ids):
            answer = answer_look_up(engine, look_up, question, history, deadline)
        else:
            answer = _answer_from_search(engine, find, question, history, deadline)
        async with aclosing(answer) as pieces:
            async for piece in pieces:
                yield piece


def _reply_at_once(question: str) -> Iterator[Piece] | None:
    """Returns the reply to a text for which the books need not be asked."""
    if line := small_talk(question):
        return reply(MessageKind.clarification, line)
    return refusal(AnswerRequest(text=question, passages=())) if is_no_question(question) else None


async def _answer_from_search(
    engine: Engine, find: PassageFinder, question: str, history: Sequence[Turn], deadline: float
) -> AsyncGenerator[Piece, None]:
    routed, found = await _search(find, engine.router, question, history, deadline)
    if routed.routing.clarification:
        for piece in reply(MessageKind.clarification, routed.routing.clarification, routed.usage):
            yield piece
        return
    request = AnswerRequest(
        text=question,
        passages=tuple(found.passages),
        search_text=found.text,
        history=tuple(history),
        domains=routed.routing.domains,
        usage=routed.usage,
        deadline=deadline,
        is_unsure=found.relevance is Relevance.perhaps,
    )
    async with aclosing(_answer(engine, request, found.relevance)) as pieces:
        async for piece in pieces:
            yield with_suggestions(request, piece) if isinstance(piece, Answer) else piece


class _Found(NamedTuple):
    passages: Sequence[Passage]
    text: str
    """The text that the sentences of the answer are chosen for."""
    relevance: Relevance


class _Context(NamedTuple):
    """The questions before a follow-up, and where to search for them and the follow-up together."""

    text: str
    find: PassageFinder


async def _search(
    find: PassageFinder, router: Router, question: str, history: Sequence[Turn], deadline: float
) -> tuple[RoutedQuestion, _Found]:
    """Routes a question and searches for it. It finds nothing when the routing asks back."""
    source = await find_source(find.database, question, find.book_ids)
    # A question that names its source follows up none.
    asked, earlier = (source.asked, ()) if source else (question, history)
    find = replace(find, book_ids=source.book_ids) if source else find
    asked = without_place(without_frame(asked))
    context = await _context_of(find, asked, earlier)
    wording = await find_wording(find.database, f"{asked} {context.text}")
    routed = await router.route(asked, earlier, deadline, context=context.text, wording=wording.of)
    if routed.routing.clarification:
        return routed, _Found((), "", Relevance.none)
    if context.text and wants_more_or_less(asked) and not routed.routing.search_query:
        # The wish is about an answer, so the question of that answer is searched for again, as it was.
        [*earlier, turn] = history_before(asked, earlier)
        again, found = await _search(find, router, as_in_books(turn.content), earlier, deadline)
        again = structs.replace(again, usage=routed.usage + again.usage)
        # The words of a wish for less would choose other sentences: "in simple words".
        return again, found if wants_less(asked) else found._replace(text=f"{found.text} {asked}")
    return routed, await _find(find, asked, routed, wording=wording, context=context)


async def _context_of(find: PassageFinder, question: str, history: Sequence[Turn]) -> _Context:
    """If the first question of the context names its source, what follows is about that source, too."""
    before = earlier_questions(question, history)
    source = await find_source(find.database, before[0], find.book_ids) if before else None
    if source is None:
        return _Context(" ".join(before), find)
    return _Context(" ".join([source.asked, *before[1:]]), replace(find, book_ids=source.book_ids))


async def _find(find: Find, question: str, routed: RoutedQuestion, *, wording: Wording, context: _Context) -> _Found:
    """Searches for the message as a whole and, if nothing answers that, for its questions alone.

    A greeting, a name or a story around a question may hide it. The books always say something about a story. So a
    question that names its subject is searched for without it, and any other is only answered by passages about itself.
    """
    asked = question if routed.routing.search_query else asked_in(question)
    is_story = tells_a_story(question, asked)
    if is_story and names_its_subject(asked):
        return await _find_asked(find, wording.of(asked), routed)
    before = wording.of(context.text)
    passages = await find_in_conversation(find, question, routed, before, context.find)
    # The passages of a follow-up were found for the questions before it, too.
    whole = _Found(passages, routed.text, await judge(passages, f"{before} {routed.text}"))
    is_about_question = not is_story or is_about(asked, passages, await topicality_of(routed.text, passages))
    if (whole.relevance.is_answer and is_about_question) or asked == question:
        return whole
    alone = await _find_asked(find, wording.of(asked), routed)
    return alone if alone.relevance.is_answer or not is_about_question else whole


async def _find_asked(find: Find, text: str, routed: RoutedQuestion) -> _Found:
    passages = await find(text, domains=routed.routing.domains)
    return _Found(passages, text, await judge(passages, text))


async def _answer(engine: Engine, request: AnswerRequest, relevance: Relevance) -> AsyncGenerator[Piece, None]:
    """Answers as well as the passages allow."""
    match relevance:
        case Relevance.answer | Relevance.perhaps:
            async with aclosing(engine.answerer.answer(request)) as pieces:
                async for piece in pieces:
                    yield piece
        case Relevance.near:
            for piece in near_answer(request):
                yield piece
        case Relevance.none:
            for piece in refusal(request):
                yield piece
