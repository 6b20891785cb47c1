"""A conversation as plain text, and as Markdown in which no message can add markup."""

import re
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass

from plccoach_api.export.bibliography import Bibliography, describe_source, describe_work
from plccoach_api.export.conversation import ExportHeader, MessagePages, dates_line, message_heading
from plccoach_api.rules.messages import MessageRole
from plccoach_api.structs.messages import Message

# Characters that are markup anywhere in a line, and characters that are markup at its start.
_INLINE = re.compile(r"([\\`*_\[\]<>&|~$])")
# The white space must not cross lines: many empty lines would take quadratic time.
_AT_START = re.compile(r"^([^\S\n]*(?:\d{1,9}[.)][^\S\n]+)*)([#>+=-])", re.MULTILINE)
_LINE_END = re.compile(r"\r\n?")
# A line with four spaces before it, or before its words behind the number of a list, would be code.
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_MOST_INDENT = 3
_NUMBERS = re.compile(r"^( {0,3})((?:\d{1,9}[.)][ \t]+)+)", re.MULTILINE)

# A line of an answer that is a heading: "**How Trust Grows**". It is the only markup of an answer that an export reads.
_HEADING = re.compile(r"^\*\*([^*\n]+)\*\*$", re.MULTILINE)


def _unchanged(text: str) -> str:
    return text


def escape_markdown(text: str) -> str:
    """Escapes all markup except the brackets of citations and the numbers of lists."""
    lines = _NUMBERS.sub(_with_single_spaces, _INDENT.sub(_cut, _LINE_END.sub("\n", text)))
    # "[1](address)" and "[1]: address" would be links.
    inline = re.sub(r"\\\[(\d+)\\\](?![(:])", r"[\1]", _INLINE.sub(r"\\\1", lines))
    return _AT_START.sub(r"\1\\\2", inline)


def _cut(indent: re.Match[str]) -> str:
    return indent[0].expandtabs(4)[:_MOST_INDENT]


def _with_single_spaces(numbers: re.Match[str]) -> str:
    return numbers[1] + re.sub(r"[ \t]+", " ", numbers[2])


@dataclass(frozen=True, slots=True)
class _Style:
    """The differences between plain text and Markdown."""

    title: str
    heading: str
    escape: Callable[[str], str]
    escape_answer: Callable[[str], str]


def _without_headings(text: str) -> str:
    return _HEADING.sub(r"\1", text)


def _escape_answer(text: str) -> str:
    """Escapes all markup but that of headings."""
    lines = ((_HEADING.fullmatch(line), line) for line in text.split("\n"))
    return "\n".join(f"**{escape_markdown(match[1])}**" if match else escape_markdown(line) for match, line in lines)


_PLAIN = _Style("{}\n", "--- {} ---", _unchanged, _without_headings)
_MARKDOWN = _Style("# {}\n", "## {}", escape_markdown, _escape_answer)


def write_plain_text(header: ExportHeader, pages: MessagePages) -> AsyncGenerator[bytes]:
    return _write(header, pages, _PLAIN)


def write_markdown(header: ExportHeader, pages: MessagePages) -> AsyncGenerator[bytes]:
    return _write(header, pages, _MARKDOWN)


async def _write(header: ExportHeader, pages: MessagePages, style: _Style) -> AsyncGenerator[bytes]:
    bibliography = Bibliography()
    yield _encode(style.title.format(style.escape(header.title)), dates_line(header), "")
    async for page in pages:
        for message in page:
            bibliography.add(message.citations)
            yield _encode(*_message(message, style))
    if works := bibliography.works():
        entries = [f"- {style.escape(describe_work(work))}" for work in works]
        yield _encode(style.heading.format("Bibliography"), "", *entries)


def _message(message: Message, style: _Style) -> Iterator[str]:
    yield style.heading.format(message_heading(message))
    yield ""
    if message.content:
        yield (
            style.escape_answer(message.content)
            if message.role is MessageRole.assistant
            else style.escape(message.content)
        )
        yield ""
    if message.citations:
        yield "Sources:"
        yield ""
        for citation in message.citations:
            # A quoted list is put on one line.
            quote = style.escape(" ".join(citation.quote.split()))
            yield f"- [{citation.index}] {style.escape(describe_source(citation))}: “{quote}”"
        yield ""


def _encode(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode(errors="replace")
