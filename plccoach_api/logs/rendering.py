"""Turns an event into one line of the log.

PostgreSQL's error messages quote the values of a row, which may be a user's text. The log therefore shows only the
SQLSTATE of a database error.
"""

import sys
import traceback
from collections.abc import Iterator

import msgspec
import psycopg
from structlog.typing import EventDict, WrappedLogger

from plccoach_api.logs.printable import on_one_line, printable

_encode = msgspec.json.Encoder(enc_hook=repr, decimal_format="number").encode


def to_json_line(event: object) -> bytes:
    """Encodes an event as JSON without any character that ends a line."""
    return on_one_line(_encode(event))


def render_json(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    try:
        return to_json_line(event)
    except UnicodeEncodeError:
        # Half a surrogate pair, for example in the name of a file that is not UTF-8.
        encodable = {name: str(value).encode(errors="backslashreplace").decode() for name, value in event.items()}
        return to_json_line(encodable)


def render_json_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Renders JSON for `logging`, which writes text and not bytes."""
    return render_json(logger, method, event).decode()


def escape_unsafe(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escapes what could control the terminal on which people read the log. A traceback keeps its lines."""
    return {name: _safe(value, lines=name == "exception") for name, value in event.items()}


def _safe(value: object, *, lines: bool) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return "\n".join(map(printable, str(value).split("\n"))) if lines else printable(str(value))


def render_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` with `exception`: the traceback of the error's cause, then that of the error itself."""
    exc_info = event.pop("exc_info", None)
    if exc_info:
        event["exception"] = "".join(_traceback(_exception_of(exc_info)))
    return event


def _exception_of(exc_info: object) -> BaseException | None:
    """Reads the three forms that `exc_info` may have: the exception, the tuple of `sys.exc_info()`, or True."""
    if isinstance(exc_info, BaseException):
        return exc_info
    return exc_info[1] if isinstance(exc_info, tuple) else sys.exception()


def _traceback(error: BaseException | None) -> Iterator[str]:
    if error is None:
        return
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _traceback(cause)
        yield "\nwhich led to:\n\n"
    yield from traceback.format_tb(error.__traceback__)
    message = f"SQLSTATE {error.sqlstate}" if isinstance(error, psycopg.Error) else str(error)
    yield "\n".join([f"{type(error).__module__}.{type(error).__qualname__}: {message}", *_notes(error), ""])


def _notes(error: BaseException) -> list[str]:
    """Returns our own additions, such as the name of the statement that failed."""
    return getattr(error, "__notes__", [])
