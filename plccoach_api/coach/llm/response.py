"""The response of a service: its events, and the text, the usage and the end that they add up to.

The structs name only what is read, so that services may add fields. Text of the wrong type is an error. Any other value
of the wrong type is as good as none.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

from plccoach_api.coach.llm.errors import ModelError
from plccoach_api.coach.llm.finish_reasons import is_failure, stopped_early
from plccoach_api.coach.llm.thoughts import Reset, ThoughtFilter
from plccoach_api.rules.stopped_early import StoppedEarly

# Cuts off an answer from a service that ignores `max_tokens`.
_ANSWER_CHARACTERS = 16_000
_MOST_DIGITS = 12

_TEXT_PARTS = frozenset({None, "text", "output_text"})


class _Message(msgspec.Struct, frozen=True):
    content: str | list[Any] | dict[str, Any] | None = None
    refusal: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    thinking: Any = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Message | None = None
    message: _Message | None = None
    text: str | None = None
    finish_reason: Any = None
    usage: Any = None


class Event(msgspec.Struct, frozen=True):
    """One event of a stream, or the complete response of a request that does not stream."""

    choices: list[_Choice] | None = None
    usage: Any = None
    x_groq: Any = None
    model: Any = None
    object: Any = None
    error: Any = None
    message: Any = None
    """The text of an error that is no object of its own."""

    @property
    def is_error(self) -> bool:
        error = self.error
        return self.object == "error" or bool(any(error.values()) if isinstance(error, dict) else error)

    @property
    def choice(self) -> _Choice | None:
        """The first choice. We request only one."""
        return self.choices[0] if self.choices else None


END = Event()
"""Stands for `[DONE]`."""
FILTERED = Event(choices=[_Choice(finish_reason="content_filter")])
"""Stands for the error by which a service tells that its content filter refused the prompt."""

_decode_event = msgspec.json.Decoder(Event).decode
_decode_events = msgspec.json.Decoder(list[Event]).decode


def decode_event(lines: list[bytes]) -> list[Event]:
    """Returns the event of these data lines, or one event for each line where a service forgot the blank line."""
    try:
        return _decode(b"\n".join(lines))
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, ValueError):
        if len(lines) == 1:
            raise
        return [event for line in lines if line for event in _decode(line)]


def _decode(data: bytes) -> list[Event]:
    if data == b"[DONE]":
        return [END]
    try:
        # Some services put an error into a list.
        return _decode_events(data) if data.startswith(b"[") else [_decode_event(data)]
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Some services send the halves of a surrogate pair or of a character one by one.
        return [msgspec.convert(json.loads(data.decode("utf-8", "replace")), Event)]


class ThoughtPlace(StrEnum):
    """The place where a service sends the thoughts of a model."""

    nowhere = "nowhere"
    beside = "beside the content"
    content = "in the content"


class ResponseReader:
    """Adds up the events of one response. Thoughts are left out of the text."""

    def __init__(self, *, unopened: bool | None) -> None:
        """`unopened` says whether the model marks only the end of its thoughts, None that nothing is known."""
        self._thoughts = ThoughtFilter(unopened=unopened)
        self._characters = 0
        self._received_text = False
        self._has_deltas = False
        self._thoughts_beside = False
        self.has_choices = False
        self.finished = False
        self.has_finish_reason = False
        self.has_bare_end = False
        """True when nothing but `[DONE]` ended the text."""
        self.model = ""
        """The model that answers, by its own word. A gateway may have several."""
        self.stopped_early: StoppedEarly | None = None
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None

    @property
    def is_full(self) -> bool:
        return self._characters == _ANSWER_CHARACTERS

    @property
    def unopened(self) -> bool | None:
        """True when the model marks only the end of its thoughts, None when the response did not show it."""
        return self._thoughts.unopened

    @property
    def thoughts(self) -> ThoughtPlace:
        if self._thoughts.found:
            return ThoughtPlace.content
        return ThoughtPlace.beside if self._thoughts_beside else ThoughtPlace.nowhere

    def read(self, event: Event) -> Iterator[str | Reset]:
        if isinstance(event.model, str):
            self.model = event.model or self.model
        self._read_usage(event.usage)
        if isinstance(event.x_groq, dict):
            self._read_usage(event.x_groq.get("usage"))
        if event is END:
            self.has_bare_end = self._received_text and not self.finished
            self.finished = self.finished or self._received_text
        if choice := event.choice:
            self.has_choices = True
            self._read_usage(choice.usage)
            yield from self._read_choice(choice)

    def finish(self) -> Iterator[str | Reset]:
        yield from self._bounded(self._thoughts.finish(cut=self.stopped_early is StoppedEarly.length))

    def _read_choice(self, choice: _Choice) -> Iterator[str | Reset]:
        message = self._message(choice)
        if message.reasoning_content or message.reasoning or message.thinking or _has_thinking_part(message.content):
            self._thoughts_beside = True
            yield from self._bounded(self._thoughts.release())
        if text := _text(message.content):
            self._received_text = True
            self._has_deltas = self._has_deltas or message is choice.delta
            yield from self._bounded(self._thoughts.feed(text))
        self._read_end(choice, message)

    def _message(self, choice: _Choice) -> _Message:
        """Returns the part of a choice that has new text. A message beside or after the deltas repeats them."""
        delta, message = choice.delta, choice.message
        if message and self._has_deltas:
            return delta or _Message()
        if delta and message and message.content and not delta.content and not self._received_text:
            return message
        return delta or message or _Message(choice.text)

    def _read_end(self, choice: _Choice, message: _Message) -> None:
        if is_failure(choice.finish_reason):
            raise ModelError("the model failed")
        is_whole = choice.message is not None and self._received_text
        self.has_finish_reason = self.has_finish_reason or bool(choice.finish_reason)
        self.finished = self.finished or self.has_finish_reason or is_whole
        refused = StoppedEarly.content_filter if _text(message.refusal) else None
        self.stopped_early = stopped_early(choice.finish_reason) or refused or self.stopped_early

    def _bounded(self, pieces: list[str | Reset]) -> Iterator[str | Reset]:
        # Text before a Reset of the same event need not be taken back if it is never yielded.
        resets = [index for index, piece in enumerate(pieces) if isinstance(piece, Reset)]
        for piece in pieces[resets[-1] if resets else 0 :]:
            if isinstance(piece, Reset):
                self._characters = 0
                yield piece
            elif text := piece[: _ANSWER_CHARACTERS - self._characters]:
                self._characters += len(text)
                yield text
        if self.is_full:
            self.finished, self.stopped_early = True, StoppedEarly.length

    def _read_usage(self, usage: Any) -> None:
        """Keeps the last numbers. Some services send them with every event, and others each in an event of its own."""
        if not isinstance(usage, dict):
            return
        read, written, total = (
            _tokens(usage.get(name, usage.get(other)))
            for name, other in (
                ("prompt_tokens", "input_tokens"),
                ("completion_tokens", "output_tokens"),
                ("total_tokens", "total"),
            )
        )
        self.input_tokens = self.input_tokens if read is None else read
        if written is None and total is not None and read is not None:
            written = max(0, total - read)
        self.output_tokens = self.output_tokens if written is None else written


def _text(content: Any) -> str:
    """Returns the text of a content, which some services send as a list of parts. Parts with thoughts are left out."""
    if content is None or isinstance(content, str):
        return content or ""
    parts = content if isinstance(content, list) else [content]
    return "".join(map(_part_text, parts))


def _has_thinking_part(content: str | list[Any] | dict[str, Any] | None) -> bool:
    return isinstance(content, list) and any(isinstance(part, dict) and "thinking" in part for part in content)


def _part_text(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and part.get("type") in _TEXT_PARTS and isinstance(part.get("text"), str):
        return str(part["text"])
    return ""


def _tokens(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**_MOST_DIGITS:
        return int(value)
    return None
