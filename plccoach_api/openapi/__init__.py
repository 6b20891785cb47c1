"""The OpenAPI document: Litestar generates the operations, and this package completes them.

msgspec generates the schemas. It also decodes and encodes the bodies, so that a schema always matches its bodies.
The problems, headers and security that operations share are derived from a handler's method, guards and parameters.
A handler declares its other problems by `problems=[...]`.
"""

from collections.abc import Iterator
from typing import Any, cast

from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import License, Server, Tag
from litestar.plugins import InitPlugin
from litestar.routes import HTTPRoute

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
        "securitySchemes": {responses.SESSION: responses.session_scheme(cookie.name)},
        "headers": responses.HEADERS,
        "responses": responses.shared(generated["paths"]),
        "schemas": schemas.components(types),
    }
    examples.attach(generated["paths"])
    first = ("openapi", "info", "servers", "tags")
    return {key: generated[key] for key in (*first, "paths", "components")}


def _generated(app: Litestar, settings: Settings) -> dict[str, Any]:
    """Litestar's own document.

    Its generator is in every application, and knows the routes. It is configured only here, because
    configured with the application it would add routes of its own.
    """
    config = OpenAPIConfig(
        title=settings.app_name,
        version=settings.app_version,
        summary=prose.SUMMARY,
        description=prose.DESCRIPTION,
        license=License(name="MIT", identifier="MIT"),
        # Wherever the document was read from; so it is right behind any name and port.
        servers=[Server(url="/", description="The service that this document was read from.")],
        tags=[Tag(name=name, description=description) for name, description in prose.TAGS.items()],
        use_handler_docstrings=True,
    )
    cast("InitPlugin", app.plugins.get("OpenAPIPlugin")).on_app_init(AppConfig(openapi_config=config))
    return app.openapi_schema.to_schema()


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if handler.resolve_include_in_schema():
                    yield route.path_format or "/", method.lower(), handler
