"""Finds the acronyms that a text explains: "Response to Intervention (RTI)" and "RTI (Response to Intervention)"."""

import re
from collections.abc import Iterable, Iterator, Sequence

# The plural of an acronym has a small s.
_ACRONYM = r"([A-Z]{2,8})s?"
_AFTER_EXPANSION = re.compile(rf"\((?:or )?{_ACRONYM}[),;]")
_BEFORE_EXPANSION = re.compile(rf"\b{_ACRONYM} \((?:or )?([^()\n]{{4,100}})\)")
_ACRONYM_ALONE = re.compile(rf"(?:(?:An?|The) )?{_ACRONYM}")
_ACRONYM_IN_TEXT = re.compile(rf"\b{_ACRONYM}\b")
_TWO_NAMES = re.compile(r"([^(),]{1,100}?)(?: \(([^(),]{1,100})\)|, or ([^(),]{1,100}),?)\s*")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
# An expansion stands within this many characters before its acronym.
_MOST_CHARACTERS = 120
_MOST_EXPLAINED = 1000
_MOST_CHARACTERS_OF_QUESTION = 300
_LEAST_LETTERS_WITH_ONE_INSIDE = 4
_SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"})


def acronyms_in(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Returns each acronym with its expansion, once, for at most a thousand expansions."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for text in texts:
        for acronym, expansion in _explained_in(text):
            found.setdefault((acronym, expansion.lower()), (acronym, expansion))
        if len(found) >= _MOST_EXPLAINED:
            break
    return [*found.values()][:_MOST_EXPLAINED]


def names_of(subject: str) -> list[str]:
    """Returns both names of "a learning community (LC)", or of "an LC, or learning community"."""
    two = _TWO_NAMES.fullmatch(subject)
    if not two:
        return [subject]
    names = [two[1], two[2] or two[3]]
    return names if any(_is_acronym_of(*pair) for pair in (names, names[::-1])) else [subject]


def two_names_in(question: str) -> list[str]:
    """Returns an acronym of a question and the expansion at its end, as a search adds it, or nothing."""
    for match in _ACRONYM_IN_TEXT.finditer(question):
        if expansion := _expansion_at_end(match[1], question[match.end() :]):
            return [match[1], expansion]
    return []


def other_names_in(question: str) -> Iterator[tuple[str, str]]:
    """Yields each acronym of a question with its expansion, if the question has that, too."""
    text = question[:_MOST_CHARACTERS_OF_QUESTION]
    ends = [word.end() for word in _WORD.finditer(text)]
    for match in _ACRONYM_IN_TEXT.finditer(text):
        pieces = (text[match.end() : end] if end > match.end() else text[:end] for end in ends)
        if expansion := next(filter(None, (_expansion_at_end(match[1], piece) for piece in pieces)), None):
            yield match[1], expansion


def _is_acronym_of(short: str, long: str) -> bool:
    acronym = _ACRONYM_ALONE.fullmatch(short)
    words = [word.lower() for word in _WORD.findall(long)]
    start = _start_of(acronym[1], words) if acronym else None
    return start is not None and set(words[:start]) <= _SMALL_WORDS


def _explained_in(text: str) -> Iterator[tuple[str, str]]:
    for match in _AFTER_EXPANSION.finditer(text):
        line = text[max(0, match.start() - _MOST_CHARACTERS) : match.start()].rpartition("\n")[2]
        if expansion := _expansion_at_end(match[1], line):
            yield match[1], expansion
    for match in _BEFORE_EXPANSION.finditer(text):
        expansion = _expansion_at_end(match[1], match[2])
        if expansion and match[2].startswith(expansion):
            yield match[1], expansion


def _expansion_at_end(acronym: str, line: str) -> str | None:
    """Returns the words at the end of a line whose initials spell the acronym. Small words may be left out."""
    words = [*_WORD.finditer(line)]
    start = _start_of(acronym, [word[0].lower() for word in words])
    return line[words[start].start() : words[-1].end()] if start is not None else None


def _start_of(acronym: str, words: Sequence[str]) -> int | None:
    """Returns the place of the first word. One letter may be within a word: PGTA of "postgraduate teaching aid"."""
    letters = [*acronym.lower()]
    may_be_inside = len(letters) >= _LEAST_LETTERS_WITH_ONE_INSIDE
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        if may_be_inside and word[0] != letters[-1] and word[0] == letters[-2:][0] and letters[-1] in word[1:]:
            letters.pop()
            may_be_inside = False
        if word[0] == letters[-1]:
            letters.pop()
            if not letters:
                return place if word not in _SMALL_WORDS else None
        elif word not in _SMALL_WORDS:
            return None
    return None
