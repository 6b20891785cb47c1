"""Chat completions: the part of OpenAI's protocol that the coach speaks. Unknown fields of a request are ignored."""

from collections.abc import Sequence
from typing import Any, Literal, Self
from urllib.parse import quote

import msgspec

from plccoach_api.rules import pricing
from plccoach_api.rules.citations import place_of
from plccoach_api.rules.references import references
from plccoach_api.rules.stopped_early import StoppedEarly
from plccoach_api.structs.citations import Citation

MODEL = "plc-coach"


class ContentPart(msgspec.Struct, frozen=True):
    type: str
    text: str | None = None


class ChatMessage(msgspec.Struct, frozen=True):
    role: str
    content: str | list[ContentPart] | None = None


class StreamOptions(msgspec.Struct, frozen=True):
    include_usage: bool | None = None


class ChatRequest(msgspec.Struct, frozen=True):
    """The last message of the user is the question, and the messages before it are what was said before."""

    model: str
    messages: list[ChatMessage]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    tool_choice: Any = None
    modalities: list[str] | None = None
    response_format: Any = None


class UrlCitation(msgspec.Struct, frozen=True):
    """The reference at `content[start_index:end_index]`, counted in code points, and the page of its passage."""

    url: str
    title: str
    start_index: int
    end_index: int


class Annotation(msgspec.Struct, frozen=True):
    url_citation: UrlCitation
    type: Literal["url_citation"] = "url_citation"
    index: int | msgspec.UnsetType = msgspec.UNSET
    """In a stream, the place among all annotations. Without it, OpenAI's client for Python cannot join two lists."""


def annotations_of(content: str, citations: Sequence[Citation], *, numbered: bool = False) -> list[Annotation]:
    """Returns one annotation for each reference of the text to one of the citations."""
    known = {citation.index: citation for citation in citations}
    cited = [
        UrlCitation(_url(known[number]), place_of(known[number].book_title, known[number].pages), start, end)
        for number, start, end in references(content)
        if number in known
    ]
    return [Annotation(each, index=at if numbered else msgspec.UNSET) for at, each in enumerate(cited)]


def _url(citation: Citation) -> str:
    return f"{citation.passage_url}#quote={quote(citation.quote, safe='')}"


class Usage(msgspec.Struct, frozen=True):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, usage: pricing.Usage) -> Self:
        """Counts an unknown number as zero, because the protocol has no other way to say it."""
        read, written = usage.input_tokens or 0, usage.output_tokens or 0
        return cls(read, written, read + written)


def finish_reason(stopped_early: StoppedEarly | None) -> str:
    return "length" if stopped_early is StoppedEarly.length else "stop"


class ReplyMessage(msgspec.Struct, frozen=True):
    content: str
    annotations: list[Annotation]
    role: Literal["assistant"] = "assistant"
    refusal: None = None


class Choice(msgspec.Struct, frozen=True):
    message: ReplyMessage
    finish_reason: str
    index: int = 0
    logprobs: None = None


class ChatCompletion(msgspec.Struct, frozen=True):
    """A whole answer. `citations` are our own, with the quotes and the pages."""

    id: str
    created: int
    choices: list[Choice]
    usage: Usage
    citations: list[Citation]
    object: Literal["chat.completion"] = "chat.completion"
    model: str = MODEL

    @classmethod
    def of(
        cls,
        content: str,
        citations: list[Citation],
        usage: pricing.Usage,
        stopped_early: StoppedEarly | None = None,
        *,
        id: str,
        created: int,
    ) -> Self:
        message = ReplyMessage(content, annotations_of(content, citations))
        return cls(id, created, [Choice(message, finish_reason(stopped_early))], Usage.of(usage), citations)


class Delta(msgspec.Struct, frozen=True, omit_defaults=True):
    role: str | None = None
    content: str | None = None
    annotations: list[Annotation] | None = None


class ChunkChoice(msgspec.Struct, frozen=True):
    delta: Delta
    finish_reason: str | None = None
    index: int = 0
    logprobs: None = None


class ChatChunk(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a streamed answer. `usage` is null but on the last chunk of a client that asks for it."""

    id: str
    created: int
    choices: list[ChunkChoice]
    usage: Usage | msgspec.UnsetType | None = msgspec.UNSET
    citations: list[Citation] | msgspec.UnsetType = msgspec.UNSET
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    model: str = MODEL


class Model(msgspec.Struct, frozen=True):
    created: int
    id: str = MODEL
    object: Literal["model"] = "model"
    owned_by: str = "plccoach"


class ModelList(msgspec.Struct, frozen=True):
    data: list[Model]
    object: Literal["list"] = "list"
