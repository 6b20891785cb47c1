"""Asks one question through the real engine, as the service does, and judges the answer."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from plccoach_api.coach.answer import Answer, AnswerRequest, Delta, Turn
from plccoach_api.coach.engine import Engine, openai_engine
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.questions.replies import ENGLISH
from tests.coach.passages import PASSAGES
from tests.tools.dialects.wire import ANSWER, SECRET, Dialect
from tests.tools.model_server import ModelServer

_QUESTION = "How does trust grow?"
_HISTORY = (Turn(MessageRole.user, "What is a norm?"), Turn(MessageRole.assistant, "A promise [1]."))
_REFERENCE = re.compile(r"\[(\d+)\]")


@asynccontextmanager
async def engine_of(server: ModelServer, model: str = "some-model") -> AsyncIterator[Engine]:
    client = ModelClient(base_url=server.url, key="sk-test", name=model, timeout=5, reasoning_effort="low")
    engine = openai_engine(client)
    try:
        yield engine
    finally:
        await engine.close()


async def faults(engine: Engine, dialect: Dialect) -> list[str]:
    """Asks with and without a history, and returns what is wrong with the answers."""
    found = []
    for history in (_HISTORY, ()):
        routed = await engine.router.route(_QUESTION, history, monotonic() + 20)
        # The local router would choose another domain.
        if routed.routing.primary is not Domain.collaboration:
            found.append("the model did not route the question")
        request = AnswerRequest(text=_QUESTION, passages=PASSAGES, history=history)
        shown, answer = await shown_and_answer(engine, request)
        found += unsafe(shown, answer)
        if answer.stopped_early is not dialect.stopped_early:
            found.append(f"stopped_early is {answer.stopped_early}")
        if answer.content != (wanted := _wanted(dialect)):
            found.append(f"the answer is {answer.content!r} and not {wanted!r}")
        if (answer.kind is MessageKind.answer) is not dialect.has_answer:
            found.append(f"the kind is {answer.kind}")
    return found


def _wanted(dialect: Dialect) -> str:
    if dialect.stopped_early is None:
        return ANSWER
    if not dialect.has_answer:
        return ENGLISH.none_by(dialect.stopped_early)
    return f"{ANSWER}\n\n{ENGLISH.cut_by(dialect.stopped_early)}"


async def shown_and_answer(engine: Engine, request: AnswerRequest) -> tuple[str, Answer]:
    """Returns the text that a reader of the stream saw, and the answer."""
    shown = ""
    async for piece in engine.answerer.answer(request):
        if isinstance(piece, Delta):
            shown += piece.text
        elif isinstance(piece, Answer):
            return shown, piece
    raise AssertionError("the answerer yielded no answer")


def unsafe(shown: str, answer: Answer) -> list[str]:
    """Returns the promises that an answer breaks, whatever the model wrote."""
    cited = {citation.index for citation in answer.citations}
    contents = {passage.chunk_id: passage.content for passage in PASSAGES}
    broken = []
    if shown != answer.content:
        broken.append("the deltas are not the answer")
    if SECRET in shown or "think" in shown.lower():
        broken.append(f"a thought was shown: {shown!r}")
    if {int(number) for number in _REFERENCE.findall(answer.content)} != cited:
        broken.append(f"a reference has no citation, or a citation no reference: {answer.content!r}")
    if any(citation.quote not in contents[citation.chunk_id] for citation in answer.citations):
        broken.append("a quote is not verbatim")
    return broken
