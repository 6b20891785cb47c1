"""Completes the operations that Litestar generated from the handlers."""

from collections.abc import Iterator
from enum import Enum
from inspect import cleandoc
from typing import Any, TypeAlias, get_origin

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_304_NOT_MODIFIED
from litestar.typing import FieldDefinition

from plccoach_api.http import litestar_internals
from plccoach_api.openapi import prose, responses
from plccoach_api.openapi.schemas import ANSWER_EVENT, REFERENCE

Operation: TypeAlias = dict[str, Any]

# Descriptions of responses, for handlers that have none of their own.
_DESCRIPTIONS = {200: "Success.", 201: "Created.", 204: "Done.", 302: "A redirect."}


def finish(operation: Operation, method: str, handler: HTTPRouteHandler) -> None:
    for parameter in operation.get("parameters", []):
        _finish_parameter(parameter, handler)
    successes = {
        status: _finish_response(response, int(status), handler)
        for status, response in operation["responses"].items()
        # Litestar's own description of a bad request. Ours is among the shared responses.
        if status != "400"
    }
    failures = sorted({problem.status for problem in responses.possible(operation, method, handler)})
    operation["responses"] = successes | {str(status): responses.reference(status) for status in failures}
    operation["responses"]["default"] = responses.reference(None)
    operation["security"] = responses.security(handler)


def types_of(handler: HTTPRouteHandler) -> Iterator[Any]:
    """Yields the types of a handler's response, downloads, body and parameters."""
    injected = litestar_internals.injected(handler)
    yield from _described(litestar_internals.return_type(handler))
    for download in handler.opt.get("downloads", {}).values():
        yield from download if isinstance(download, tuple) else filter(None, [download])
    yield from handler.opt.get("parameter_types", {}).values()
    for name, field in litestar_internals.parameters(handler).items():
        if name not in injected and name != "request":
            yield from _described(field)


def _described(field: FieldDefinition) -> Iterator[Any]:
    if field.is_subclass_of((msgspec.Struct, Enum)):
        yield field.annotation
    else:
        for inner in field.inner_types:
            yield from _described(inner)


def _finish_parameter(parameter: dict[str, Any], handler: HTTPRouteHandler) -> None:
    if kind := handler.opt.get("parameter_types", {}).get(parameter["name"]):
        parameter["schema"] = {"$ref": f"{REFERENCE}{kind.__name__}"}
        return
    schema = parameter["schema"]
    # An optional parameter is a union with null. `required` already says that it can be left out.
    for alternatives in (schema.pop("oneOf", []), schema.pop("allOf", [])):
        for alternative in alternatives:
            schema.update(alternative if alternative != {"type": "null"} else {})
    schema.pop("description", None)
    field = _field(parameter["name"], handler)
    if field.has_default and field.default is not None:
        schema["default"] = msgspec.to_builtins(field.default)


def _field(name: str, handler: HTTPRouteHandler) -> FieldDefinition:
    """Finds the handler's parameter by its name in the document. A header has another name in the handler."""
    fields = litestar_internals.parameters(handler).items()
    return next(field for key, field in fields if name in {key, getattr(field.kwarg_definition, "name", None)})


def _finish_response(response: Operation, status: int, handler: HTTPRouteHandler) -> Operation:
    declared = {
        name: {"schema": {"type": "string"}, **header}
        # Sorted, because Litestar keeps a handler's headers in a set.
        for name, header in sorted(response.pop("headers", {}).items())
        # Litestar adds `location` to redirects. `responses.headers` has a better description.
        if name != "location"
    }
    if status == HTTP_304_NOT_MODIFIED:
        declared = {
            "ETag": {"schema": {"type": "string"}, "description": "The entity tag of the state that the client has."}
        }
    if status == handler.status_code and (downloads := handler.opt.get("downloads")):
        response["content"] = {media_type: {"schema": _schema_of(kind)} for media_type, kind in downloads.items()}
    if status == handler.status_code:
        response["description"] = handler.response_description or _docstring(handler) or _DESCRIPTIONS[status]
    return {"description": response.pop("description"), "headers": declared | responses.headers(status), **response}


def _schema_of(download: type[msgspec.Struct] | tuple[type[msgspec.Struct], ...] | None) -> Operation:
    """Returns a JSON file's schema. Other files are described by their media type only."""
    match download:
        case None:
            return {"type": "string"}
        case tuple():
            # openapi-python-client parses the text of a whole stream, and fails if no alternative is a text.
            return {"anyOf": [{"$ref": f"{REFERENCE}{ANSWER_EVENT}"}, {"type": "string", "description": prose.STREAM}]}
    return {"$ref": f"{REFERENCE}{download.__name__}"}


def _docstring(handler: HTTPRouteHandler) -> str:
    """Returns the docstring of the struct that the handler returns."""
    returned = next(_described(litestar_internals.return_type(handler)), None)
    return cleandoc((get_origin(returned) or returned).__doc__ or "") if returned else ""
