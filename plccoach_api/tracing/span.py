"""A span as the rest of the service sees it."""

from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import Protocol, Self, TypeAlias

Value: TypeAlias = str | int | float
Attributes: TypeAlias = Mapping[str, Value]


class Span:
    """A span that ends with its block. This one does nothing: there are no traces, or there is no request."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def set(self, attribute: str, value: Value) -> None:
        """Sets an attribute of `conventions`."""

    def fail(self, error_type: str) -> None:
        """Marks the span as failed. `error_type` is one of few, and never a message."""

    def headers(self) -> Mapping[str, str]:
        """Returns the headers of W3C Trace Context that make the server's spans part of this trace."""
        return {}


NO_SPAN = Span()


class Parent(Protocol):
    """The span of a request, which starts those of its parts."""

    def start_client_span(self, name: str, attributes: Attributes) -> Span: ...


current: ContextVar[Parent | None] = ContextVar("current_span", default=None)
"""The span of the current request. Tasks that the request starts have it too, also after the response."""


def client_span(name: str, attributes: Attributes) -> Span:
    """Returns a span of a request to another server. Without a current request there is none."""
    parent = current.get()
    return NO_SPAN if parent is None else parent.start_client_span(name, attributes)
