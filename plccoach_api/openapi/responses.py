"""The parts that operations share: problems, headers, and the two ways to sign in."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, Final

import msgspec
from litestar.handlers import HTTPRouteHandler

from plccoach_api import problems
from plccoach_api.http import guards, litestar_internals
from plccoach_api.middleware.personal_token import ACCEPTS_TOKENS
from plccoach_api.middleware.session import SIGNED_IN
from plccoach_api.openapi.schemas import PROBLEM, REFERENCE
from plccoach_api.problem_details import MEDIA_TYPE, ProblemDetails
from plccoach_api.problems import FieldError, Problem

SESSION: Final = "session"
TOKEN: Final = "token"  # noqa: S105 - the name of a security scheme

_SAFE = frozenset({"get", "head", "options"})
_UNAUTHORIZED = 401
_REDIRECTS = frozenset({302, 303})
_WITH_RETRY_AFTER = frozenset({429, 503})
# The dependencies of a handler that uses the database.
_WITH_DATABASE = frozenset({"database", "flow", "readiness_check"})
_EXAMPLE_ERRORS = (FieldError("query", "This must be text, not a number."),)

# The names of RFC 9110. The names in Python's http module differ between Python versions.
_NAMES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    408: "RequestTimeout",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "ContentTooLarge",
    415: "UnsupportedMediaType",
    422: "UnprocessableContent",
    429: "TooManyRequests",
    431: "RequestHeaderFieldsTooLarge",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}

HEADERS = {
    "RequestID": {
        "description": "The request's id. It is the client's own if the client sent a valid one, otherwise a new one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
        "example": "01a20a1547a070a092718c542d6182ea",
    },
    "Location": {
        "description": "The address to go to.",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
        "example": "http://localhost:5173/dashboard",
    },
    "WWWAuthenticate": {
        "description": "The scheme of the `Authorization` header that a program may use.",
        "required": True,
        "schema": {"type": "string", "const": "Bearer"},
        "example": "Bearer",
    },
    "RetryAfter": {
        "description": "The number of seconds to wait before the next attempt.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
        "example": 2,
    },
}


def security_schemes(cookie: str) -> dict[str, Any]:
    return {
        SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The session cookie, which signing in sets. A browser stores and sends it automatically.",
        },
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "plc_…",
            "description": "A personal token, for programs. A person creates it with `POST /auth/tokens`. When a "
            "request has both a token and a session cookie, the token counts.",
        },
    }


def security(handler: HTTPRouteHandler) -> list[dict[str, list[str]]]:
    """Returns the ways to sign in of which a request needs one."""
    if not is_for_signed_in(handler):
        return []
    return [{SESSION: []}, {TOKEN: []}] if _accepts_tokens(handler) else [{SESSION: []}]


def headers(status: int) -> dict[str, Any]:
    """Returns the headers that every response of this status carries."""
    carried = {
        "X-Request-ID": "RequestID",
        **({"Location": "Location"} if status in _REDIRECTS else {}),
        **({"Retry-After": "RetryAfter"} if status in _WITH_RETRY_AFTER else {}),
        **({"WWW-Authenticate": "WWWAuthenticate"} if status == _UNAUTHORIZED else {}),
    }
    return {header: {"$ref": f"#/components/headers/{name}"} for header, name in carried.items()}


def is_for_signed_in(handler: HTTPRouteHandler) -> bool:
    return bool(handler.opt.get(SIGNED_IN))


def _accepts_tokens(handler: HTTPRouteHandler) -> bool:
    return bool(handler.opt.get(ACCEPTS_TOKENS))


def possible(operation: dict[str, Any], method: str, handler: HTTPRouteHandler) -> Iterator[type[Problem]]:
    """Yields the problems that the handler declares, and those that follow from its method, guards and parameters.

    Any request can have headers that are too large.
    """
    yield problems.HeadersTooLarge
    yield from handler.opt.get("problems", ())
    if "requestBody" in operation:
        yield from (problems.RequestTimeout, problems.BodyTooLarge, problems.UnsupportedMediaType)
    if method not in _SAFE:
        yield from (problems.MalformedRequest, problems.OriginRefused)
    parameters = operation.get("parameters", [])
    if parameters:
        yield problems.InvalidInput
    if any(parameter["in"] == "path" for parameter in parameters):
        yield problems.NotFound
    if is_for_signed_in(handler):
        yield problems.NotSignedIn
        if not _accepts_tokens(handler):
            yield problems.TokenNotAllowed
    if litestar_internals.has_guard(handler, guards.require_admin):
        yield problems.NotAllowed
    if litestar_internals.has_guard(handler, guards.limit_sign_ins):
        yield problems.TooManyRequests
    if _WITH_DATABASE & litestar_internals.parameters(handler).keys() or is_for_signed_in(handler):
        yield problems.DatabaseUnavailable


def reference(status: int | None) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{_NAMES[status] if status else PROBLEM}"}


def shared(paths: dict[str, Any]) -> dict[str, Any]:
    """Returns the responses that operations refer to, each with an example of every problem of its status."""
    used = {status for item in paths.values() for operation in item.values() for status in operation["responses"]}
    named = {
        name: _response(status, [kind for kind in problems.KINDS if kind.status == status])
        for status, name in _NAMES.items()
        if str(status) in used
    }
    rest = _response(500, [problems.InternalError])
    return named | {PROBLEM: rest | {"description": "Any other failure, in the same format."}}


def _response(status: int, kinds: list[type[Problem]]) -> dict[str, Any]:
    return {
        "description": " Or: ".join(cleandoc(kind.__doc__ or kind.title) for kind in kinds),
        "headers": headers(status),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": f"{REFERENCE}{PROBLEM}"},
                "examples": {kind.slug: {"summary": kind.title, "value": _example(kind)} for kind in kinds},
            }
        },
    }


def _example(kind: type[Problem]) -> Any:
    details = ProblemDetails(
        type=kind.urn(),
        title=kind.title,
        status=kind.status,
        detail=kind.detail,
        instance=f"urn:request:{HEADERS['RequestID']['example']}",
        errors=_EXAMPLE_ERRORS if kind is problems.InvalidInput else (),
    )
    return msgspec.to_builtins(details)
