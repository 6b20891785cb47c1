"""Turns the exception that ended a request into an `application/problem+json` response."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
)
from litestar.types import Scope, Send

from plccoach_api import logs, problems
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.problems import FieldError, Problem

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

_V1 = "/v1/"
_NO_SUCH_ADDRESS = (
    "The coach has only /v1/models and /v1/chat/completions. Choose chat completions in your program, not responses."
)
_SERVER_ERRORS = 500
_OPENAI_TYPES = {403: "permission_error", 429: "rate_limit_error"}
_OPENAI: dict[type[Problem], tuple[str, str]] = {
    problems.NotSignedIn: ("authentication_error", "invalid_api_key"),
    problems.TooManyRequests: ("rate_limit_error", "rate_limit_exceeded"),
    problems.CostCeilingReached: ("insufficient_quota", "insufficient_quota"),
}


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type` is urn:problem:<slug>, `instance` is urn:request:<request id>; an invalid body has `errors`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldError, ...] = ()


class OpenAIFailure(msgspec.Struct, frozen=True):
    message: str
    type: str
    code: str
    param: str | None


class OpenAIError(msgspec.Struct, frozen=True):
    """The body of an error below /v1, in the shape that the clients of OpenAI's protocol know."""

    error: OpenAIFailure


def to_problem(error: Exception) -> Problem:
    """Returns the problem that the client receives. An exception that is not expected here becomes InternalError."""
    match error:
        case Problem():
            return error
        case _ if isinstance(error, UNAVAILABLE):
            return problems.DatabaseUnavailable()
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
    content, media_type = _body(problem, request.scope)
    return Response(content, status_code=problem.status, headers=problem.headers, media_type=media_type)


async def send(problem: Problem, scope: Scope, send: Send) -> None:
    """Sends the problem from a middleware that refuses a request before Litestar sees it."""
    body, media_type = _body(problem, scope)
    headers = {"Content-Type": media_type, "Content-Length": str(len(body)), **problem.headers}
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


def in_words(problem: Problem) -> str:
    """Returns the detail with the faults and the time to wait, for clients that show only a message."""
    sentences = [problem.detail, *(f"{error.field}: {error.message}" for error in problem.errors)]
    if isinstance(problem, problems.TooManyRequests):
        sentences.append(f"Try again in {problem.headers['Retry-After']} seconds.")
    return " ".join(sentences)


def openai_error(problem: Problem) -> OpenAIError:
    kind, code = _OPENAI.get(type(problem), (_OPENAI_TYPES.get(problem.status, "invalid_request_error"), None))
    if problem.status >= _SERVER_ERRORS:
        kind = "server_error"
    return OpenAIError(
        OpenAIFailure(
            message=in_words(problem),
            type=kind,
            code=code or problem.slug.replace("-", "_"),
            param=problem.errors[0].field if problem.errors else None,
        )
    )


def _body(problem: Problem, scope: Scope) -> tuple[bytes, str]:
    """Returns the body and its media type."""
    if scope["path"].startswith(_V1):
        if type(problem) is problems.NotFound:
            problem = problems.NotFound(_NO_SUCH_ADDRESS)
        return _encode(openai_error(problem)), "application/json"
    return _encode(details(problem, str(scope.get("request_id", "unknown")))), MEDIA_TYPE


def details(problem: Problem, request_id: str) -> ProblemDetails:
    return ProblemDetails(
        type=problem.urn(),
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=f"urn:request:{request_id}",
        errors=problem.errors,
    )
