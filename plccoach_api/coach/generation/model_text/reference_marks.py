"""Recognises how a model refers to its passages: `[1]`, `【1†source】`, `[^1]`, `(1)`, `¹`, `[1](url)` and others.

Models cite in the style that they were trained on, and an answer must not be lost for its style. Every mark is written
as REFERENCE, which no model can write, because control characters were removed before. Code is put between CODE and
CODE_END and left as it is. Footnote definitions and lists of sources vanish, and a link leaves only its label.

Text is withheld while more text could still turn it into a mark, so the result does not depend on how it was cut.
"""

import re
from typing import Protocol

from plccoach_api.coach.generation.model_text.cited_numbers import (
    LABEL,
    PAGE,
    RAISED_DIGITS,
    cited_numbers,
    plain_digits,
)
from plccoach_api.coach.generation.model_text.literal_code import FENCE, fenced, inline_code
from plccoach_api.coach.generation.model_text.source_lists import SourceLists
from plccoach_api.coach.generation.model_text.tag_marks import may_be_tag, read_tag

REFERENCE = "\x01{}\x02"
"""A reference to one passage. The number 0 is a reference to a passage that does not exist."""

# A list of sources is recognised from this many characters of a line.
_HEAD_CHARACTERS = 48
_MOST_LINK = 630

_SPECIAL = re.compile(
    rf"\\?\[|[【［〔〖⟦⟨「『(（{{|^<`\n\ue200{RAISED_DIGITS}]|!\[|\$\^|\\(?:cite|textsuperscript)|:contentReference"  # noqa: RUF001
)
_BEGINNING_OF_SPECIAL = re.compile(r"(?:!|\$|\\(?:c(?:i(?:te?)?)?|t[a-z]{0,14})?|:(?:c(?:o[a-zA-Z]{0,14})?)?)\Z")
# Some models write `\[1\]`, as they would in Markdown or TeX.
_OPEN, _CLOSE, _INSIDE = r"\\?[\[【［〔〖⟦⟨「『]", r"[\]】］〕〗⟧⟩」』]", r"[^\[\]【】［］〔〕〖〗⟦⟧⟨⟩「」『』\n]"  # noqa: RUF001
_TARGET = r"\((?:[^()\s]|\([^()\s]{0,100}\)){0,400}(?:[ \t]+\"[^\"\n]{0,100}\")?[ \t]?\)"
_TARGET_BEGINNING = (
    r"\((?:[^()\s]|\([^()\s]{0,100}\)){0,400}(?:\([^()\s]{0,100})?(?:[ \t]+(?:\"[^\"\n]{0,100}\"?)?)?[ \t]?"
)
# Each form is a pattern of the whole mark, and one of everything that may still become that mark.
_BRACKETS = re.compile(rf"!?({_OPEN}{{1,2}})({_INSIDE}{{0,120}}){_CLOSE}{{1,2}}({_TARGET})?")
_BRACKETS_BEGINNING = re.compile(rf"!?{_OPEN}{{1,2}}{_INSIDE}{{0,120}}(?:{_CLOSE}{{1,2}}(?:{_TARGET_BEGINNING})?)?")
_PARENTHESES = re.compile(r"[(（]([^()（）\[\]\n]{1,40})[)）](?=(\s*)(\S?))")  # noqa: RUF001
_PARENTHESES_BEGINNING = re.compile(r"[(（][^()（）\[\]\n]{0,40}(?:[)）][ \t]*)?")  # noqa: RUF001
_BRACES = re.compile(r"\{{1,2}([^{}\n]{1,40})\}{1,2}(?=(\s*)(\S?))")
_BRACES_BEGINNING = re.compile(r"\{{1,2}[^{}\n]{0,40}(?:\}{1,2}[ \t]*)?")
_PIPES = re.compile(r"\|(\d[\d,; -]{0,20})\|(?=(\s*)(\S?))")
_PIPES_BEGINNING = re.compile(r"\|(?:\d[\d,; -]{0,20}(?:\|[ \t]*)?)?")
_RAISED = re.compile(rf"[{RAISED_DIGITS}][{RAISED_DIGITS},⁻ ]{{0,20}}(?<=[{RAISED_DIGITS}])")
_RAISED_BEGINNING = re.compile(rf"[{RAISED_DIGITS}][{RAISED_DIGITS},⁻ ]{{0,20}}")
# `^1`, `^{1}` and `$^{1}$`.
_CARET = re.compile(r"\$?\^(?:\{([^{}\n]{1,20})\}|(\d{1,2})(?!\.?\d))\^?\$?")
_CARET_BEGINNING = re.compile(r"\$?\^(?:\{[^{}\n]{0,20}\}?|\d{0,2}\.?)\^?\$?")
# `\cite{1}`, and what ChatGPT's interface shows as a link.
_COMMAND = re.compile(
    r"\\(?:cite[pt]?|textsuperscript)\{([^{}\n]{1,40})\}"
    r"|:contentReference\[oaicite:(\d{1,3})\](?:\{index=\d{1,3}\})?|\ue200[^\ue201\n]{0,110}?(\d{0,3})\ue201"
)
_COMMAND_BEGINNING = re.compile(
    r"\\(?:cite[pt]?|textsuperscript)(?:\{[^{}\n]{0,40})?|\ue200[^\ue201\n]{0,120}"
    r"|:contentReference(?:\[[a-z]{0,7}:?\d{0,3}(?:\](?:\{[a-z]{0,5}=?\d{0,3})?)?)?"
)
_NO_PASSAGE = re.compile(r"/?cite(?:_start|_end)?")

