"""Entity tags, which identify the state that a client has read (RFC 9110, 8.8.3 and 13.1)."""

import re
from hashlib import sha256

_TAGS = re.compile(r'(?P<weak>W/)?"(?P<value>[^"]*)"')
_OF_CONVERSATION = re.compile(r"(?P<version>\d{1,18})(?:-\d+)?(?:\.\d+)?")


def of_bytes(body: bytes) -> str:
    """Returns the tag of a response body."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def of_conversation(version: int, corpus_version: int, opens: int | None) -> str:
    """Returns the tag of a conversation: its version, the corpus's, and the openings of its link if it is shared.

    The openings are in the tag, because a response shows them. So does it show which citations are superseded, which
    changes with the corpus. `versions` ignores both, because otherwise any reader of the link, or an ingest, could make
    the owner's next change fail.
    """
    tag = f"{version}-{corpus_version}"
    return f'"{tag}"' if opens is None else f'"{tag}.{opens}"'


def versions(if_match: str | None) -> list[int] | None:
    """Returns the versions of a conversation that an If-Match accepts; None if it accepts any version."""
    if if_match is None or if_match.strip() == "*":
        return None
    # If-Match uses the strong comparison, in which a weak tag matches nothing.
    strong = [tag["value"] for tag in _TAGS.finditer(if_match) if not tag["weak"]]
    return [int(match["version"]) for value in strong if (match := _OF_CONVERSATION.fullmatch(value))]


def matches(if_none_match: str | None, tag: str) -> bool:
    """Returns True if the client that sent this If-None-Match already has the state of the tag."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag.strip('"') in {match["value"] for match in _TAGS.finditer(if_none_match)}
