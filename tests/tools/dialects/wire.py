"""The parts of a recorded dialect: what a service refuses of a request, and the bytes of its response."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from plccoach_api.rules.stopped_early import StoppedEarly
from tests.tools.model_server import ROUTED, Fail, Parts, Received, Reply

# The passages of tests/coach/passages.py support both sentences.
ANSWER = (
    "A norm is a promise about conduct that every member of the team agreed to [1]. "
    "Tier 3 is intensive help with skills that should have been mastered in earlier years [2]."
)
SECRET = "SECRET THOUGHT"
THOUGHT = f"{SECRET}: the user asks about trust, so I have to look at the passages first."
DELTAS = tuple(re.findall(r"\S+ ?", ANSWER))
USAGE = {"prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500}

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """The error for a request of which `when` is true. With the status 200 it is an event of a stream."""

    when: Callable[[Body], Any]
    body: Any
    status: int = 400

    @property
    def text(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


@dataclass(frozen=True)
class Dialect:
    """One service as its documentation or its users describe it."""

    name: str
    stream: bytes
    refusals: Sequence[Refusal] = ()
    model: str = "some-model"
    routed: bytes | None = None
    """The response to a routing request, or None for the ordinary one."""
    stopped_early: StoppedEarly | None = None
    has_answer: bool = True
    content_type: str = "text/event-stream"
    hang: bool = False

    def reply(self, request: Received) -> Reply:
        for refusal in self.refusals:
            if refusal.when(request.body):
                is_event = refusal.status == HTTPStatus.OK
                return Parts([sse([refusal.body])]) if is_event else Fail(refusal.status, body=refusal.text)
        if _is_routing(request):
            return Parts([self.routed or completion(ROUTED)], "application/json")
        if not request.body.get("stream"):
            return Parts([completion(ANSWER)], "application/json")
        return Parts(_cut(self.stream), self.content_type, hang=self.hang)


def _is_routing(request: Received) -> bool:
    return any("Question to sort" in str(message["content"]) for message in request.messages)


def _cut(stream: bytes) -> list[bytes]:
    """Cuts a stream at places that follow from its own bytes, so that lines and characters are divided."""
    sizes = [1 + byte % 61 for byte in stream[:: max(1, len(stream) // 60)]]
    parts: list[bytes] = []
    start = 0
    while start < len(stream):
        size = sizes[len(parts) % len(sizes)]
        parts.append(stream[start : start + size])
        start += size
    return parts


def has(name: str) -> Callable[[Body], bool]:
    return lambda body: name in body


def asks_for(kind: str) -> Callable[[Body], bool]:
    return lambda body: body.get("response_format", {}).get("type") == kind


def has_role(role: str) -> Callable[[Body], bool]:
    return lambda body: any(message["role"] == role for message in body["messages"])


def openai_error(message: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def chunk(delta: Any = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {} if delta is None else delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [choice],
    } | more


def texts(deltas: Iterable[str] = DELTAS) -> list[dict[str, Any]]:
    return [chunk({"content": delta}) for delta in deltas]


USAGE_CHUNK = chunk() | {"choices": [], "usage": USAGE}
STOP = chunk(finish="stop")
ENDING = [STOP, USAGE_CHUNK]


def sse(events: Iterable[Any], *, end: str = "\n\n", prefix: str = "data: ", done: bool = True) -> bytes:
    """Encodes events. A text stands for itself, for comments and lines that are no data."""
    lines = [each if isinstance(each, str) else prefix + json.dumps(each) + end for each in events]
    return "".join([*lines, f"{prefix}[DONE]{end}" if done else ""]).encode()


def completion(content: Any, finish: str | None = "stop", **more: Any) -> bytes:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return json.dumps(whole | {"usage": USAGE} | more).encode()