_CUT_OFF = re.compile(rf"{_OPEN}{{1,2}}(?:{LABEL.pattern})?[\d\s,;\u2013\u2014-]{{0,100}}", re.IGNORECASE)
# A raised number after so few letters is a power, as in m².
_LONGEST_UNIT = 2
# The last words before a number in braces or after a caret that belongs to mathematics.
_MATHEMATICS = re.compile(r"(?:[=∈\d)\]}]|\\\w*|\bsets?|\b(?:met(?:er|re)|inch|foot|feet|mile))s? ?\Z", re.IGNORECASE)
# A number in parentheses above this is a year or an amount.
_MOST_IN_PARENTHESES = 30


class _Form(Protocol):
    """Reads a mark. Returns its length and what it becomes, or None when more text is needed."""

    def __call__(self, text: str, *, last: bool) -> tuple[int, str] | None: ...


class ReferenceMarks:
    """Takes a text in pieces and returns it with every mark as REFERENCE."""

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._unread = ""
        self._at_line_start = True
        self._dropping_line = False
        self._in_row = False
        self._sources = SourceLists()
        # A model that writes brackets means something else by a number in parentheses.
        self._bracket_seen = False
        self._tail = ""
        self._opened = ""

    def feed(self, text: str) -> str:
        self._unread += text
        return self._read(last=False)

    def finish(self) -> str:
        return self._read(last=True)

    def _read(self, *, last: bool) -> str:
        pieces = []
        while self._unread:
            step = self._step(last=last)
            if step is None:
                break
            length, piece = step
            self._at_line_start = self._unread[length - 1] == "\n"
            self._unread = self._unread[length:]
            self._tail = (self._tail + piece)[-8:]
            pieces.append(piece)
        return "".join(pieces)

    def _step(self, *, last: bool) -> tuple[int, str] | None:
        """Returns how many characters are read and what they become, or None when more text is needed."""
        text = self._unread
        if self._at_line_start and not self._dropping_line:
            if not last and len(text) < _HEAD_CHARACTERS and "\n" not in text:
                return None
            if fence := FENCE.match(text):
                return fenced(text, fence.group(1), last=last)
            self._dropping_line = self._sources.has_line(text)
            self._in_row = text.lstrip().startswith("|")
        self._at_line_start = False
        return self._drop_line() if self._dropping_line else self._plain_or_mark(text, last=last)

    def _plain_or_mark(self, text: str, *, last: bool) -> tuple[int, str] | None:
        special = _SPECIAL.search(text)
        if special and not special.start():
            return self._mark(text, last=last)
        begun = None if special or last else _BEGINNING_OF_SPECIAL.search(text)
        end = special.start() if special else begun.start() if begun else len(text)
        return (end, text[:end]) if end else None

    def _drop_line(self) -> tuple[int, str]:
        end = self._unread.find("\n")
        self._dropping_line = end < 0
        return (len(self._unread) if end < 0 else end + 1), ""

    def _mark(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if text[0] == "\n":
            return 1, "\n"
        if text[0] == "`":
            return inline_code(text, last=last)
        return self._form(text)(text, last=last)

    def _form(self, text: str) -> _Form:
        if text[0] in RAISED_DIGITS:
            return self._raised
        if text[0] == "\\" and text[1:2].isalpha():
            return self._command
        forms: dict[str, _Form] = {
            **dict.fromkeys("(\uff08", self._parentheses),
            "{": self._braces,
            "|": self._pipes,
            "<": self._tag,
            **dict.fromkeys("^$", self._after_caret),
            **dict.fromkeys(":\ue200", self._command),
        }
        return forms.get(text[0], self._bracketed)

    def _bracketed(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and len(text) <= _MOST_LINK and _BRACKETS_BEGINNING.fullmatch(text):
            return None
        if brackets := _BRACKETS.match(text[:_MOST_LINK]):
            return brackets.end(), self._brackets(brackets)
        if last and _CUT_OFF.fullmatch(text):
            return len(text), REFERENCE.format(0)
        length = len("![") if text[0] in "!\\" else 1
        return length, text[:length]

    def _brackets(self, brackets: re.Match[str]) -> str:
        inside, target = brackets.group(2), brackets.group(3)
        numbers = cited_numbers(inside, self._passages)
        if numbers:
            self._bracket_seen = True
            return _written(numbers)
        if _NO_PASSAGE.fullmatch(inside):
            return ""
        if inside.startswith("^") or PAGE.fullmatch(inside.strip().lower()):
            return REFERENCE.format(0)
        return inside if target else brackets.group().removeprefix("!")

    def _parentheses(self, text: str, *, last: bool) -> tuple[int, str] | None:
        return self._enclosed(text, _PARENTHESES, _PARENTHESES_BEGINNING, last=last)

    def _braces(self, text: str, *, last: bool) -> tuple[int, str] | None:
        return self._enclosed(text, _BRACES, _BRACES_BEGINNING, last=last)

    def _pipes(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if self._in_row:
            return 1, "|"
        return self._enclosed(text, _PIPES, _PIPES_BEGINNING, last=last)

    def _enclosed(
        self, text: str, whole: re.Pattern[str], beginning: re.Pattern[str], *, last: bool
    ) -> tuple[int, str] | None:
        if not last and beginning.fullmatch(text):
            return None
        match = whole.match(text)
        numbers = cited_numbers(match.group(1), self._passages) if match else []
        if match is None or not numbers or not self._is_reference(match):
            return 1, text[0]
        return match.start(2), _written(numbers)

    def _is_reference(self, match: re.Match[str]) -> bool:
        if LABEL.match(match.group(1)):
            return True
        if self._bracket_seen or any(
            int(number) > _MOST_IN_PARENTHESES for number in re.findall(r"\d+", match.group(1))
        ):
            return False
        if match.group()[0] in "{|" and _MATHEMATICS.search(self._tail):
            return False
        before, gap, after = self._tail.rstrip(" ")[-1:], match.group(2), match.group(3)
        follows_claim = before.isalnum() or before in tuple('.!?"”*)\x02')
        ends_claim = not after or after in ".,;!?" or "\n" in gap or after.isupper()
        return follows_claim and ends_claim

    def _tag(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and may_be_tag(text):
            return None
        tag = read_tag(text)
        if tag is None:
            return 1, text[0]
        numbers = tag.inside or ",".join(tag.numbers)
        if not tag.inside and not tag.closes:
            self._opened = numbers
            return tag.length, ""
        if tag.closes:
            numbers, self._opened = numbers or self._opened, ""
        return tag.length, _written(cited_numbers(numbers, self._passages))

    def _after_caret(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and _CARET_BEGINNING.fullmatch(text):
            return None
        match = _CARET.match(text)
        if match is None:
            return 1, text[0]
        numbers = cited_numbers(match.group(1) or match.group(2), self._passages)
        if not numbers or self._is_power() or _MATHEMATICS.search(self._tail):
            return match.end(), match.group()
        return match.end(), _written(numbers)

    def _command(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and _COMMAND_BEGINNING.fullmatch(text):
            return None
        match = _COMMAND.match(text)
        if match is None:
            return 1, text[0]
        inside = next((group for group in match.groups() if group), "0")
        return match.end(), _written(cited_numbers(inside, self._passages)) or match.group()

    def _raised(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and _RAISED_BEGINNING.fullmatch(text):
            return None
        match = _RAISED.match(text)
        if match is None:
            return 1, text[0]
        raised = match.group()
        if self._is_power() or not self._tail.strip():
            return match.end(), raised
        plain = plain_digits(raised.replace("⁻", "-"))
        if plain.isdecimal() and int(plain) > self._passages:
            plain = " ".join(plain)
        numbers = cited_numbers(plain, self._passages)
        return match.end(), _written(numbers) if numbers else raised

    def _is_power(self) -> bool:
        """Returns True after a unit or a short name, as in m²."""
        word = re.search(r"(?<!\w)\w*+$", self._tail)
        return word is not None and 0 < len(word.group()) <= _LONGEST_UNIT


def _written(numbers: list[int]) -> str:
    return " ".join(map(REFERENCE.format, numbers))
