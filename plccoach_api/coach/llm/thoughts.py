"""A filter that removes the thoughts of a model from its text.

Models write thoughts into the content when their server does not separate them: between tags such as `<think>` and
`</think>`, in the channels of the harmony format, or with a closing tag only, because the prompt's template has the
opening one. The result does not depend on how the text was divided into deltas.

A tag inside a code block, inside quotation marks, or in a sentence about the tag ("the <think> tag") is text.
"""

import re
from enum import Enum, auto

import msgspec

_TAG_NAMES = (
    *("think", "thinking", "thought", "thoughts", "reason", "reasoning", "reflection", "scratchpad", "analysis"),
    *("reasoning_content", "thought_process", "chain_of_thought", "inner_monologue"),
)
# A model that puts its thoughts between tags may do the same with its answer.
_ANSWER_NAMES = ("answer", "final_answer", "response", "solution")
_NAME = rf"(?:\w{{1,12}}:)?(?:{'|'.join(sorted(_TAG_NAMES, key=len, reverse=True))})"
_TOKEN = re.compile(
    rf"(?P<open><{_NAME}(?:\s[^<>]{{0,60}})?>|\[(?:THINK|THINKING|REASONING)\]|◁think▷|<\|channel>"
    r"|<\|(?:START_THINKING|begin_of_thought|think|thinking)\|>)"
    rf"|(?P<close></{_NAME}\s{{0,3}}>|\[/(?:THINK|THINKING|REASONING)\]|◁/think▷|<channel\|>"
    r"|<\|(?:END_THINKING|end_of_thought|/think|/thinking)\|>)"
    rf"|(?P<answer></?(?:{'|'.join(_ANSWER_NAMES)})>)"
    r"|<[|｜](?P<mark>[^<>|｜\s]{1,40})[|｜]>",  # noqa: RUF001 - DeepSeek's marks have a full-width bar
    re.IGNORECASE,
)
# The end of a text that may become a token.
_UNFINISHED = re.compile(
    r"(?:</?(?P<name>(?:\w{1,12}:)?\w{0,20})(?P<rest>\s[^<>]{0,60})?"
    r"|<[|｜][^<>|｜\s]{0,40}[|｜]?|<channel\|?|\[/?[A-Za-z]{0,9}|◁/?\w{0,5})\Z",  # noqa: RUF001
)
_TOKEN_STARTS = ("<", "[", "◁")
_LONGEST_TOKEN = 100
# A sentence about tags: "the <think> tag", "<think> and </think>".
_PROSE = re.compile(r"[`'\"”’)]?\s(?:(?:tag|element|block|marker)s?\b|(?:and|or|to)\s?[`'\"“‘]?</)", re.IGNORECASE)  # noqa: RUF001 - quotation marks
_PROSE_CHARACTERS = 12
_QUOTES = frozenset("`'\"“”‘’«»")  # noqa: RUF001 - quotation marks
_FENCES = ("```", "~~~")
_LINE_START = 16
_HEADER_CHARACTERS = 80
_CHANNELS = ("analysis", "commentary", "final")
# Servers that remove the marks of the harmony format, but not its text, leave this before and after the thoughts.
_BARE_ANALYSIS = re.compile(r"\s{0,8}analysis(?=[A-Z“\"'])")
_BARE_BEGINNING = "analysis"
_BARE_FINAL = "assistantfinal"


class Reset(msgspec.Struct, frozen=True):
    """All text before this was a thought, of which only the end was marked."""


class _State(Enum):
    start = auto()
    text = auto()
    thought = auto()
    header = auto()
    """The name of a harmony channel."""
    channel = auto()
    """A harmony channel with thoughts."""
    bare_analysis = auto()


