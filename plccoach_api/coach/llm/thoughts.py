"""A filter that removes the thoughts of a model from its text.

Models write thoughts into the content when their server does not separate them: between tags such as `<think>` and
`</think>`, in the channels of the harmony format, or with a closing tag only, because the prompt's template has the
opening one. The result does not depend on how the text was divided into deltas.

The names of tags change with each model. An unknown tag around the beginning of a text, and an unknown closing tag on a
line of its own that nothing opened, end a thought when text follows.

A tag inside a code block, inside quotation marks, or in a sentence about the tag ("the <think> tag") is text.
"""

import re
from enum import Enum, auto

import msgspec

from plccoach_api.coach.llm.thought_signs import begins_like_answer
from plccoach_api.coach.llm.thought_tokens import BARE, TOKEN, TOKEN_STARTS, is_ordinary, thought_mark, unfinished

# A sentence about tags: "the <think> tag", "<think> and </think>".
_PROSE = re.compile(r"[`'\"”’)]?\s(?:(?:tag|element|block|marker)s?\b|(?:and|or|to)\s?[`'\"“‘]?</)", re.IGNORECASE)  # noqa: RUF001 - quotation marks
_PROSE_CHARACTERS = 12
_QUOTES = frozenset("`'\"“”‘’«»")  # noqa: RUF001 - quotation marks
_FENCES = ("```", "~~~")
_LINE_START = 16
_HEADER_CHARACTERS = 80
_CHANNELS = ("analysis", "commentary", "final")


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
    bare = auto()


class ThoughtFilter:
    """Takes the deltas of a model and returns those of its answer.

    With `unopened` the model is known to mark only the end of its thoughts. All text is then withheld until that mark,
    or until the end. None says that nothing is known: the text is withheld too, unless it begins like an answer.
    """

    def __init__(self, *, unopened: bool | None = False) -> None:
        self._state = _State.start
        self._buffer = ""
        self._unopened = unopened
        self._withheld: list[str] | None = None if unopened is False else []
        self._is_judged = unopened is not None
        self._bare_end = ""
        self._opened_names: set[str] = set()
        self._has_text = False
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
        if self._state is _State.text and not self._buffer and not any(start in text for start in TOKEN_STARTS):
            return self._emit(text)
        self._buffer += text
        return self._read(finished=False)

    def finish(self, *, cut: bool = False) -> list[str | Reset]:
        """Returns the rest. `cut` tells that the model reached its limit, perhaps within its thoughts."""
        pieces = self._read(finished=True)
        if not self._is_judged and self._withheld:
            pieces += self._judge("\n")
        if self._withheld is not None:
            pieces += [] if cut and self._unopened is not False else self.release()
        if self._unopened is None and self.unopened is None:
            self.unopened = False
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
        if self._state is _State.bare:
            position = self._read_bare(position)
        while self._state is not _State.bare:
            token = TOKEN.search(self._buffer, position)
            if token is None or (not finished and self._needs_more(token)):
                end = token.start() if token else len(self._buffer)
                end = end if token or finished else unfinished(self._buffer, position)
                pieces += self._take(self._buffer[position:end])
                position = end
                break
            pieces += self._take(self._buffer[position : token.start()])
            pieces += self._handle(token)
            position = token.end()
        self._buffer = self._buffer[position:]
        return pieces

    def _read_start(self, *, finished: bool) -> int:
        """Decides whether the text begins with thoughts that only their first words show. Returns where it goes on."""
        text = self._buffer.lstrip()
        beginning = text.lower()
        if not finished and any(len(text) <= len(first) and first.startswith(beginning) for first, _, _ in BARE):
            return 0
        self._state = _State.text
        for _, pattern, end in BARE:
            if bare := pattern.match(self._buffer):
                self._state, self._bare_end = _State.bare, end
                return bare.end()
        return 0

    def _read_bare(self, position: int) -> int:
        end = self._buffer.find(self._bare_end, position)
        if end < 0:
            return max(position, len(self._buffer) - len(self._bare_end) + 1)
        self._state = _State.text
        return end + len(self._bare_end)

    def _needs_more(self, token: re.Match[str]) -> bool:
        """Returns whether the text after a token is too short to tell what the token is."""
        if token["mark"]:
            return thought_mark(token["mark"].lower()) is not None and self._is_near_end(token.end())
        if token["unknown"]:
            after = self._buffer[token.end() :]
            return not is_ordinary(token["unknown"]) and (self._is_near_end(token.end()) or not after.strip())
        return self._is_near_end(token.end())

    def _is_near_end(self, end: int) -> bool:
        """Returns whether the text after a tag is too short to tell a tag from a sentence about it."""
        return len(self._buffer) < end + _PROSE_CHARACTERS

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
        mark = thought_mark(token["mark"].lower()) if token["mark"] else None
        if token["mark"] and (mark is None or self._state is _State.header):
            return self._handle_mark(token["mark"].lower())
        if self._state in {_State.header, _State.channel}:
            return []
        after = self._buffer[token.end() : token.end() + _PROSE_CHARACTERS]
        quoted = previous in _QUOTES and after[:1] in _QUOTES
        in_inline_code = self._state is _State.text and previous == "`" and self._ticks % 2 == 1
        literal = quoted or in_inline_code or bool(_PROSE.match(after))
        if token["open"] or mark == "open":
            return self._handle_open(token[0], literal=literal)
        if token["close"] or mark == "close":
            return self._handle_close(token[0], literal=literal)
        return self._handle_other(token, previous, literal=literal) if self._state is _State.text else []

    def _handle_other(self, token: re.Match[str], previous: str, *, literal: bool) -> list[str | Reset]:
        """Reads a tag that no known model puts around its thoughts."""
        name = (token["unknown"] or "").lower()
        in_inline_code = self._ticks % 2 == 1
        if literal or in_inline_code or self._is_code or is_ordinary(name):
            return self._emit(token[0])
        if token["answer"]:
            # The tags around an answer are left out, and what is between them stays.
            return []
        if not token["closes"]:
            if self._has_text:
                self._opened_names.add(name)
            elif self._withheld is None:
                self._withheld = []
            return self._emit(token[0])
        after = self._buffer[token.end() :]
        ends_thought = self._withheld is not None or previous in {"", "\n"} or after.startswith("\n")
        if name in self._opened_names or not after.strip() or not ends_thought:
            return self._emit(token[0])
        self.unopened = True
        return self._reset()

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
        self._has_text = self._has_text or bool(text.strip())
        if self._withheld is not None:
            self._withheld.append(text)
            return [] if self._is_judged else self._judge()
        self._released = True
        return [text]

    def _judge(self, ending: str = "") -> list[str | Reset]:
        """Releases the text of an unknown model when it begins like an answer."""
        is_answer = begins_like_answer("".join(self._withheld or ()) + ending)
        self._is_judged = is_answer is not None
        return self.release() if is_answer else []

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
