"""Everything that relies on Litestar's internals, which any release of Litestar may change.

No other module touches them. tests/http/test_litestar_internals.py fails when Litestar's minor version is not
CHECKED_VERSION, the version that this module was checked with.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, cast

import msgspec
from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.connection import ASGIConnection
from litestar.exceptions import ValidationException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.params import HeaderParameter, QueryParameter
from litestar.plugins import InitPlugin, PluginProtocol, ReceiveRoutePlugin
from litestar.plugins.core import MsgspecDIPlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ASGIApp
from litestar.typing import FieldDefinition

CHECKED_VERSION = "2.25"

_INTEGER = re.compile(r"-?[0-9]+")


class Operation(NamedTuple):
    path: str
    """The template of the path, such as /api/conversations/{conversation_id}."""
    method: str
    handler: HTTPRouteHandler


class Application(Litestar):
    """Litestar without two libraries that it imports wherever they are installed.

    Both methods are private: Litestar calls them when an application is made. pydantic costs each worker 11 MB and
    150 ms at its start; our types are msgspec's. OpenTelemetry is for Litestar's own plugin, which puts raw paths into
    the names of spans.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]

    @staticmethod
    def _patch_opentelemetry_middleware(config: AppConfig) -> AppConfig:
        return config


class StrictIntegers(ReceiveRoutePlugin):
    """Refuses a query parameter such as `5.0` or `5e0` where a handler declares an integer.

    Litestar converts what msgspec takes for an integer when it is not strict. `extractors` is an attribute of a private
    class; its functions fill the values from a connection, before Litestar converts them.
    """

    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for handler, model in route.route_handler_map.values():
                names = {
                    each.field_name: each.field_alias
                    for each in model.expected_query_params
                    if parameters(handler)[each.field_name].annotation is int
                }
                if names:
                    model.extractors.append(partial(_refuse_other_numbers, names))


async def _refuse_other_numbers(
    names: Mapping[str, str], values: dict[str, Any], _: ASGIConnection[Any, Any, Any, Any]
) -> None:
    """`names` maps each parameter of the handler to its name in the query."""
    errors = [
        {"key": name, "message": "Expected a whole number in the digits 0 to 9"}
        for parameter, name in names.items()
        if isinstance(value := values.get(parameter), str) and not _INTEGER.fullmatch(value)
    ]
    if errors:
        raise ValidationException(extra=errors)


class SequentialDependencies(ReceiveRoutePlugin):
    """Resolves the dependencies of a handler one after another.

    Litestar resolves independent dependencies concurrently, each in a task of its own. Ours never wait, so tasks have
    no benefit: with them, /auth/me takes 4 % more processor time and the list of conversations 13 %; see
    docs/decisions/server.md. `dependency_batches` is an attribute of a private class.
    """

    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [{each} for batch in model.dependency_batches for each in batch]


def wrap(app: Litestar, middleware: Callable[[ASGIApp], ASGIApp]) -> None:
    """Puts middleware around routing.

    Litestar runs its own middleware after routing, so a request that matches no route would skip it. `asgi_handler` is
    not documented; Litestar calls it for every request.
    """
    app.asgi_handler = middleware(app.asgi_handler)


def operations(app: Litestar) -> Iterator[Operation]:
    """Yields every method of every route, even the OPTIONS that Litestar adds; uses the undocumented handler map."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                yield Operation(route.path_format or "/", method, handler)


def methods_by_path(app: Litestar) -> dict[str, frozenset[str]]:
    methods: dict[str, set[str]] = defaultdict(set)
    for operation in operations(app):
        methods[operation.path].add(operation.method)
    return {path: frozenset(names) for path, names in methods.items()}


def openapi_document(app: Litestar, config: OpenAPIConfig) -> dict[str, Any]:
    """Returns the document that Litestar generates.

    Litestar creates its private OpenAPI plugin in every application. A configuration passed to the application would
    add routes, so this function passes it to the plugin afterwards.
    """
    plugin = cast("InitPlugin", app.plugins.get("OpenAPIPlugin"))
    plugin.on_app_init(AppConfig(openapi_config=config))
    return app.openapi_schema.to_schema()


def is_documented(handler: HTTPRouteHandler) -> bool:
    """`resolve_include_in_schema` also applies what a router declares."""
    return handler.resolve_include_in_schema()


def parameters(handler: BaseRouteHandler) -> Mapping[str, FieldDefinition]:
    """Returns the parameters of the handler's function, the injected ones among them."""
    return handler.parsed_fn_signature.parameters


def signature_model(handler: BaseRouteHandler) -> type[msgspec.Struct]:
    """Returns the struct into which Litestar converts the parameters, under the names of the handler's function."""
    return handler.signature_model


def alias(handler: BaseRouteHandler, name: str) -> str:
    """Returns the client's name for a parameter of the handler's function."""
    return getattr(parameters(handler)[name].kwarg_definition, "name", None) or name


def required_parameters(handler: BaseRouteHandler, kind: type[QueryParameter] | type[HeaderParameter]) -> list[str]:
    """Returns the client's names of the parameters that the query, or the headers, must contain."""
    return [
        alias(handler, name)
        for name, field in parameters(handler).items()
        if isinstance(field.kwarg_definition, kind) and field.is_required
    ]


def return_type(handler: BaseRouteHandler) -> FieldDefinition:
    return handler.parsed_fn_signature.return_type


def injected(handler: BaseRouteHandler) -> frozenset[str]:
    """Returns the names of the dependencies that a handler may ask for."""
    return frozenset(handler.resolve_dependencies())


def body_type(handler: BaseRouteHandler) -> Any:
    """Returns the type of the parameter `data`, into which the body is decoded."""
    field = handler.parsed_data_field
    return field.annotation if field else Any


def has_guard(handler: BaseRouteHandler, guard: Any) -> bool:
    """`resolve_guards` also applies what routers declare. It wraps each guard that is not a coroutine function."""
    return any(getattr(each, "func", each) is guard for each in handler.resolve_guards())