class ThoughtFilter:
    """Takes the deltas of a model and returns those of its answer.

    With `unopened` the model is known to mark only the end of its thoughts. All text is then withheld until that mark,
    or until the end.
    """

    def __init__(self, *, unopened: bool = False) -> None:
        self._state = _State.start
        self._buffer = ""
        self._unopened = unopened
        self._withheld: list[str] | None = [] if unopened else None
        self._nested = False
        self._header = ""
        self._message_began = False
        self._tag_opened = False
        self._released = False
        self._previous = ""
        # Code blocks and tags that are text, by the text so far.
        self._line = ""
        self._ticks = 0
        self._in_code = False
        self._literal_open = False
        self.found = False
        """True when a thought was left out."""
        self.unopened: bool | None = None
        """True when the model marks only the end of its thoughts, None when the text did not show it."""

    def feed(self, text: str) -> list[str | Reset]:
        if self._state is _State.text and not self._buffer and not any(start in text for start in _TOKEN_STARTS):
            return self._emit(text)
        self._buffer += text
        return self._read(finished=False)

    def finish(self, *, cut: bool = False) -> list[str | Reset]:
        """Returns the rest. `cut` tells that the model reached its limit, perhaps within its thoughts."""
        pieces = self._read(finished=True)
        if self._withheld is not None:
            pieces += [] if cut and self._unopened else self.release()
        return pieces

    def release(self) -> list[str | Reset]:
        """Returns the withheld text, and withholds nothing more: the service sends the thoughts beside the content."""
        if self._withheld is None:
            return []
        withheld, self._withheld = "".join(self._withheld), None
        self.unopened = False if self._unopened else self.unopened
        self._released = self._released or bool(withheld)
        return [withheld] if withheld else []

    def _read(self, *, finished: bool) -> list[str | Reset]:
        pieces: list[str | Reset] = []
        position = 0 if self._state is not _State.start else self._read_start(finished=finished)
        if self._state is _State.start:
            return []
        if self._state is _State.bare_analysis:
            position = self._read_bare_analysis(position)
        while self._state is not _State.bare_analysis:
            token = _TOKEN.search(self._buffer, position)
            if token is None or (not finished and not token["mark"] and self._is_near_end(token.end())):
                end = token.start() if token else len(self._buffer) if finished else self._unfinished(position)
                pieces += self._take(self._buffer[position:end])
                position = end
                break
            pieces += self._take(self._buffer[position : token.start()])
            pieces += self._handle(token)
            position = token.end()
        self._buffer = self._buffer[position:]
        return pieces

    def _read_start(self, *, finished: bool) -> int:
        """Decides whether the text begins with thoughts that only their first word shows. Returns where it goes on."""
        text = self._buffer.lstrip()
        if not finished and len(text) <= len(_BARE_BEGINNING) and _BARE_BEGINNING.startswith(text):
            return 0
        bare = _BARE_ANALYSIS.match(self._buffer)
        self._state = _State.bare_analysis if bare else _State.text
        return bare.end() if bare else 0

    def _read_bare_analysis(self, position: int) -> int:
        end = self._buffer.find(_BARE_FINAL, position)
        if end < 0:
            return max(position, len(self._buffer) - len(_BARE_FINAL) + 1)
        self._state = _State.text
        return end + len(_BARE_FINAL)

    def _is_near_end(self, end: int) -> bool:
        """Returns whether the text after a tag is too short to tell a tag from a sentence about it."""
        return len(self._buffer) < end + _PROSE_CHARACTERS

    def _unfinished(self, position: int) -> int:
        """Returns the start of a token that the buffer may end with, else its length."""
        size = len(self._buffer)
        for start in range(max(position, size - _LONGEST_TOKEN), size):
            if self._buffer[start] in _TOKEN_STARTS and (match := _UNFINISHED.match(self._buffer, start)):
                name = (match["name"] or "").rpartition(":")[2].lower()
                names = (each for each in _TAG_NAMES if (each == name if match["rest"] else each.startswith(name)))
                if match["name"] is None or any(names) or (not match["rest"] and ":" not in match["name"]):
                    return start
        return size

    def _take(self, text: str) -> list[str | Reset]:
        """Emits the text between two tokens, or drops it, by the state."""
        if not text:
            return []
        if self._state is _State.text:
            return self._emit(text)
        self._previous = text[-1]
        self.found = self.found or self._state is not _State.header
        if self._state is _State.header:
            self._header = (self._header + text)[-_HEADER_CHARACTERS:]
        return []

    def _handle(self, token: re.Match[str]) -> list[str | Reset]:
        previous, self._previous = self._previous, token[0][-1]
        if token["mark"]:
            return self._handle_mark(token["mark"].lower())
        if self._state in {_State.header, _State.channel}:
            return []
        after = self._buffer[token.end() : token.end() + _PROSE_CHARACTERS]
        quoted = previous in _QUOTES and after[:1] in _QUOTES
        in_inline_code = self._state is _State.text and previous == "`" and self._ticks % 2 == 1
        literal = quoted or in_inline_code or bool(_PROSE.match(after))
        if token["open"]:
            return self._handle_open(token[0], literal=literal)
        if token["close"]:
            return self._handle_close(token[0], literal=literal)
        # The tags around an answer are left out, and what is between them stays.
        return self._emit(token[0]) if self._state is _State.text and (literal or self._is_code) else []

    def _handle_open(self, tag: str, *, literal: bool) -> list[str | Reset]:
        if self._state is _State.thought:
            self._nested = self._nested or not literal
            return []
        if literal or self._is_code:
            self._literal_open = True
            return self._emit(tag)
        if self._withheld is not None:
            if "".join(self._withheld).strip():
                return []
            self._withheld, self.unopened = None, False
        self._state, self._tag_opened = _State.thought, True
        return []

    def _handle_close(self, tag: str, *, literal: bool) -> list[str | Reset]:
        if self._state is _State.thought:
            if not literal:
                # After a tag within the thoughts this may close that tag, so the text is withheld until another one.
                self._state, self._withheld = _State.text, [] if self._nested else None
                self._nested = False
            return []
        if literal or self._literal_open:
            return self._emit(tag)
        self.unopened = self.unopened or not self._tag_opened
        return self._reset()

    def _handle_mark(self, mark: str) -> list[str | Reset]:
        """Reads a mark of the harmony format. Other marks are left out: they belong to the model's template."""
        if self._state is _State.thought:
            return []
        if mark in {"start", "channel"}:
            self._state, self._header = _State.header, ""
        elif mark == "message" and self._state is _State.header:
            return self._begin_message(self._header)
        elif mark == "message" and self._state is _State.text and self._line.strip().endswith(_CHANNELS):
            # A server removed the marks before the name of the channel.
            return self._begin_message(self._line)
        elif mark in {"end", "return", "call"}:
            self._state = _State.text
        return []

    def _begin_message(self, header: str) -> list[str | Reset]:
        name = header.strip().lower()
        self._state = _State.text if "final" in name or name in {"", "assistant"} else _State.channel
        first, self._message_began = not self._message_began, True
        return self._reset() if first else []

    def _reset(self) -> list[str | Reset]:
        """Takes back the text so far."""
        self.found = True
        self._line, self._ticks, self._in_code = "", 0, False
        if self._withheld is not None:
            self._withheld = None
            return []
        return [Reset()] if self._released else []

    @property
    def _is_code(self) -> bool:
        return self._in_code or self._line.lstrip().startswith(_FENCES)

    def _emit(self, text: str) -> list[str | Reset]:
        if not text:
            return []
        self._follow_lines(text)
        if self._withheld is not None:
            self._withheld.append(text)
            return []
        self._released = True
        return [text]

    def _follow_lines(self, text: str) -> None:
        self._previous = text[-1]
        first, *others = text.split("\n")
        self._line = (self._line + first)[:_LINE_START]
        self._ticks += first.count("`")
        for line in others:
            if self._line.lstrip().startswith(_FENCES):
                self._in_code = not self._in_code
            self._literal_open = self._literal_open and self._in_code
            self._line, self._ticks = line[:_LINE_START], line.count("`")
