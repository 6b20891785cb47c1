"""A collector of traces on loopback, which decodes what OpenTelemetry's SDK sends over HTTP."""

import gzip
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

_SECONDS = 30


@dataclass(frozen=True)
class Collected:
    """A span as it arrived."""

    name: str
    kind: str
    trace_id: str
    id: str
    parent: str
    failed: bool
    attributes: Mapping[str, Any]
    started: int
    ended: int
    state: str
    schema: str
    service: Mapping[str, Any]
    bytes: bytes
    """The whole span as it was sent, to look for what it must not hold."""


@dataclass
class Collector:
    """The spans in the order of their arrival, and the headers of each request."""

    port: int = 0
    status: int = 200
    """The status of each response."""
    spans: list[Collected] = field(default_factory=list)
    requests: list[Mapping[str, str]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    answers: threading.Event = field(default_factory=threading.Event)
    """Cleared, it keeps the collector from answering."""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, condition: Callable[[Collected], bool], count: int = 1) -> list[Collected]:
        """Returns the spans that meet a condition, as soon as there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.found(condition)) >= count, _SECONDS), (
                f"{len(self.found(condition))} of {count} spans came; all of them: {[each.name for each in self.spans]}"
            )
            return self.found(condition)

    def found(self, condition: Callable[[Collected], bool]) -> list[Collected]:
        return [each for each in self.spans if condition(each)]

    def wait_for_trace(self, trace_id: str, *names: str) -> list[Collected]:
        """Returns the spans of a trace, as soon as those of these names are among them."""
        for name in names:
            self.wait_for(lambda each, name=name: each.trace_id == trace_id and each.name == name)  # type: ignore[misc]
        return self.found(lambda each: each.trace_id == trace_id)

    def wait_for_requests(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, _SECONDS)

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        with self._changed:
            self.requests.append({name.lower(): value for name, value in headers.items()})
            if self.status == 200:
                whole = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
                self.spans += _decode(ExportTraceServiceRequest.FromString(whole))
            self._changed.notify_all()
        self.answers.wait(_SECONDS)
        return self.status


def _decode(request: ExportTraceServiceRequest) -> Iterator[Collected]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield _span(resource, scope, span)


def _span(resource: ResourceSpans, scope: ScopeSpans, span: Span) -> Collected:
    return Collected(
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        trace_id=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        attributes=_values(span.attributes),
        started=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
        state=span.trace_state,
        schema=scope.schema_url,
        service=_values(resource.resource.attributes),
        bytes=span.SerializeToString(),
    )


def _values(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in _typed(pairs)}


def _typed(pairs: Any) -> list[KeyValue]:
    return list(pairs)


def _value(value: AnyValue) -> Any:
    return getattr(value, value.WhichOneof("value") or "string_value")


@contextmanager
def collecting() -> Iterator[Collector]:
    """Runs a collector in a thread."""
    collector = Collector()
    collector.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.paths.add(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(collector.receive(dict(self.headers), body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
