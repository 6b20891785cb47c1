"""Headings of sections that only their numbers show: `(2) Tools` in a law, `6.2.1 Tools` below `6.2 The Shed`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from plccoach_api.corpus.book import Chapter, Paragraph

_IN_BRACKETS = re.compile(r"\((?P<number>\d{1,3}|[A-Za-z]{1,5})\) (?P<title>[A-Z][^\n]{2,120}[^\s.,;:!\u2014-])")
_SUB_NUMBER = re.compile(r"(?P<above>\d{1,3}(?:\.\d{1,3}){1,6})\.\d{1,3}\.? [A-Z][^\n]{1,100}[^\s.,;:]")
_HEADING_NUMBER = re.compile(r"#{1,6} (?P<number>\d{1,3}(?:\.\d{1,3}){1,6})\.? ")
# A law says this above the first paragraph of each section.
_NAMES_NOTHING = re.compile(r"in general|general(?: rule)?|generally", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:shall|may|must|will|can|should|is|are|was|were|has|have|means?|includes?|if|that|which|who|does|do)\b"
)
_ANY_NUMBER = re.compile(r"\((?P<number>\d{1,3}|[A-Za-z]{1,5})\) ")
_STOP = re.compile(r"[.:;\u2014](?!\w)")
_MOST_WORDS = 14
# A small letter, a capital, a digit and a numeral number different levels.
_LEVELS = (re.compile(r"\d+"), re.compile(r"[ivx]{2,}|i"), re.compile(r"[IVX]{2,}|I"), re.compile(r"[a-z]"))


def with_numbered_sections(chapter: Chapter) -> Chapter:
    """Marks the headings of a chapter. A number in brackets is one if text of another level stands below it."""
    marked: list[Paragraph] = []
    numbers: set[str] = set()
    for paragraph, below in _with_next(chapter.paragraphs):
        text = paragraph.text
        if known := _HEADING_NUMBER.match(text):
            numbers.add(known["number"])
        elif (sub := _SUB_NUMBER.fullmatch(text)) and sub["above"] in numbers:
            paragraph = paragraph.prefixed("#### ")  # noqa: PLW2901 - the same one
        elif below and _heads(text, below.text) and not (marked and _goes_on(marked[-1].text, text)):
            paragraph = paragraph.prefixed("### ")  # noqa: PLW2901 - the same one
        marked.append(paragraph)
    return replace(chapter, paragraphs=tuple(marked))


def _with_next(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph | None]]:
    return zip(paragraphs, [*paragraphs[1:], None], strict=True)


def _heads(text: str, below: str) -> bool:
    match = _IN_BRACKETS.fullmatch(text)
    if (
        match is None
        or len(text.split()) > _MOST_WORDS
        or _VERB.search(text)
        or _NAMES_NOTHING.fullmatch(match["title"])
    ):
        return False
    if number := _ANY_NUMBER.match(below):
        return _level(number["number"]) != _level(match["number"])
    return below.lstrip('"\u201c')[:1].isupper() and _STOP.search(below) is not None


def _goes_on(before: str, text: str) -> bool:
    """Returns True for an item below another one, which is no heading."""
    last, own = _ANY_NUMBER.match(before), _ANY_NUMBER.match(text)
    return last is not None and own is not None and _level(last["number"]) == _level(own["number"])


def _level(number: str) -> int:
    return next((level for level, pattern in enumerate(_LEVELS) if pattern.fullmatch(number)), len(_LEVELS))
