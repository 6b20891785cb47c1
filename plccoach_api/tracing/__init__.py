"""Traces: what a request did, and how long each part took. docs/operating/traces.md explains them to an operator.

Every place that is traced has one block, such as `with tracing.client_span("messages/get", …)`. No span holds a path, a
parameter, a text of a person or of a model, or an id of a person.

- `span` is a span as the rest of the service sees it. It does nothing where there are no traces.
- `conventions` has the names of attributes.
- `tracer` makes spans with OpenTelemetry's SDK, and `sending` sends them to the collector. Only a process that has
  traces imports these two, and with them the SDK.
- `variables` shows the SDK its settings.

The current request is a context variable of our own and not OpenTelemetry's: the Model Context Protocol's library sets
that one to what a client sends in the body of its request.
"""

from plccoach_api.tracing.span import NO_SPAN, Span, client_span

__all__ = ("NO_SPAN", "Span", "client_span")
