"""Takes out of the paragraphs of a Markdown text the notes in brackets, `^[a note]`, and attributes, `[words]{.class}`.

Both may hold links, marks and other brackets.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from plccoach_api.corpus.book import count_characters

_TOKEN = re.compile(r"(?P<code>`+)|\\.|(?P<note>\^\[)|(?P<open>\[)|(?P<close>\])", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{(?![^{}\n]{0,300}\.page)(?:[#.]|[\w-]{1,40}=)[^{}\n]{0,300}\}")
_MOST_CHARACTERS = 3_000


def without_brackets(lines: Sequence[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], int]:
    """Returns the lines, each with whether it is code, and the characters of the notes."""
    kept: list[tuple[str, bool]] = []
    notes = 0
    for is_text, group in groupby(lines, key=lambda line: not line[1] and bool(line[0].strip())):
        run = [*group]
        text = "\n".join(line for line, _ in run) if is_text else ""
        if "^[" in text or "]{" in text:
            words, characters = _without(text)
            kept += ((line, False) for line in words.split("\n"))
            notes += characters
        else:
            kept += run
    return kept, notes


def _without(text: str) -> tuple[str, int]:
    parts: list[str] = []
    end = notes = 0
    for start, stop, is_note in sorted(_found(text)):
        if start < end:
            continue
        parts.append(text[end:start])
        end = stop
        notes += count_characters(text[start:stop]) if is_note else 0
    return "".join([*parts, text[end:]]), notes


def _found(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yields the start and the end of each note, and of the two brackets around words with attributes."""
    tokens = [*_TOKEN.finditer(text)]
    closing = _closing_code(tokens)
    opened: list[re.Match[str]] = []
    skipped_to = -1
    for at, token in enumerate(tokens):
        if at <= skipped_to:
            continue
        if token["code"]:
            skipped_to = closing.get(at, at)
        elif token["note"] or token["open"]:
            opened.append(token)
        elif token["close"] and opened:
            opening = opened.pop()
            if opening["note"] and token.end() - opening.start() <= _MOST_CHARACTERS:
                yield opening.start(), token.end(), True
            elif opening["open"] and (attributes := _ATTRIBUTES.match(text, token.end())):
                yield opening.start(), opening.end(), False
                yield token.start(), attributes.end(), False


def _closing_code(tokens: Sequence[re.Match[str]]) -> dict[int, int]:
    """Returns for each run of backticks the next run of the same length."""
    following: dict[int, int] = {}
    closing: dict[int, int] = {}
    for at in range(len(tokens) - 1, -1, -1):
        if marks := tokens[at]["code"]:
            if len(marks) in following:
                closing[at] = following[len(marks)]
            following[len(marks)] = at
    return closing
