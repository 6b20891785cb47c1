"""Entity tags: which state of a thing a client has read (RFC 9110, 8.8.3 and 13.1)."""

import re
from hashlib import sha256

_TAGS = re.compile(r'(?P<weak>W/)?"(?P<value>[^"]*)"')
_OF_CONVERSATION = re.compile(r"(?P<version>\d{1,18})(?:\.\d+)?")


def of_bytes(body: bytes) -> str:
    """The tag of a representation, from the representation itself."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def of_conversation(version: int, opens: int | None) -> str:
    """The tag of a conversation: its version, and while it is shared how often the link was opened.

    Opening a link is no change of the owner's: it is in the tag, so that a reading shows it, but
    `versions` leaves it out, or any reader could have the owner's next change refused.
    """
    return f'"{version}"' if opens is None else f'"{version}.{opens}"'


def versions(if_match: str | None) -> list[int] | None:
    """The versions of a conversation that an If-Match names; None where any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    # A weak tag is never the same as a strong one.
    strong = [tag["value"] for tag in _TAGS.finditer(if_match) if not tag["weak"]]
    return [int(found["version"]) for value in strong if (found := _OF_CONVERSATION.fullmatch(value))]


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether a client that sent this If-None-Match has what the tag stands for."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag.strip('"') in {found["value"] for found in _TAGS.finditer(if_none_match)}
