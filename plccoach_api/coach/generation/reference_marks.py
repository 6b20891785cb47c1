"""Recognises how a model refers to its passages: `[1]`, `【1†source】`, `[^1]`, `(1)`, `¹`, `[1](url)` and others.

Models cite in the style that they were trained on, and an answer must not be lost for its style. Every mark is written
as REFERENCE, which no model can write, because control characters were removed before. Code is put between CODE and
CODE_END and left as it is. Footnote definitions and lists of sources vanish, and a link leaves only its label.

Text is withheld while more text could still turn it into a mark, so the result does not depend on how it was cut.
"""

import re
from collections.abc import Iterator

REFERENCE = "\x01{}\x02"
"""A reference to one passage. The number 0 is a reference to a passage that does not exist."""
CODE, CODE_END = "\x03", "\x04"

# A list of sources is recognised from this many characters of a line.
_HEAD_CHARACTERS = 48
_MOST_CODE = 300
_MOST_LINK = 630

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_SPECIAL = re.compile(rf"\\?\[|[【［(（`\n{_SUPERSCRIPTS}]|!\[|<sup>")  # noqa: RUF001 - the full-width forms are meant
_BEGINNINGS = ("<sup", "<su", "<s", "<", "!", "\\")
# Some models write `\[1\]`, as they would in Markdown or TeX.
_OPEN, _CLOSE, _INSIDE = r"\\?[\[【［]", r"[\]】］]", r"[^\[\]【】［］\n]"  # noqa: RUF001
_TARGET = r"\((?:[^()\s]|\([^()\s]{0,100}\)){0,400}(?:[ \t]+\"[^\"\n]{0,100}\")?[ \t]?\)"
_TARGET_BEGINNING = (
    r"\((?:[^()\s]|\([^()\s]{0,100}\)){0,400}(?:\([^()\s]{0,100})?(?:[ \t]+(?:\"[^\"\n]{0,100}\"?)?)?[ \t]?"
)
# Each form is a pattern of the whole mark, and one of everything that may still become that mark.
_BRACKETS = re.compile(rf"!?({_OPEN}{{1,2}})({_INSIDE}{{0,120}}){_CLOSE}{{1,2}}({_TARGET})?")
_BRACKETS_BEGINNING = re.compile(rf"!?{_OPEN}{{1,2}}{_INSIDE}{{0,120}}(?:{_CLOSE}{{1,2}}(?:{_TARGET_BEGINNING})?)?")
_PARENTHESES = re.compile(r"[(（]([^()（）\[\]\n]{1,40})[)）](?=(\s*)(\S?))")  # noqa: RUF001
_PARENTHESES_BEGINNING = re.compile(r"[(（][^()（）\[\]\n]{0,40}(?:[)）][ \t]*)?")  # noqa: RUF001
_RAISED = re.compile(
    rf"<sup>([^<>\n]{{1,40}})</sup>|([{_SUPERSCRIPTS}][{_SUPERSCRIPTS},⁻ ]{{0,20}}(?<=[{_SUPERSCRIPTS}]))"
)
_RAISED_BEGINNING = re.compile(
    rf"<sup>[^<>\n]{{0,40}}(?:<(?:/(?:s(?:u(?:p)?)?)?)?)?|[{_SUPERSCRIPTS}][{_SUPERSCRIPTS},⁻ ]{{0,20}}"
)

