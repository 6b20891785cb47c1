"""Gives each request a span, named by the template of its route: a path may hold the token of a shared link."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from litestar.types import Receive, Send

from plccoach_api.logs import context
from plccoach_api.middleware import headers, methods
from plccoach_api.middleware.types import HTTPApp, HTTPScope
from plccoach_api.tracing import conventions
from plccoach_api.tracing.span import Value

if TYPE_CHECKING:
    from plccoach_api.tracing.tracer import RequestSpan, Tracer


class Tracing:
    """The span of a stream lasts until its end. The log lines of the request have the id of its trace."""

    def __init__(self, app: HTTPApp, *, tracer: "Tracer") -> None:
        self.app = app
        self.tracer = tracer

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        with self._start(scope) as span:
            context.trace_id.set(span.trace_id)
            try:
                await self.app(scope, receive, send)
            except Exception as error:
                span.fail(type(error).__name__)
                raise
            finally:
                if span.is_recorded:
                    _describe(span, scope)

    def _start(self, scope: HTTPScope) -> "RequestSpan":
        return self.tracer.start_request_span(_name(scope), _texts(scope, b"traceparent"), _texts(scope, b"tracestate"))


def _describe(span: "RequestSpan", scope: HTTPScope) -> None:
    """Tells what is known after the routing. There is no status if the client left first."""
    name = _name(scope)
    attributes: dict[str, Value] = {conventions.HTTP_METHOD: methods.known(scope["method"])}
    if route := scope.get("path_template"):
        name = f"{name} {route}"
        attributes[conventions.HTTP_ROUTE] = str(route)
    status = scope.get("status")
    if isinstance(status, int):
        attributes[conventions.HTTP_STATUS] = status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.fail(str(status))
    span.describe(name, attributes)


def _name(scope: HTTPScope) -> str:
    method = methods.known(scope["method"])
    return "HTTP" if method == methods.OTHER else method


def _texts(scope: HTTPScope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for value in headers.values(scope["headers"], name)]
