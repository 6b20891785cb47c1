"""Divides a model's text into units: sentences, headings, list items, heads and rows of tables, blocks of code.

A unit is judged, and released or withheld, as a whole. It ends when the first character of the next one is known.
A reference after the full stop belongs to the sentence before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from plccoach_api.coach.generation.model_text.literal_code import CODE, CODE_END
from plccoach_api.rules.sentences import STOP, sentences

# A longer sentence is divided here, so that the text which is read again and again stays short.
_MOST_CHARACTERS = 1500
# The marker of a list item may come in several pieces.
_LONGEST_LEAD = 12

MARK = re.compile("\x01(\\d+)\x02")
_INLINE_CODE = re.compile(f"{CODE}[^{CODE_END}]*{CODE_END}?")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_DIVIDED = re.compile(f"{CODE}[^{CODE_END}]*\\Z|\x01\\d*\\Z")
_LEAD = re.compile(r"\s*(?:> ?)*(?P<item>(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
_HEADING = re.compile(r"#{1,6}[ \t]|(?:\*\*|__)[^*_]{1,80}(?:\*\*|__):?$")
# A heading begins with one of these, or with a reference.
_HEADING_STARTS = ("#", "**", "__", "\x01")


class UnitKind(Enum):
    sentence = "sentence"
    heading = "heading"
    table_head = "table_head"
    row = "row"
    code = "code"


@dataclass(frozen=True, slots=True)
class Unit:
    lead: str
    """The white space before the unit. The first unit of a line also has the marker of a list item here."""
    text: str
    kind: UnitKind
    line: int
    line_lead: str
    """The lead of the line's first unit."""
    is_item: bool

    @property
    def is_in_table(self) -> bool:
        return self.kind in {UnitKind.table_head, UnitKind.row}

    @property
    def begins_line(self) -> bool:
        return self.lead == self.line_lead

    @property
    def plain(self) -> str:
        """The text without its references and without the fences around code."""
        text = self.text
        if self.kind is UnitKind.code:
            text = "\n".join(line for line in text.strip(CODE + CODE_END).split("\n") if not _FENCE.match(line))
        return MARK.sub("", text).strip()

    @property
    def references(self) -> tuple[int, ...]:
        """The passages to which the unit refers, in order, each once."""
        cited = (int(number) for number in MARK.findall(_INLINE_CODE.sub("", self.text)))
        return tuple(dict.fromkeys(number for number in cited if number))

    @property
    def begins_paragraph(self) -> bool:
        return self.lead.count("\n") > 1

    @property
    def introduces(self) -> bool:
        return self.plain.rstrip("*_ ").endswith(":")


class AnswerUnits:
    """Takes marked text in pieces and returns the units that are complete."""

    def __init__(self) -> None:
        self._unread = ""
        self._lead = ""
        self._begins_line = True
        self._lead_is_open = True
        self._is_item = False
        self._last_kind = UnitKind.sentence
        self._line, self._line_lead = 0, ""

    def feed(self, text: str) -> list[Unit]:
        self._unread += text
        return [*self._read(last=False)]

    def finish(self) -> list[Unit]:
        return [*self._read(last=True)]

    def _read(self, *, last: bool) -> Iterator[Unit]:
        while self._take_lead(last=last):
            end = self._end(last=last)
            if end is None:
                return
            text = self._unread[:end]
            self._unread = self._unread[end:]
            stripped = text.rstrip()
            if self._begins_line:
                self._line, self._line_lead = self._line + 1, self._lead
            self._last_kind = self._kind(stripped)
            yield Unit(self._lead, stripped, self._last_kind, self._line, self._line_lead, self._is_item)
            self._lead, self._begins_line, self._lead_is_open = text[len(stripped) :], False, True

    def _take_lead(self, *, last: bool) -> bool:
        """Moves white space and the marker of a list item into the lead. Returns False when no text follows yet."""
        visible = self._unread.lstrip()
        space = self._unread[: len(self._unread) - len(visible)]
        self._lead += space
        self._unread = visible
        self._begins_line = self._begins_line or "\n" in space
        if not visible:
            return False
        if self._begins_line and self._lead_is_open:
            if "\n" not in visible and len(visible) < _LONGEST_LEAD and not last:
                return False
            lead = _LEAD.match(visible)
            self._is_item = bool(lead and lead.group("item"))
            self._lead += lead.group() if lead else ""
            self._unread = visible[lead.end() if lead else 0 :]
            self._lead_is_open = False
        return bool(self._unread)

    def _end(self, *, last: bool) -> int | None:
        text = self._unread
        if text.startswith(CODE):
            closing = text.find(CODE_END)
            if closing < 0:
                return len(text) if last else None
            if "\n" in text[:closing]:
                return closing + 1
        line_end = text.find("\n")
        line = text if line_end < 0 else text[:line_end]
        end = _first_sentence_end(line[:_MOST_CHARACTERS]) if self._kind(line) is UnitKind.sentence else None
        if end is not None:
            return end
        if len(line) > _MOST_CHARACTERS:
            divided = _DIVIDED.search(line, 1, _MOST_CHARACTERS)
            return divided.start() if divided else _MOST_CHARACTERS
        if line_end >= 0 and self._may_be_table_head(line):
            return _table_head_end(text, line_end, last=last)
        return line_end if line_end >= 0 else len(text) if last else None

    def _may_be_table_head(self, line: str) -> bool:
        in_table = self._last_kind in {UnitKind.table_head, UnitKind.row} and self._lead.count("\n") == 1
        return self._kind(line) is UnitKind.row and not in_table

    def _kind(self, line: str) -> UnitKind:
        if line.startswith(CODE) and "\n" in line:
            return UnitKind.code
        if self._begins_line and line.startswith("|"):
            return UnitKind.table_head if "\n" in line else UnitKind.row
        may_be_heading = self._begins_line and line.startswith(_HEADING_STARTS)
        if may_be_heading and _HEADING.match(MARK.sub("", line).rstrip()):
            return UnitKind.heading
        return UnitKind.sentence


def _table_head_end(text: str, line_end: int, *, last: bool) -> int | None:
    """Returns the end of the line of dashes below a head, the end of the first line without one, or None for now."""
    end = text.find("\n", line_end + 1)
    below = text[line_end + 1 : None if end < 0 else end]
    if below.strip(" \t|:-"):
        return line_end
    if end < 0 and not last:
        return None
    return line_end + 1 + len(below) if "-" in below else line_end


def _first_sentence_end(line: str) -> int | None:
    """Returns where the second sentence of a line begins, or None when there is only one so far."""
    if not STOP.search(line):
        return None
    masked = _INLINE_CODE.sub(lambda code: "x" * len(code.group()), line)
    bare = MARK.sub("", masked)
    spans = [*sentences(bare)]
    if not spans[1:]:
        return None
    remaining, position = spans[1].start, 0
    for mark in MARK.finditer(masked):
        if mark.start() - position > remaining:
            break
        remaining -= mark.start() - position
        position = mark.end()
    return position + remaining
