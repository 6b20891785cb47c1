"""One operation of the document: from what Litestar wrote of a handler to what its clients meet."""

from collections.abc import Iterator
from enum import Enum
from inspect import cleandoc
from typing import Any, TypeAlias, get_origin

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_304_NOT_MODIFIED
from litestar.typing import FieldDefinition

from plccoach_api.openapi import responses
from plccoach_api.openapi.schemas import REFERENCE

Operation: TypeAlias = dict[str, Any]

# Where a handler has nothing better to say.
_DESCRIPTIONS = {200: "What was asked for.", 201: "What was made.", 204: "Done.", 302: "Go on elsewhere."}


def finish(operation: Operation, method: str, handler: HTTPRouteHandler) -> None:
    for parameter in operation.get("parameters", []):
        _finish_parameter(parameter, handler)
    answers = {
        status: _finished_answer(answer, int(status), handler)
        for status, answer in operation["responses"].items()
        # Litestar's idea of a bad request; ours is among the shared ones.
        if status != "400"
    }
    failures = sorted({problem.status for problem in responses.possible(operation, method, handler)})
    operation["responses"] = answers | {str(status): responses.reference(status) for status in failures}
    operation["responses"]["default"] = responses.reference(None)
    operation["security"] = [{responses.SESSION: []}] if responses.is_for_signed_in(handler) else []


def types_of(handler: HTTPRouteHandler) -> Iterator[Any]:
    """The types of a handler that travel: its answer, its body, its parameters."""
    signature = handler.parsed_fn_signature
    injected = handler.resolve_dependencies()
    yield from _described(signature.return_type)
    yield from filter(None, handler.opt.get("downloads", {}).values())
    for name, field in signature.parameters.items():
        if name not in injected and name != "request":
            yield from _described(field)


def _described(field: FieldDefinition) -> Iterator[Any]:
    if field.is_subclass_of((msgspec.Struct, Enum)):
        yield field.annotation
    else:
        for inner in field.inner_types:
            yield from _described(inner)


def _finish_parameter(parameter: dict[str, Any], handler: HTTPRouteHandler) -> None:
    schema = parameter["schema"]
    # Of an optional parameter the null says that it may be left out, which `required` says already.
    for alternatives in (schema.pop("oneOf", []), schema.pop("allOf", [])):
        for alternative in alternatives:
            schema.update(alternative if alternative != {"type": "null"} else {})
    schema.pop("description", None)
    field = _field(parameter["name"], handler)
    if field.has_default and field.default is not None:
        schema["default"] = msgspec.to_builtins(field.default)


def _field(name: str, handler: HTTPRouteHandler) -> FieldDefinition:
    """The handler's own parameter: a header's has another name there."""
    fields = handler.parsed_fn_signature.parameters.items()
    return next(field for key, field in fields if name in {key, getattr(field.kwarg_definition, "name", None)})


def _finished_answer(answer: Operation, status: int, handler: HTTPRouteHandler) -> Operation:
    declared = {
        name: {"schema": {"type": "string"}, **header}
        # Litestar keeps a handler's headers in a set.
        for name, header in sorted(answer.pop("headers", {}).items())
        # Litestar's own, of redirects.
        if name != "location"
    }
    if status == HTTP_304_NOT_MODIFIED:
        declared = {"ETag": {"schema": {"type": "string"}, "description": "The state that the client has."}}
    if status == handler.status_code and (downloads := handler.opt.get("downloads")):
        answer["content"] = {media_type: {"schema": _schema_of(kind)} for media_type, kind in downloads.items()}
    if status == handler.status_code:
        answer["description"] = handler.response_description or _docstring(handler) or _DESCRIPTIONS[status]
    return {"description": answer.pop("description"), "headers": declared | responses.headers(status), **answer}


def _schema_of(download: type[msgspec.Struct] | None) -> Operation:
    """A file that is JSON has a schema like any answer; of another one only the media type tells what it is."""
    return {"$ref": f"{REFERENCE}{download.__name__}"} if download else {"type": "string"}


def _docstring(handler: HTTPRouteHandler) -> str:
    """What the struct that a handler answers with says of itself."""
    answered = next(_described(handler.parsed_fn_signature.return_type), None)
    return cleandoc((get_origin(answered) or answered).__doc__ or "") if answered else ""
