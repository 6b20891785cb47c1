"""Asks questions as the service does, with the conversation before them, and keeps what the answer was made from."""

import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, replace

from plccoach_api.coach.answer import Answer, Answerer, AnswerRequest, Piece, Turn, final_answer
from plccoach_api.coach.engine import Engine
from plccoach_api.coach.judgement import judge
from plccoach_api.coach.pipeline import respond
from plccoach_api.coach.retrieval.passage_finder import PassageFinder
from plccoach_api.database.pool import Database
from plccoach_api.rules.messages import MessageKind, MessageRole
from tests.tools.eval.cases import Case


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    answer: Answer
    passages: tuple[str, ...]
    """The texts that the answerer was given, best first. There are none if the question never came to it."""
    seconds: float

    @property
    def answered(self) -> bool:
        return self.answer.kind is MessageKind.answer

    @property
    def quotes(self) -> list[str]:
        return [citation.quote for citation in self.answer.citations]

    @property
    def reciprocal_rank(self) -> float:
        return reciprocal_rank(self.passages, self.case)

    @property
    def found(self) -> bool:
        return self.reciprocal_rank > 0 or any(contains(quote, self.case.answers) for quote in self.quotes)


class _RecordingAnswerer:
    """Passes a question on to the engine's answerer, and keeps its passages."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self.passages: tuple[str, ...] = ()

    def answer(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]:
        self.passages = tuple(passage.content for passage in request.passages)
        return self._answerer.answer(request)


class Asker:
    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._recorder = _RecordingAnswerer(engine.answerer)
        self._engine = replace(engine, answerer=self._recorder)
        self._first_answers: dict[str, str] = {}

    async def ask(self, case: Case) -> Outcome:
        """Asks the question that comes before the case's own, too, because its answer belongs to the conversation."""
        history: list[Turn] = []
        if case.before:
            history = [
                Turn(MessageRole.user, case.before),
                Turn(MessageRole.assistant, await self._first_answer(case.before)),
            ]
        self._recorder.passages = ()
        start = time.perf_counter()
        answer = await self._answer(case.text, history)
        return Outcome(case, answer, self._recorder.passages, time.perf_counter() - start)

    async def search_as_it_is(self, case: Case) -> float:
        """Searches for the words of the question, which nobody tried to understand.

        Returns its reciprocal rank, or 0 for a question that is not answered: a refused question has no passages.
        """
        embedder = self._engine.embedder
        passages = await PassageFinder(self._database, embedder)(case.text)
        if not (await judge(passages, case.text)).is_answer:
            return 0.0
        return reciprocal_rank([passage.content for passage in passages], case)

    async def _first_answer(self, question: str) -> str:
        """Asks a question without a conversation, once."""
        if question not in self._first_answers:
            self._first_answers[question] = (await self._answer(question, ())).content
        return self._first_answers[question]

    async def _answer(self, question: str, history: Sequence[Turn]) -> Answer:
        return await final_answer(respond(self._database, self._engine, question, history))


def reciprocal_rank(texts: Iterable[str], case: Case) -> float:
    """Returns 1 when the first text has a sentence that answers, 1/2 when the second has it, 0 when none has."""
    ranks = (rank for rank, text in enumerate(texts, start=1) if contains(text, case.answers))
    return 1 / next(ranks, float("inf"))


def contains(text: str, sentences: Sequence[str]) -> bool:
    """Returns True when the text has one of the sentences, wherever its lines end."""
    joined = " ".join(text.split())
    return any(" ".join(sentence.split()) in joined for sentence in sentences)
