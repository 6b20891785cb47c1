"""Recognises notes in an EPUB's text, the links to them, and the links from a note back to the text."""

import re
from collections.abc import Mapping

from plccoach_api.corpus.readers.note_numbers import NOTE_NUMBER

_NOTE_TARGET = re.compile(r"(?:fn|ftn|foot|note|endnote|en|ref)[a-z]{0,20}[-_.]?\d", re.IGNORECASE)
_ARROWS = re.compile(r"[\s\[\]()\u2190-\u21ff\u23ce\u2b05\u2934\ufe0e\ufe0f^]+")
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
    number = NOTE_NUMBER.fullmatch(text)
    if not target or not number:
        return False
    is_bracketed = bool(number["open"] and number["close"])
    is_number = not text.strip("[]() ").isalpha()
    return is_raised or (is_number and (is_bracketed or is_first or bool(_NOTE_TARGET.search(target))))


def is_back_link(attributes: Mapping[str, str], text: str) -> bool:
    is_declared = not {"backlink", "doc-backlink", "referrer"}.isdisjoint(_kinds(attributes))
    return is_declared or (bool(text) and bool(_ARROWS.fullmatch(text)))
