"""Makes spans with OpenTelemetry's SDK. A process has one tracer."""

import logging
from collections.abc import Mapping, Sequence
from contextvars import Token
from types import TracebackType
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from plccoach_api.settings import Settings
from plccoach_api.tracing import conventions
from plccoach_api.tracing.sending import Sending
from plccoach_api.tracing.span import Attributes, Parent, Span, Value, current
from plccoach_api.tracing.variables import visible

_NAME = "plccoach_api"
# W3C Trace Context demands that so many are passed on. What is longer is ignored.
_MOST_CHARACTERS = 512
_WITHOUT_PARENT = Context()

_propagator = TraceContextTextMapPropagator()

# At lower levels it logs what clients write into these headers, once for each request.
logging.getLogger("opentelemetry.trace").setLevel(logging.ERROR)


class Tracer:
    def __init__(self, settings: Settings, variables: Mapping[str, str]) -> None:
        """`variables` are those that the SDK reads. Nothing is sent before `open`."""
        self._variables = variables
        with visible(variables):
            resource = Resource.create(
                {
                    conventions.SERVICE_VERSION: settings.app_version,
                    conventions.DEPLOYMENT: settings.environment.value,
                }
            )
            # Not the global provider: through that, other libraries would make spans with messages in them.
            self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._tracer = self._provider.get_tracer(_NAME, settings.app_version, conventions.SCHEMA)
        self._sending: Sending | None = None

    def open(self) -> None:
        """Starts the thread that sends the spans."""
        with visible(self._variables):
            self._sending = Sending(self._provider)

    def close(self) -> None:
        """Sends the last spans, for a second at most."""
        if self._sending is not None:
            self._sending.close()

    def start_request_span(self, name: str, traceparent: Sequence[str], tracestate: Sequence[str]) -> "RequestSpan":
        """Continues the client's trace if its headers are valid, and begins a trace of its own if they are not."""
        parent = _WITHOUT_PARENT
        if len(traceparent) == 1 and len(traceparent[0]) <= _MOST_CHARACTERS:
            is_short = sum(map(len, tracestate)) <= _MOST_CHARACTERS
            carrier = {"traceparent": [*traceparent], "tracestate": [*tracestate] if is_short else []}
            parent = _propagator.extract(carrier, parent)
        return RequestSpan(self._tracer, self._tracer.start_span(name, parent, SpanKind.SERVER))


class _Ids(Span):
    """Only the ids of a span: a part of a request whose trace the sampler did not choose. Other servers learn that."""

    __slots__ = ("_span",)

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def headers(self) -> Mapping[str, str]:
        headers: dict[str, str] = {}
        _propagator.inject(headers, trace.set_span_in_context(self._span, _WITHOUT_PARENT))
        return headers


class _Recorded(_Ids):
    """A span of the SDK."""

    __slots__ = ()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._span.end()

    def set(self, attribute: str, value: Value) -> None:
        self._span.set_attribute(attribute, value)

    def fail(self, error_type: str) -> None:
        self._span.set_attribute(conventions.ERROR_TYPE, error_type)
        self._span.set_status(StatusCode.ERROR)


class RequestSpan(_Recorded, Parent):
    """The span of a request. While its block runs, it is the current one."""

    __slots__ = ("_context", "_token", "_tracer", "is_recorded")

    def __init__(self, tracer: trace.Tracer, span: trace.Span) -> None:
        super().__init__(span)
        self._tracer = tracer
        self._context = trace.set_span_in_context(span, _WITHOUT_PARENT)
        self.is_recorded = span.is_recording()
        """False if the sampler did not choose the trace. Such a span only has ids."""

    @property
    def trace_id(self) -> str:
        return trace.format_trace_id(self._span.get_span_context().trace_id)

    def describe(self, name: str, attributes: Attributes) -> None:
        self._span.update_name(name)
        self._span.set_attributes(attributes)

    def start_client_span(self, name: str, attributes: Attributes) -> Span:
        if not self.is_recorded:
            return _Ids(self._span)
        return _Recorded(self._tracer.start_span(name, self._context, SpanKind.CLIENT, attributes))

    def __enter__(self) -> Self:
        self._token: Token[Parent | None] = current.set(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        current.reset(self._token)
        super().__exit__(kind, error, at)
