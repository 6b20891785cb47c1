"""Recognises the numbers of notes in an EPUB's text, and the links from a note back to the text. They are no words."""

import re
from collections.abc import Mapping

NOTE_NUMBERS = "note numbers"
_NUMBER = re.compile(
    r"(?P<open>[\[(])?\s*(?:\d{1,4}|[*\u2020\u2021\u00a7\u00b6#]{1,4}|[a-z]|[ivxlc]{1,6})\s*(?P<close>[\])])?"
)
_NOTE_TARGET = re.compile(r"(?:fn|ftn|foot|note|endnote|en|ref)[a-z]{0,20}[-_.]?\d", re.IGNORECASE)
_ARROWS = re.compile(r"[\s\[\]()\u2190-\u21ff\u23ce\u2b05\u2934\ufe0e\ufe0f^]+")
# A raised number after a word is a note's. One after `km` or `10` is an exponent.
_WORD_BEFORE = re.compile(r"(?:[a-z]{4}|[.,;:!?\u2019\u201d\"')\]])$")
_NOTES = frozenset({"footnote", "endnote", "rearnote", "note", "doc-footnote", "doc-endnote"})


def _kinds(attributes: Mapping[str, str]) -> set[str]:
    return {*attributes.get("epub:type", "").split(), *attributes.get("role", "").split()} if attributes else set()


def is_note(attributes: Mapping[str, str]) -> bool:
    return not _NOTES.isdisjoint(_kinds(attributes))


def is_note_reference(attributes: Mapping[str, str]) -> bool:
    return not {"noteref", "doc-noteref"}.isdisjoint(_kinds(attributes))


def is_note_link(attributes: Mapping[str, str], text: str, *, is_raised: bool, is_first: bool) -> bool:
    """Judges a link by its text. A note begins with its number, which links back to the text."""
    if is_note_reference(attributes):
        return True
    target = attributes.get("href", "").partition("#")[2]
    number = _NUMBER.fullmatch(text)
    if not target or not number:
        return False
    is_bracketed = bool(number["open"] and number["close"])
    is_number = not text.strip("[]() ").isalpha()
    return is_raised or (is_number and (is_bracketed or is_first or bool(_NOTE_TARGET.search(target))))


def is_back_link(attributes: Mapping[str, str], text: str) -> bool:
    is_declared = not {"backlink", "doc-backlink", "referrer"}.isdisjoint(_kinds(attributes))
    return is_declared or (bool(text) and bool(_ARROWS.fullmatch(text)))


def is_raised_note_number(text: str, before: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and not text.isalpha() and bool(_WORD_BEFORE.search(before))
