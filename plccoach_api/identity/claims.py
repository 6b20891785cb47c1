"""Cleaning of the names and emails that a provider sends, so that they can be stored and shown."""

import unicodedata
from collections.abc import Iterable

_LONGEST_NAME = 200
_LONGEST_EMAIL = 254
# Control characters and halves of surrogate pairs. PostgreSQL cannot store NUL or half a pair.
_REMOVED_CATEGORIES = {"Cc", "Cs"}
# These turn the direction of the text around them.
_REMOVED_CLASSES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_REMOVED_MARKS = "\u061c\u200e\u200f"


def text(value: object) -> str:
    """Returns the text on one line, without control characters; an empty string if the value is not a text."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return "".join(filter(_is_kept, line)).strip()


def _is_kept(character: str) -> bool:
    return (
        unicodedata.category(character) not in _REMOVED_CATEGORIES
        and unicodedata.bidirectional(character) not in _REMOVED_CLASSES
        and character not in _REMOVED_MARKS
    )


def name(candidates: Iterable[object], fallback: str) -> str:
    """Returns the first candidate that is not blank, cut to 200 characters."""
    names = (text(candidate)[:_LONGEST_NAME].strip() for candidate in candidates)
    return next((each for each in names if each), fallback)


def email(value: object) -> str | None:
    """Returns the address without changing its case, or None if it cannot be an address."""
    if not isinstance(value, str):
        return None
    address = value.strip()
    local, _, domain = address.rpartition("@")
    valid = local and domain and len(address) <= _LONGEST_EMAIL and address.isprintable() and " " not in address
    return address if valid else None
