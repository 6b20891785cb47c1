"""A process that makes its answers by itself makes a few of them at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from plccoach_api import problems
from plccoach_api.coach.answer import Answer, final_answer
from plccoach_api.coach.engine import Engine, extractive_engine, make_engine
from plccoach_api.coach.pipeline import respond
from plccoach_api.coach.retrieval.router import RoutedQuestion, Router
from plccoach_api.coach.turns import Turns
from plccoach_api.database.pool import Database
from plccoach_api.settings import load

QUESTIONS = ("What is a norm?", "What is a rubric?", "What is a cycle?")


class HeldRouter(Router):
    """Routes a question when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = set[str]()
        self._changed = asyncio.Condition()
        self._released: set[str] = set()

    async def route(self, question: str, *arguments: Any, **options: Any) -> RoutedQuestion:
        async with self._changed:
            self.begun.add(question)
            self._changed.notify_all()
            await self._changed.wait_for(lambda: question in self._released)
        return await super().route(question, *arguments, **options)

    async def wait_for(self, *begun: str) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.begun >= set(begun))

    async def release(self, question: str) -> None:
        async with self._changed:
            self._released.add(question)
            self._changed.notify_all()


@pytest.fixture
def router() -> HeldRouter:
    return HeldRouter()


@pytest.fixture
def engine(router: HeldRouter) -> Engine:
    """An engine that makes two answers at once."""
    return replace(extractive_engine(), router=router, turns=Turns(2))


def ask(database: Database, engine: Engine, question: str, asker: UUID | None = None) -> "asyncio.Task[Answer]":
    """Asks for a person, or for somebody who asks nothing else."""
    pieces = respond(database, engine, question, (), asker=asker or uuid4())
    return asyncio.create_task(final_answer(pieces))


@pytest.fixture
async def answers(
    database: Database, engine: Engine, router: HeldRouter
) -> AsyncIterator[list["asyncio.Task[Answer]"]]:
    """Two answers that are being made."""
    answers = [ask(database, engine, question) for question in QUESTIONS[:2]]
    await router.wait_for(*QUESTIONS[:2])
    yield answers
    for each in answers:
        each.cancel()
    await asyncio.wait(answers)


async def test_questions_wait_in_their_order_until_an_answer_before_them_has_ended(
    database: Database, engine: Engine, router: HeldRouter, answers: list["asyncio.Task[Answer]"]
) -> None:
    third = ask(database, engine, QUESTIONS[2])
    last = ask(database, engine, "What is a protocol?")
    await router.release(QUESTIONS[1])
    await answers[1]
    await router.wait_for(*QUESTIONS)
    # Two answers are being made again: the first and the third.
    assert router.begun == set(QUESTIONS)
    await router.release(QUESTIONS[2])
    assert (await third).content
    await router.wait_for("What is a protocol?")
    await router.release("What is a protocol?")
    assert (await last).content


async def test_many_questions_of_one_person_leave_a_turn_to_somebody_else(
    database: Database, engine: Engine, router: HeldRouter
) -> None:
    person = uuid4()
    answers = [ask(database, engine, question, person) for question in QUESTIONS]
    other = ask(database, engine, "Who waits?")
    await router.wait_for(QUESTIONS[0], "Who waits?")
    assert router.begun == {QUESTIONS[0], "Who waits?"}
    for question in router.begun.union(QUESTIONS):
        await router.release(question)
    await asyncio.gather(other, *answers)


async def test_an_answer_that_is_stopped_makes_room_for_the_next(
    database: Database, engine: Engine, router: HeldRouter, answers: list["asyncio.Task[Answer]"]
) -> None:
    third = ask(database, engine, QUESTIONS[2])
    answers[0].cancel()
    await router.wait_for(*QUESTIONS)
    await router.release(QUESTIONS[2])
    await third


async def test_a_question_that_is_stopped_while_it_waits_takes_no_room(
    database: Database, engine: Engine, router: HeldRouter, answers: list["asyncio.Task[Answer]"]
) -> None:
    stopped = ask(database, engine, "Who waits?")
    third = ask(database, engine, QUESTIONS[2])
    await asyncio.sleep(0)
    stopped.cancel()
    answers[0].cancel()
    await router.wait_for(*QUESTIONS)
    await router.release(QUESTIONS[2])
    await third


@pytest.mark.usefixtures("answers")
async def test_a_question_that_waits_as_long_as_an_answer_may_take_is_unavailable(
    database: Database, engine: Engine, router: HeldRouter
) -> None:
    with pytest.raises(problems.CoachUnavailable):
        await ask(database, replace(engine, answer_timeout=0.1), QUESTIONS[2])
    assert QUESTIONS[2] not in router.begun


@pytest.mark.usefixtures("answers")
async def test_a_greeting_waits_for_no_answer(database: Database, engine: Engine) -> None:
    assert (await ask(database, engine, "Hello!")).content


@pytest.mark.parametrize(
    ("variables", "has_turns"),
    [
        ({}, True),
        ({"EXTRACTIVE_PACE": "20"}, False),
        ({"EMBEDDINGS": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:1"}, False),
        ({"ANSWERER": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:1"}, False),
    ],
)
async def test_only_answers_that_wait_for_nothing_else_are_made_in_turns(
    variables: dict[str, str], *, has_turns: bool
) -> None:
    engine = make_engine(load(variables, None))
    assert (engine.turns is not None) is has_turns
    await engine.close()
