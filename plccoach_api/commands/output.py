"""The output of commands: one JSON document, or text for people in which nothing can control the terminal."""

import re
import sys
from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from plccoach_api.logs.printable import UNSAFE, printable

# A program that reads the output needs one line for each row, however long it is.
_UNLIMITED_WIDTH = 10_000
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def make_console() -> Console:
    """Returns the console for a table: as wide as the terminal, or without a limit for a program."""
    return Console(width=None if sys.stdout.isatty() else _UNLIMITED_WIDTH)


def cell(text: str) -> Text:
    """Returns a text that rich shows as it is: square brackets are no markup in it."""
    return Text(printable(text), overflow="fold")


def say_waiting() -> None:
    print("plccoach-api: another ingest runs; this one begins when it has ended", file=sys.stderr)


def write_json(document: Any) -> None:
    """Writes one JSON document to standard output. Its escapes mean the same to a parser."""
    text = UNSAFE.sub(_json_escape, msgspec.json.encode(document).decode())
    if sys.stdout.encoding.lower() != "utf-8":
        text = _NOT_ASCII.sub(_json_escape, text)
    sys.stdout.write(f"{text}\n")


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFFFF:  # noqa: PLR2004 - the basic multilingual plane
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
