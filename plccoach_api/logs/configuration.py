"""Configures structlog and `logging` when a process starts."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from plccoach_api.logs import context, rendering, writer

# The supervisor sets this environment variable for its workers when the log goes to a developer's terminal.
READABLE = "PLCCOACH_READABLE_LOG"

# Below WARNING these log every plugin, connection and request, with addresses and the questions sent to a model.
_QUIET_LIBRARIES = (
    "alembic.runtime.plugins",
    # It also sets its own level to WARNING.
    "psycopg",
    "psycopg.pool",
    "httpx",
    "httpcore",
    "openai",
    "httpx2",
    "httpcore2",
    "mcp",
    "urllib3",
)

_timestamp = structlog.processors.TimeStamper(fmt="iso", utc=True)


_READABLE = (rendering.escape_unsafe, structlog.dev.ConsoleRenderer(pad_event_to=0))


class OnlyReloads(logging.Filter):
    """Of granian's lines, passes warnings and those about changed source files. A developer needs none of processes."""

    def filter(self, record: logging.LogRecord) -> bool:
        reload = ("Changes detected", "Added:", "Modified:", "Deleted:")
        is_process = record.name.startswith("_granian") and not record.getMessage().startswith(reload)
        return record.levelno > logging.INFO or not is_process


def configure_logging(
    level: str = "INFO", *, readable: bool = False, queued: bool = False, beside_output: bool = False
) -> None:
    """Sends our events and the records of all libraries to standard output, from `level` upwards.

    The processes of the service set `queued`, so that writing never holds them up (see `writer`). A command that prints
    a result sets `beside_output`: its log goes to standard error, so that a program can read the result.
    """
    text: Any = writer.text if queued else sys.stderr if beside_output else sys.stdout
    lines: Any = writer.lines if queued else None
    structlog.configure(
        processors=[
            _add_context,
            structlog.stdlib.add_log_level,
            _add_logger_name,
            _timestamp,
            rendering.render_exception,
            *(_READABLE if readable else (rendering.render_json,)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(text) if readable else structlog.BytesLoggerFactory(lines),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter(readable=readable))
    if readable:
        handler.addFilter(OnlyReloads())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def formatter(*, readable: bool = False) -> structlog.stdlib.ProcessorFormatter:
    """Returns the formatter that turns a record of a library into a line like those of our own events."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            _add_context,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _timestamp,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            rendering.render_exception,
            *(_READABLE if readable else (rendering.render_json_text,)),
        ],
    )


def for_granian(*, level: str, readable: bool) -> dict[str, Any]:
    """Returns the `logging` configuration of granian's own processes, which start before the application is loaded."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.formatter", "readable": readable}},
        "filters": {"reloads": {"()": f"{__name__}.{OnlyReloads.__name__}"}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["reloads"] if readable else [],
                "stream": f"ext://{writer.__name__}.text",
            }
        },
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {
            "_granian": {"level": level, "propagate": True},
            "granian.access": {"level": "CRITICAL"},
        },
    }


def _add_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if (request_id := context.request_id.get()) is not None:
        event["request_id"] = request_id
    if (trace_id := context.trace_id.get()) is not None:
        event["trace_id"] = trace_id
    return event


def _add_logger_name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # `get_logger` cannot bind the key "logger" itself, because that is a parameter of structlog's own.
    event["logger"] = event.pop("logger_name")
    return event
