"""The OpenAPI document: Litestar generates the operations, and this package completes them.

msgspec generates the schemas. It also decodes and encodes the bodies, so that a schema always matches its bodies.
The problems, headers and security that operations share are derived from a handler's method, guards and parameters.
A handler declares its other problems by `problems=[...]`.
"""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Contact, License, Server, Tag

from plccoach_api.http import litestar_internals
from plccoach_api.openapi import examples, operations, prose, responses, schemas
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings


def document(app: Litestar, settings: Settings, cookie: SessionCookie) -> dict[str, Any]:
    """Builds the document. This takes a while, so the caller should cache the result."""
    generated = _generated(app, settings)
    handlers = list(_handlers(app))
    for path, method, handler in handlers:
        operations.finish(generated["paths"][path][method], method, handler)
    types = [found for _, _, handler in handlers for found in operations.types_of(handler)]
    generated["paths"] = schemas.simplified(generated["paths"])
    generated["components"] = {
        "securitySchemes": responses.security_schemes(cookie.name),
        "headers": responses.HEADERS,
        "responses": responses.shared(generated["paths"]),
        "schemas": schemas.components(types),
    }
    examples.attach(generated["paths"])
    first = ("openapi", "info", "servers", "tags")
    return {key: generated[key] for key in (*first, "paths", "components")}


def _generated(app: Litestar, settings: Settings) -> dict[str, Any]:
    """Returns the document as Litestar generates it."""
    config = OpenAPIConfig(
        title=settings.app_name,
        version=settings.app_version,
        summary=prose.SUMMARY,
        description=prose.DESCRIPTION,
        contact=Contact(name="The operator of this service"),
        license=License(name="MIT", identifier="MIT"),
        # A relative URL is right for every host and port.
        servers=[Server(url="/", description="The service that this document was read from.")],
        tags=[Tag(name=name, description=description) for name, description in prose.TAGS.items()],
        use_handler_docstrings=True,
    )
    return litestar_internals.openapi_document(app, config)


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for path, method, handler in litestar_internals.operations(app):
        if litestar_internals.is_documented(handler):
            yield path, method.lower(), handler
