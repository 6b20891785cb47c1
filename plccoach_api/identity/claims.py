"""What a provider says of a person, made fit to be stored."""

import unicodedata
from collections.abc import Iterable

_LONGEST_NAME = 200
_LONGEST_EMAIL = 254
# Control characters and halves of surrogate pairs: PostgreSQL refuses some, and nobody means any.
_UNFIT = {"Cc", "Cs"}


def text(value: object) -> str:
    """A text on one line, without what cannot be shown or stored; empty if it is no text at all."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return "".join(character for character in line if unicodedata.category(character) not in _UNFIT).strip()


def name(candidates: Iterable[object], fallback: str) -> str:
    """The first candidate that says something, in at most 200 characters."""
    said = (text(candidate)[:_LONGEST_NAME].strip() for candidate in candidates)
    return next((candidate for candidate in said if candidate), fallback)


def email(value: object) -> str | None:
    """An address as it was given, or nothing: one that cannot be an address is not kept."""
    if not isinstance(value, str):
        return None
    address = value.strip()
    local, _, domain = address.rpartition("@")
    fit = local and domain and len(address) <= _LONGEST_EMAIL and address.isprintable() and " " not in address
    return address if fit else None
