"""The context of a log line: the id of the request during which the line is written."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
