"""Logs: one JSON object a line on standard output, whoever speaks; a readable form for a developer's terminal.

Our own events go through structlog straight to the stream. What libraries say through `logging`
(granian, alembic, psycopg) takes the same processors, so that every line has the same keys.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import psycopg
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from plccoach_api.logs.line_buffer import LineBuffer

# Who tells of requests.
ACCESS = "plccoach_api.access"
# Set for the workers by the process that supervises them, when a developer watches.
READABLE = "PLCCOACH_READABLE_LOG"

# JSON leaves these as they are, and some readers of lines break at them.
_LINE_BREAKS = tuple((char.encode(), f"\\u{ord(char):04x}".encode()) for char in "\x85\u2028\u2029")
_encode = msgspec.json.Encoder(enc_hook=repr, decimal_format="number").encode
_timestamp = structlog.processors.TimeStamper(fmt="iso", utc=True)

# Of the request that is being answered: every line that is logged meanwhile carries it.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class RequestLine(msgspec.Struct, kw_only=True):
    """The line that ends a request. It has a type of its own because it is written at every request."""

    method: str
    route: str | None
    path: str
    status: int | None
    duration_ms: float
    client: str | None
    request_id: str
    event: str = "request"
    level: str = "info"
    logger: str = ACCESS
    timestamp: datetime = msgspec.field(default_factory=partial(datetime.now, UTC))


# The lines that end requests, which come in numbers; whoever stops the process flushes it.
REQUESTS = LineBuffer()
# What structlog would not add by itself.
_TOLD = ("method", "route", "path", "status", "duration_ms", "client")


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger for events of ours: `log.info("an event", key=value)`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(logger_name=name)
    return logger


def for_requests() -> Callable[[RequestLine], None]:
    """What writes the line that ends a request: like any other event, but past structlog where the log is JSON.

    There the line is made in one step; eight would cost more than the answer to a probe.
    """
    log = get_logger(ACCESS)
    straight = isinstance(structlog.get_config()["logger_factory"], structlog.BytesLoggerFactory)
    if straight and log.is_enabled_for(logging.INFO):
        return lambda line: REQUESTS.add(_on_one_line(_encode(line)))
    return lambda line: log.info(line.event, **{name: getattr(line, name) for name in _TOLD})


def configure(level: str = "INFO", *, readable: bool = False) -> None:
    """Takes over the root logger; everything said before or elsewhere in this process comes out here."""
    shared: list[Processor] = [
        _add_request_id,
        structlog.stdlib.add_log_level,
        _name_logger,
        _timestamp,
    ]
    structlog.configure(
        processors=[*shared, *_endings(readable=readable)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory() if readable else structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter(readable=readable))
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Below a warning these tell of every plug-in, checkout and call with its address, and what a model was asked.
    for name in ("alembic.runtime.plugins", "psycopg.pool", "httpx", "httpcore", "openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def formatter(*, readable: bool = False) -> structlog.stdlib.ProcessorFormatter:
    """What makes a line of a library's log record."""
    *before, render = _endings(readable=readable)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            _add_request_id,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _timestamp,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *before,
            render if readable else _as_text,
        ],
    )


def for_granian(*, level: str, readable: bool) -> dict[str, Any]:
    """A `logging` configuration for granian's own processes, which start before the application is loaded."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "plccoach_api.logs.formatter", "readable": readable}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stdout"}},
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {"_granian": {"level": level, "propagate": True}, "granian.access": {"level": "CRITICAL"}},
    }


def _endings(*, readable: bool) -> list[Processor]:
    if readable:
        return [_explain_exception, structlog.dev.ConsoleRenderer(pad_event_to=0)]
    return [_explain_exception, _as_json]


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if (current := request_id.get()) is not None:
        event["request_id"] = current
    return event


def _name_logger(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # structlog takes "logger" for itself when a logger is made.
    event["logger"] = event.pop("logger_name")
    return event


def _explain_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turns `exc_info` into text: frames and messages, but of a database error only its SQLSTATE.

    PostgreSQL's messages and details quote the values of a row, which are people's words.
    """
    given = event.pop("exc_info", None)
    if given:
        error = (
            given if isinstance(given, BaseException) else (given[1] if isinstance(given, tuple) else sys.exception())
        )
        event["exception"] = "".join(_report(error))
    return event


def _report(error: BaseException | None) -> Iterator[str]:
    if error is None:
        return
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _report(before)
        yield "\nwhich led to:\n\n"
    yield from traceback.format_tb(error.__traceback__)
    said = f"SQLSTATE {error.sqlstate}" if isinstance(error, psycopg.Error) else str(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {said}\n"


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    try:
        line = _encode(event)
    except UnicodeEncodeError:
        # Half a surrogate pair, as in a file's name that is not UTF-8.
        line = _encode({name: str(value).encode(errors="backslashreplace").decode() for name, value in event.items()})
    return _on_one_line(line)


def _on_one_line(line: bytes) -> bytes:
    if not line.isascii():
        for raw, escaped in _LINE_BREAKS:
            line = line.replace(raw, escaped)
    return line


def _as_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return _as_json(logger, method, event).decode()
