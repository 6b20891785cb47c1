"""The output of commands: one JSON document, or text for people in which nothing can control the terminal."""

import re
import sys
from typing import Any

import msgspec
from rich.text import Text

# Control characters (C0, C1), those that turn the direction of text or are invisible, and lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Shows as an escape what would control a terminal or hide on it."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def cell(text: str) -> Text:
    """Returns a text that rich shows as it is: square brackets are no markup in it."""
    return Text(printable(text), overflow="fold")


def write_json(document: Any) -> None:
    """Writes one JSON document to standard output. Its escapes mean the same to a parser."""
    text = msgspec.json.encode(document).decode()
    sys.stdout.write(_UNSAFE.sub(_json_escape, text) + "\n")


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFFFF:  # noqa: PLR2004 - the basic multilingual plane
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
