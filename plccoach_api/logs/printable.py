"""Text of other people, shown so that it cannot control a terminal or hide on it."""

import re

# Control characters (C0, C1), those that turn the direction of text or are invisible, and lone surrogates.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Shows each unsafe character as an escape."""
    return UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
