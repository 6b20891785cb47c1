"""A conversation as text: plain, or Markdown that no message can break."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from plccoach_api.export.conversation import Bibliography, Exported, Pages, entry, source
from plccoach_api.rules.messages import MessageRole, MessageStatus
from plccoach_api.structs.messages import Message

_SPEAKERS = {MessageRole.user: "You", MessageRole.assistant: "The coach"}
_UNFINISHED = {
    MessageStatus.generating: "still being answered",
    MessageStatus.stopped: "stopped before its end",
    MessageStatus.failed: "not answered",
}
# What Markdown gives a meaning anywhere in a line, and what only at its beginning.
_INLINE = re.compile(r"([\\`*_\[\]<>&|~$])")
_AT_START = re.compile(r"^(\s*)([#>+=-]|\d{1,9}(?=[.)]))", re.MULTILINE)


def _unchanged(text: str) -> str:
    return text


def escaped(text: str) -> str:
    """Words as they are, to a reader of Markdown; citations keep their brackets."""
    inline = re.sub(r"\\\[(\d+)\\\]", r"[\1]", _INLINE.sub(r"\\\1", text))
    return _AT_START.sub(lambda found: f"{found[1]}{_escape_start(found[2])}", inline)


def _escape_start(mark: str) -> str:
    # A number before a full stop is escaped at the stop, which is what makes it a list.
    return mark if mark.isdigit() else f"\\{mark}"


@dataclass(frozen=True, slots=True)
class _Style:
    """How the two differ."""

    title: str
    heading: str
    words: Callable[[str], str]


_PLAIN = _Style("{}\n", "--- {} ---", _unchanged)
_MARKDOWN = _Style("# {}\n", "## {}", escaped)


def plain(exported: Exported, pages: Pages) -> AsyncIterator[bytes]:
    return _written(exported, pages, _PLAIN)


def markdown(exported: Exported, pages: Pages) -> AsyncIterator[bytes]:
    return _written(exported, pages, _MARKDOWN)


def speaker(message: Message) -> str:
    """Who says it and when, and what became of it if it is not whole."""
    said = f"{_SPEAKERS[message.role]}, {moment(message.created_at)}"
    unfinished = _UNFINISHED.get(message.status)
    return f"{said} ({unfinished})" if unfinished else said


def moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def dates(exported: Exported) -> str:
    return (
        f"Begun {moment(exported.created_at)}, last changed {moment(exported.updated_at)}, "
        f"exported {moment(exported.exported_at)}."
    )


async def _written(exported: Exported, pages: Pages, style: _Style) -> AsyncIterator[bytes]:
    bibliography = Bibliography()
    yield _lines(style.title.format(style.words(exported.title)), dates(exported), "")
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            yield _lines(*_message(message, style))
    if works := bibliography.works():
        yield _lines(style.heading.format("Bibliography"), "", *(f"- {style.words(entry(work))}" for work in works))


def _message(message: Message, style: _Style) -> Iterator[str]:
    yield style.heading.format(speaker(message))
    yield ""
    if message.content:
        yield style.words(message.content)
        yield ""
    if message.citations:
        yield "Sources:"
        yield ""
        for citation in message.citations:
            yield f"- [{citation.index}] {style.words(source(citation))}: “{style.words(_line(citation.quote))}”"
        yield ""


def _line(quote: str) -> str:
    """A list that was quoted, on one line."""
    return " ".join(quote.split())


def _lines(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode(errors="replace")
