"""Programs that call the service within a trace of their own, and what becomes of their requests."""

import secrets
from collections.abc import Mapping
from typing import Any

import httpx

from tests.collector import Collected, Collector
from tests.live import Service, wait_until
from tests.tracing.conftest import QUESTION

Headers = Mapping[str, str]


class Caller:
    """A program that calls the service within a trace of its own."""

    def __init__(self, *, sampled: bool = True) -> None:
        self.trace_id, self.span_id = secrets.token_hex(16), secrets.token_hex(8)
        self.headers = {"traceparent": f"00-{self.trace_id}-{self.span_id}-0{int(sampled)}"}


def request_span(collector: Collector, caller: Caller) -> Collected:
    [span] = collector.wait_for(lambda each: each.trace_id == caller.trace_id and each.kind == "SERVER")
    return span


def lines_of(service: Service, name: str, value: str, *, count: int) -> list[dict[str, Any]]:
    """Returns the lines of the log with this value, as soon as there are so many: a thread writes them."""
    lines: list[dict[str, Any]] = []

    def are_written() -> bool:
        lines[:] = [line for line in service.log() if line.get(name) == value]
        return len(lines) >= count

    wait_until(are_written, f"{count} lines of {name} {value}", seconds=30)
    return lines


def ask(client: httpx.Client, headers: Headers) -> httpx.Response:
    return client.post("/api/coach/query", json={"query": QUESTION}, headers=headers)
