"""Explains why a parameter in the path, the query or a header is refused."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import ValidationException
from litestar.params import HeaderParameter, QueryParameter
from msgspec import inspect

from plccoach_api import problem_details
from plccoach_api.http import explanations, litestar_internals
from plccoach_api.http.requests import missing_body
from plccoach_api.problems import FieldError, InvalidInput


def respond(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """Handles the exception of Litestar for invalid parameters."""
    return problem_details.respond(request, _problem(request, error))


def _problem(request: Request[Any, Any, Any], error: ValidationException) -> InvalidInput:
    handler = request.route_handler
    if not isinstance(error.extra, list):
        # Litestar reports only the first parameter that is missing, in a sentence.
        missing = [
            name
            for kind, present in ((QueryParameter, request.query_params), (HeaderParameter, request.headers))
            for name in litestar_internals.required_parameters(handler, kind)
            if name not in present
        ]
        return InvalidInput(errors=tuple(FieldError(name, "This parameter is required.") for name in missing))
    kinds = {field.name: field.type for field in _fields(litestar_internals.signature_model(handler))}
    names = [str(entry["key"]) for entry in error.extra if "key" in entry]
    if "data" in names:
        # Litestar does not decode an empty body. JSONRequest refuses every other body that is not valid.
        return missing_body(kinds["data"])
    return InvalidInput(
        errors=tuple(_fault(request, litestar_internals.alias(handler, each), kinds[each]) for each in names)
    )


def _fields(model: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(model)
    return info.fields if isinstance(info, inspect.StructType) else ()


def _fault(request: Request[Any, Any, Any], name: str, kind: inspect.Type) -> FieldError:
    expected = explanations.bare(kind)
    value = request.query_params.get(name) or request.headers.get(name, "")
    if isinstance(expected, inspect.StrType):
        return FieldError(name, explanations.explain(expected, value))
    return FieldError(name, f"This must be {explanations.rule(expected)}.")