_LABEL = re.compile(
    r"(?:\b(?:sources?|passages?|citations?|cite|references?|refs?|documents?|docs?|footnotes?|notes?|excerpts?"
    r"|fuentes?|pasajes?|citas?)\b\s{0,3}[.:#]?|[\^#])\s{0,3}",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(rf"{_OPEN}{{1,2}}(?:{_LABEL.pattern})?[\d\s,;\u2013\u2014-]{{0,100}}", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:,\s{0,3})?\b(?:pp?|pages?|págs?|páginas?)\b\.?\s{0,3}\d{1,5}(?:\s{0,3}[\u2013\u2014-]\s{0,3}\d{1,5})?\s*$"
)
_DAGGER = re.compile(r"(?::\d{1,4})?†.*$")
_NUMBER = re.compile(r"(\d{1,80})(?:\s{0,3}(?:[–—‑−-]|\bto\b)\s{0,3}(\d{1,80}))?")  # noqa: RUF001
_BETWEEN = re.compile(r"(?:\s|[,;/&+.]|\band\b|\by\b|\be\b|\bor\b|[–—-]){0,12}")  # noqa: RUF001
# A raised number after so few letters is a power, as in m².
_LONGEST_UNIT = 2
# A number in parentheses above this is a year or an amount.
_MOST_IN_PARENTHESES = 30

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = re.compile(r"[ \t>]{0,6}(?:[-*] )?\[\^?[^\]\[\n]{1,20}\]:")
_SOURCES = re.compile(
    r"[ \t#*_>-]{0,8}(?:sources?|references?|citations?|footnotes?|bibliography|works cited|fuentes?|referencias?"
    r"|bibliografía)(?: (?:used|cited|consultadas))?[*_]{0,3}(?::[*_]{0,3}[ \t]*(?=[\[【［(\n]|$)|[ \t]*(?=\n|$))",  # noqa: RUF001
    re.IGNORECASE,
)
_SOURCE = re.compile(r"[ \t>]*(?:[-*•\[【［({_}(]|\d|$|\n)".replace("{_}", _SUPERSCRIPTS))  # noqa: RUF001


