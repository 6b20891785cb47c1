"""Finds where a list of contents or an index ends, so that the text after it stays in the book."""

import re
from collections.abc import Sequence

# "Beginnings ..... 3", "Beginnings 3", "teams, 12, 15-18" and "Preface ix" end with a page.
_PAGE = r"(?:\d{1,4}(?:[-\u2013]\d{1,4})?|[ivxlc]{1,7})"
_PAGE_AT_END = re.compile(rf"(?:^|[\s.,\u2026]){_PAGE}$")
_LEADERS = re.compile(r"(?:\.{3}|(?:\. ){3}|\u2026)\s{0,9}(?:\d{1,4}|[ivxlc]{1,7})\b")
# "Chapter 1. Loomings" and "- 1 Loomings" name the chapter "Loomings".
_NUMBER = re.compile(
    r"^(?:(?:[-*\u2022]|#{1,6})\s)?(?:chapter\s)?(?:\d{1,3}|[ivxlc]{1,8})[.:)\s\u2014-]{1,9}", re.IGNORECASE
)
_MOST_ENTRY_CHARACTERS = 200
_MOST_TITLE_WORDS = 20
# "Loomings." is a title, but a longer sentence is text that the book repeats.
_MOST_SENTENCE_WORDS = 8
# A list may have entries without a page, such as the name of a part. Only as many as this stand in a row.
_MOST_UNSURE_ENTRIES = 6
_SENTENCE = re.compile(r"[a-z]{2}[.?!][\"')\u201d\u2019]*$")


def find_list_end(texts: Sequence[str], start: int, last_places: dict[str, int], *, is_index: bool) -> int:
    """Returns the index of the first text that is not in the list that begins at `start`.

    `last_places` has the last place of each text, by its key: an entry of a list of contents comes
    again later, as the heading that it names. Lines with a page are entries themselves, but not a heading such as
    `Chapter 1. World War 2`, whose own words end with a number: the list has all of them already.
    """
    end = start
    listed: set[str] = set()
    for at in range(start, len(texts)):
        text = texts[at]
        if at - end >= _MOST_UNSURE_ENTRIES and not is_index:
            break
        if not is_index and has_page(text) and plain_words(text) in listed:
            break
        if _is_entry(text, at, last_places):
            end = at + 1
            listed |= {key for line in text.split("\n") for key in (entry_key(line), plain_words(line))}
        elif not may_be_entry(text, is_index=is_index):
            break
        elif is_index:
            end = at + 1
    return end


def has_leaders(text: str) -> bool:
    """Returns True for a line such as `Norms ..... 12`."""
    return _LEADERS.search(text) is not None


def entry_key(text: str) -> str:
    """Returns the words of a title, without the page, the marks and the case that differ between list and book."""
    if len(text) < _MOST_ENTRY_CHARACTERS:
        text = _PAGE_AT_END.sub("", text.strip())
    return plain_words(text)


def plain_words(text: str) -> str:
    """Returns the words in lower case, without the marks between them."""
    return " ".join(re.findall(r"\w+", text.lower()))


def title_keys(line: str) -> set[str]:
    """Returns the keys of an entry with its number and without, because a heading may have no number."""
    return {entry_key(line), entry_key(_NUMBER.sub("", line.strip()))} - {""}


def _is_entry(text: str, at: int, last_places: dict[str, int]) -> bool:
    if len(_LEADERS.findall(text)) > 1:
        return True
    # A row of a table is an entry, too.
    lines = [line.strip(" |") for line in text.split("\n") if line.strip(" |")]
    sure = sum(has_page(line) or _comes_again(line, at, last_places) for line in lines)
    return 2 * sure >= len(lines)


def has_page(line: str) -> bool:
    """Returns True for an entry such as `Norms ..... 12`."""
    return len(line) < _MOST_ENTRY_CHARACTERS and _PAGE_AT_END.search(line) is not None


def _comes_again(line: str, at: int, last_places: dict[str, int]) -> bool:
    most = _MOST_SENTENCE_WORDS if _SENTENCE.search(line) else _MOST_TITLE_WORDS
    return len(line.split()) <= most and any(last_places.get(key, -1) > at for key in title_keys(line))


def may_be_entry(text: str, *, is_index: bool = False) -> bool:
    """Returns True for short lines that end no sentence. In an index, one line in five may end with an abbreviation."""
    lines = text.split("\n")
    sentences = sum(_SENTENCE.search(line.strip()) is not None for line in lines)
    is_short = all(len(line) < _MOST_ENTRY_CHARACTERS for line in lines)
    return is_short and (5 * sentences <= len(lines) if is_index else not sentences)
