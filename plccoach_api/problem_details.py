"""Turns the exception that ended a request into an `application/problem+json` response."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.types import Scope, Send

from plccoach_api import logs, problems
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.problems import FieldError, Problem
from plccoach_api.rules.texts import explain

MEDIA_TYPE = "application/problem+json"

_log = logs.get_logger(__name__)
_encode = msgspec.json.Encoder().encode

_BY_STATUS: dict[int, type[Problem]] = {
    400: problems.InvalidInput,
    401: problems.NotSignedIn,
    404: problems.NotFound,
    413: problems.BodyTooLarge,
    415: problems.UnsupportedMediaType,
}


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type` is urn:problem:<slug>, `instance` is urn:request:<request id>; an invalid body has `errors`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldError, ...] = ()


def to_problem(error: Exception) -> Problem:  # noqa: PLR0911 - one line a case
    """Returns the problem that the client receives. An exception that is not expected here becomes InternalError."""
    match error:
        case Problem():
            return error
        case _ if isinstance(error, UNAVAILABLE):
            return problems.DatabaseUnavailable()
        case ValidationException():
            return problems.InvalidInput(errors=tuple(_field_errors(error.extra)))
        case NotFoundException():
            return problems.NotFound()
        case MethodNotAllowedException():
            return problems.MethodNotAllowed(headers={"Allow": (error.headers or {}).get("allow", "")})
        case HTTPException() if error.status_code in _BY_STATUS:
            return _BY_STATUS[error.status_code]()
        case _:
            return problems.InternalError()


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Handles every exception that Litestar catches."""
    problem = to_problem(error)
    log_error(error)
    return Response(
        content=_body(problem, request.scope),
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


async def send(problem: Problem, scope: Scope, send: Send) -> None:
    """Sends the problem from a middleware that refuses a request before Litestar sees it."""
    body = _body(problem, scope)
    headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body)), **problem.headers}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def log_error(error: BaseException) -> None:
    """Logs an error unless the client caused it."""
    problem = to_problem(error) if isinstance(error, Exception) else problems.InternalError()
    if isinstance(problem, problems.InternalError):
        _log.error("unhandled error", exc_info=error)
    elif isinstance(problem, problems.DatabaseUnavailable):
        _log.warning("database unavailable", error=type(error).__name__)
    elif isinstance(problem, problems.CoachUnavailable):
        _log.warning("coach unavailable", error=type(error.__cause__ or error).__name__)


def _body(problem: Problem, scope: Scope) -> bytes:
    return _encode(details(problem, str(scope.get("request_id", "unknown"))))


def details(problem: Problem, request_id: str) -> ProblemDetails:
    return ProblemDetails(
        type=f"urn:problem:{problem.slug}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=f"urn:request:{request_id}",
        errors=problem.errors,
    )


def _field_errors(extra: object) -> list[FieldError]:
    """Converts Litestar's list of {key, message, source}."""
    if not isinstance(extra, list):
        return []
    return [FieldError(field=_field(entry), message=explain(entry["message"])) for entry in extra]


def _field(entry: dict[str, Any]) -> str:
    """Returns the name that the client uses. Litestar names the handler's parameter: `data` for the body."""
    name = str(entry.get("key", "body"))
    if entry.get("source") == "header":
        return name.replace("_", "-").title()
    return "body" if name == "data" else name