class ReferenceMarks:
    """Takes a text in pieces and returns it with every mark as REFERENCE."""

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._unread = ""
        self._at_line_start = True
        self._dropping_line = False
        self._in_sources = False
        # A model that writes brackets means something else by a number in parentheses.
        self._bracket_seen = False
        self._tail = ""

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
            if fence := _FENCE.match(text):
                return _fenced(text, fence.group(1), last=last)
            self._dropping_line = self._is_source_line(text)
        self._at_line_start = False
        return self._drop_line() if self._dropping_line else self._plain_or_mark(text, last=last)

    def _plain_or_mark(self, text: str, *, last: bool) -> tuple[int, str] | None:
        special = _SPECIAL.search(text)
        if special and not special.start():
            return self._mark(text, last=last)
        # "!", "\\" and "<sup" may be the beginning of a mark.
        kept = 0 if special or last else _beginning_of_special(text)
        end = special.start() if special else len(text) - kept
        return (end, text[:end]) if end else None

    def _is_source_line(self, text: str) -> bool:
        if _SOURCES.match(text):
            self._in_sources = True
        elif self._in_sources:
            self._in_sources = _SOURCE.match(text) is not None
        return self._in_sources or _DEFINITION.match(text) is not None

    def _drop_line(self) -> tuple[int, str]:
        end = self._unread.find("\n")
        self._dropping_line = end < 0
        return (len(self._unread) if end < 0 else end + 1), ""

    def _mark(self, text: str, *, last: bool) -> tuple[int, str] | None:
        match text[0]:
            case "\n":
                return 1, "\n"
            case "`":
                return _inline_code(text, last=last)
            case "(" | "（":  # noqa: RUF001
                return self._parentheses(text, last=last)
            case "[" | "【" | "［" | "!" | "\\":  # noqa: RUF001
                return self._bracketed(text, last=last)
            case _:
                return self._raised(text, last=last)

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
        if inside.startswith("^") or _PAGE.fullmatch(inside.strip().lower()):
            return REFERENCE.format(0)
        return inside if target else brackets.group().removeprefix("!")

    def _parentheses(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and _PARENTHESES_BEGINNING.fullmatch(text):
            return None
        match = _PARENTHESES.match(text)
        numbers = cited_numbers(match.group(1), self._passages) if match else []
        if match is None or not numbers or not self._is_reference(match):
            return 1, text[0]
        return match.end(1) + 1, _written(numbers)

    def _is_reference(self, match: re.Match[str]) -> bool:
        if _LABEL.match(match.group(1)):
            return True
        if self._bracket_seen or any(
            int(number) > _MOST_IN_PARENTHESES for number in re.findall(r"\d+", match.group(1))
        ):
            return False
        before, gap, after = self._tail.rstrip(" ")[-1:], match.group(2), match.group(3)
        follows_claim = before.isalnum() or before in tuple('.!?"”*)\x02')
        ends_claim = not after or after in ".,;!?" or "\n" in gap or after.isupper()
        return follows_claim and ends_claim

    def _raised(self, text: str, *, last: bool) -> tuple[int, str] | None:
        if not last and _RAISED_BEGINNING.fullmatch(text):
            return None
        match = _RAISED.match(text)
        if match is None:
            return 1, text[0]
        raised = match.group(2)
        word = re.search(r"(?<!\w)\w*+$", self._tail)
        if raised and word and 0 < len(word.group()) <= _LONGEST_UNIT:
            # A power or a unit, such as m².
            return match.end(), match.group()
        plain = (match.group(1) or match.group(2).replace("⁻", "-")).translate(_DIGITS)
        if raised and plain.isdecimal() and int(plain) > self._passages:
            plain = " ".join(plain)
        numbers = cited_numbers(plain, self._passages)
        return match.end(), _written(numbers) if numbers else match.group()


def cited_numbers(inside: str, passages: int) -> list[int]:
    """Returns the passages of a reference, each once; 0 when none of them exists; nothing when it is no reference."""
    plain = _PAGE.sub("", _LABEL.sub(" ", _DAGGER.sub("", inside.strip("[]\\ ").lower())))
    numbers: list[int] = []
    position = 0
    for match in _NUMBER.finditer(plain):
        if not _BETWEEN.fullmatch(plain, position, match.start()):
            return []
        numbers += _range(match, passages)
        position = match.end()
    if not position or not _BETWEEN.fullmatch(plain, position):
        return []
    return list(dict.fromkeys(numbers)) or [0]


def _range(match: re.Match[str], passages: int) -> Iterator[int]:
    """Yields the existing passages of a number or a range. Both ends of a range must exist."""
    ends = [int(number) for number in match.groups() if number]
    existing = [number for number in ends if 1 <= number <= passages]
    whole = len(existing) == len(ends) and ends[0] <= ends[-1]
    yield from range(ends[0], ends[-1] + 1) if whole else existing


def _written(numbers: list[int]) -> str:
    return " ".join(map(REFERENCE.format, numbers))


def _fenced(text: str, fence: str, *, last: bool) -> tuple[int, str] | None:
    """Reads a block of code to its closing fence. A block that is not closed is code to the end, as in Markdown."""
    closing = re.compile(
        rf"\n {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*(?=\n|\Z)"
        if last
        else rf"\n {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*(?=\n)"
    )
    end = closing.search(text, len(fence))
    if end is None and not last:
        return None
    length = end.end() if end else len(text)
    return length, f"{CODE}{text[:length]}{CODE_END}"


def _inline_code(text: str, *, last: bool) -> tuple[int, str] | None:
    run = len(text) - len(text.lstrip("`"))
    if run == len(text) and not last:
        return None
    line_end = text.find("\n")
    limit = min(len(text) if line_end < 0 else line_end, run + _MOST_CODE)
    for closing in re.finditer(r"`+", text[run:limit]):
        if closing.end() + run == limit == len(text) and not last:
            return None
        if len(closing.group()) == run:
            end = run + closing.end()
            return end, f"{CODE}{text[:end]}{CODE_END}"
    if limit == len(text) and not last and limit < run + _MOST_CODE:
        return None
    return run, text[:run]


def _beginning_of_special(text: str) -> int:
    r"""Returns the length of the end of the text that may become `![`, `\\[` or `<sup>`."""
    return next((len(beginning) for beginning in _BEGINNINGS if text.endswith(beginning)), 0)
