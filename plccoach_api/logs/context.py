"""The context of a log line: the request during which the line is written."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The id of the request's trace, where there are traces."""
