"""The methods of requests, as the semantic conventions of OpenTelemetry name them in metrics and traces."""

_KNOWN = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})

OTHER = "_OTHER"
"""Any method that a client invents."""


def known(method: str) -> str:
    return method if method in _KNOWN else OTHER
