"""The texts in the error of a service, whose form each service chooses: JSON, JSON in a text of JSON, or plain text."""

import json
import re
from typing import Any

_MOST_CHARACTERS = 20_000
_DEPTH = 6
_MOST_ITEMS = 50
# The fields of an error that may quote the request, and so the question of a user.
_QUOTING_FIELDS = frozenset(
    {"input", "ctx", "url", "failed_generation", "flagged_input", "request", "body", "messages"}
)
# The address of a page may have the name of a parameter in it.
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


def error_texts(error: bytes) -> list[str]:
    """Returns the texts of an error: the names of fields first, then what is said of them."""
    names: list[str] = []
    messages: list[str] = []
    try:
        _collect(json.loads(error), names, messages, _DEPTH)
    except (ValueError, RecursionError):
        messages.append(error.decode("utf-8", "replace"))
    texts: list[str] = []
    left = _MOST_CHARACTERS
    for text in names + messages:
        if left <= 0:
            break
        texts.append(_ADDRESS.sub(" ", text[:left]))
        left -= len(text)
    return texts


def _collect(value: Any, names: list[str], messages: list[str], depth: int) -> None:
    if depth == 0:
        return
    if isinstance(value, str):
        messages.append(value)
    elif isinstance(value, list):
        for each in value[:_MOST_ITEMS]:
            _collect(each, names, messages, depth - 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in {"param", "field"} and isinstance(each, str):
                names.append(each)
            elif key == "loc" and isinstance(each, list):
                names.append(".".join(map(str, each)))
            elif key not in _QUOTING_FIELDS:
                _collect(each, names, messages, depth - 1)
