"""OpenAI's protocol for chat completions, for programs that can talk to any model.

Nothing is stored but what limits and costs need: these programs keep their own conversations.
"""

import re
import time
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter
from litestar.response import Stream
from uuid_utils import uuid7

from plccoach_api import problems
from plccoach_api.coach.answer import Answer, Turn
from plccoach_api.coach.coach import Coach
from plccoach_api.coach.runs.completion_stream import CompletionWriter
from plccoach_api.coach.runs.sse import MEDIA_TYPE
from plccoach_api.coach.runs.unstored import UnstoredQuestion
from plccoach_api.http.dependencies import Injected
from plccoach_api.http.responses import UNBUFFERED
from plccoach_api.problems import FieldError
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules import texts
from plccoach_api.rules.messages import CONTEXT_MESSAGES, TURN_CHARACTERS, MessageKind, MessageRole
from plccoach_api.rules.pricing import NO_USAGE
from plccoach_api.rules.questions.chat_tasks import task_reply
from plccoach_api.settings import Settings
from plccoach_api.structs.chat import MODEL, ChatCompletion, ChatMessage, ChatRequest, Model, ModelList
from plccoach_api.structs.citations import Citation

Name = Annotated[str, PathParameter()]

_QUESTION = re.compile(texts.QUESTION)
_ROLES = {"user": MessageRole.user, "assistant": MessageRole.assistant}
_TEXTS = frozenset({"text", "input_text", "refusal"})
# The protocol wants the time at which the model was made.
_CREATED = 1_764_547_200


@get("/v1/models", include_in_schema=False, sync_to_thread=False)
def list_models() -> ModelList:
    return ModelList([Model(_CREATED)])


@get("/v1/models/{model:str}", include_in_schema=False, sync_to_thread=False)
def get_model(model: Name) -> Model:
    if model != MODEL:
        raise problems.ModelNotFound
    return Model(_CREATED)


@post("/v1/chat/completions", include_in_schema=False, status_code=200)
async def complete_chat(
    coach: Injected[Coach], settings: Injected[Settings], user: Injected[SignedInUser], data: JSONBody[ChatRequest]
) -> Response[Any]:
    _require_supported(data)
    spoken = _spoken(data.messages)
    asked = spoken.pop().content.strip()
    chat_id, created = f"chatcmpl-{uuid7().hex}", int(time.time())
    include_usage = bool(data.stream_options and data.stream_options.include_usage)
    writer = CompletionWriter(chat_id, created, settings.public_url, include_usage=include_usage)
    if reply := task_reply(asked):
        if data.stream:
            whole = writer.begin() + writer.piece(reply) + writer.end(Answer(MessageKind.answer, reply))
            return Response(whole, media_type=MEDIA_TYPE, headers=UNBUFFERED)
        return Response(ChatCompletion.of(reply, [], NO_USAGE, id=chat_id, created=created))
    _require_text(data.response_format)
    if not _QUESTION.match(asked):
        raise _invalid("messages", texts.explain(asked, texts.QUESTION, None, None))
    live = await coach.answer_unstored(UnstoredQuestion(user.id, asked, spoken))
    if data.stream:
        return Stream(coach.stream_unstored(live, writer), media_type=MEDIA_TYPE, headers=UNBUFFERED)
    answer = await live.wait()
    citations = [Citation.of(each, settings.public_url, ()) for each in answer.citations]
    return Response(
        ChatCompletion.of(answer.content, citations, answer.usage, answer.stopped_early, id=chat_id, created=created)
    )


def _require_supported(data: ChatRequest) -> None:
    if data.model != MODEL:
        raise problems.ModelNotFound
    if data.n is not None and data.n != 1:
        raise _invalid("n", "This must be 1.")
    if (data.tools or data.functions) and data.tool_choice != "none":
        raise _invalid("tools" if data.tools else "functions", "The coach calls no tools.")
    if data.modalities and {*data.modalities} != {"text"}:
        raise _invalid("modalities", "The coach writes text only.")


def _require_text(response_format: object) -> None:
    """Refuses JSON: a program that asks for it fails on every answer, and some ask again until they give up."""
    match response_format:
        case {"type": "json_object" | "json_schema"}:
            raise _invalid("response_format", "The coach writes text, not JSON.")


def _spoken(messages: list[ChatMessage]) -> list[Turn]:
    """Returns what the person and the coach said last, to the last message of the person, which is the question.

    System messages are not followed, and messages of tools have nothing for the coach.
    """
    turns = [Turn(_ROLES[each.role], _text(index, each)) for index, each in enumerate(messages) if each.role in _ROLES]
    while turns and turns[-1].role is not MessageRole.user:
        turns.pop()
    if not turns:
        raise _invalid("messages", "This must have a message of the user.")
    before = [Turn(turn.role, turn.content[:TURN_CHARACTERS]) for turn in turns[:-1] if turn.content.strip()]
    return [*before[-CONTEXT_MESSAGES:], turns[-1]]


def _text(index: int, message: ChatMessage) -> str:
    if not isinstance(message.content, list):
        return message.content or ""
    for position, part in enumerate(message.content):
        if part.type not in _TEXTS:
            raise _invalid(f"messages[{index}].content[{position}].type", "The coach reads text only.")
    return "\n".join(part.text or "" for part in message.content)


def _invalid(field: str, message: str) -> problems.InvalidInput:
    return problems.InvalidInput(errors=(FieldError(field, message),))


TOKEN_ONLY = (list_models, get_model, complete_chat)
