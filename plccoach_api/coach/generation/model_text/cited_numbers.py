"""Reads which passages a mark names: `Source 1, p. 4` names passage 1, and `1-3` names three passages."""

import re
from collections.abc import Iterator

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨❶❷❸❹❺❻❼❽❾"
RAISED_DIGITS = SUPERSCRIPTS + _CIRCLED
_PLAIN_DIGITS = str.maketrans(RAISED_DIGITS, "0123456789" + 2 * "123456789")

_LABEL_WORDS = (
    r"sources?|passages?|citations?|cite|references?|refs?|documents?|docs?|footnotes?|notes?|excerpts?|contexts?|chunks?"
    r"|snippets?|quotes?|index|ids?|oaicite|fuentes?|pasajes?|citas?"
)
LABEL = re.compile(
    rf"\b(?:see|cf\.?)\s(?=\d)|(?:\b(?:see also|see|cf\.?|per|from|véase)\s{{1,3}})?"
    rf"(?:\b(?:{_LABEL_WORDS})(?:\b|_|(?=\d))[\s_]{{0,3}}[.:#=]?|\b[psdn](?=\d)|[\^#])\s{{0,3}}",
    re.IGNORECASE,
)
PAGE = re.compile(
    r"(?:,\s{0,3})?\b(?:pp?|pages?|págs?|páginas?|paras?|paragraphs?|lines?|sections?|sec|chapters?|ch|capítulos?)\b\.?"
    r"\s{0,3}\d{1,5}(?:\s{0,3}[\u2013\u2014-]\s{0,3}\d{1,5})?\s*$"
)
_LOCATOR = re.compile(r"(?::\d{1,4})?†.*$|(?<=\d):\d{1,4}(?:-\d{1,4})?\s*$")
_NUMBER = re.compile(r"(\d{1,80})(?:\s{0,3}(?:[–—‑−-]|\bto\b)\s{0,3}(\d{1,80}))?")  # noqa: RUF001
_BETWEEN = re.compile(r"(?:\s|[,;/&+.]|\band\b|\by\b|\be\b|\bor\b|[–—-]){0,12}")  # noqa: RUF001


def cited_numbers(inside: str, passages: int) -> list[int]:
    """Returns the passages of a reference, each once; 0 when none of them exists; nothing when it is no reference."""
    plain = PAGE.sub("", LABEL.sub(" ", _LOCATOR.sub("", plain_digits(inside).strip("[]\\*_ ").lower())))
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


def plain_digits(text: str) -> str:
    """Returns the text with raised and circled digits as ordinary ones."""
    return text.translate(_PLAIN_DIGITS)


def _range(match: re.Match[str], passages: int) -> Iterator[int]:
    """Yields the existing passages of a number or a range. Both ends of a range must exist."""
    ends = [int(number) for number in match.groups() if number]
    existing = [number for number in ends if 1 <= number <= passages]
    whole = len(existing) == len(ends) and ends[0] <= ends[-1]
    yield from range(ends[0], ends[-1] + 1) if whole else existing
