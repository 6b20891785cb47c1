"""The log: one JSON object per line on standard output; on a developer's terminal, readable lines instead.

Our own events go through structlog straight to the stream. The records of libraries (granian, alembic, psycopg) arrive
through `logging` and pass equivalent processors, so that every line has the same keys.

- `configuration` configures structlog and `logging` when a process starts.
- `rendering` turns an event into a line.
- `printable` escapes text of other people for a terminal.
- `writer` writes the lines of the service in a thread, so that no request waits for a reader of the log.
- `requests` writes the line that ends a request.
- `context` holds the request's id, which every line carries.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def _without_rich() -> Iterator[None]:
    """Keeps structlog from importing rich, which costs a process 4 MB: our own code writes the tracebacks."""
    modules: dict[str, Any] = sys.modules
    is_hidden = "rich" not in modules
    if is_hidden:
        # Python takes None for a module that cannot be imported.
        modules["rich"] = None
    try:
        yield
    finally:
        if is_hidden:
            del modules["rich"]


with _without_rich():
    import structlog


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Returns a logger for our own events: `log.info("an event", key=value)`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(logger_name=name)
    return logger
