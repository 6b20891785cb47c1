"""Text of other people, shown so that it cannot control a terminal, hide on it, or begin another line."""

import re

# Control characters (C0, C1), those that turn the direction of text or are invisible, and lone surrogates.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

# JSON allows these characters inside a string, but some readers of lines take them for the end of a line.
_LINE_BREAKS = tuple((char.encode(), f"\\u{ord(char):04x}".encode()) for char in "\x85\u2028\u2029")


def printable(text: str) -> str:
    """Shows each unsafe character as an escape."""
    return UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def on_one_line(document: bytes) -> bytes:
    """Escapes in JSON what ends a line. An encoder escapes only CR, LF and the other control characters of ASCII."""
    if not document.isascii():
        for char, escaped in _LINE_BREAKS:
            document = document.replace(char, escaped)
    return document
