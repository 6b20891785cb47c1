"""The failures of a request, one small class for each.

`title` and `detail` are sent to the client, and the docstring becomes the description in the OpenAPI document. `detail`
is written for the person who reads it; it never holds an exception's text, SQL or the name of a host.
"""

from typing import ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """The fault of one field of the body or of one parameter.

    `field` is the name that the client sent, such as `title` or `book_ids[1]`, or `body` for the body as a whole.
    `message` is a sentence to show beside the field.
    """

    field: str
    message: str


class Problem(Exception):
    """A failure that the client receives as problem details (RFC 9457)."""

    status: ClassVar[int]
    slug: ClassVar[str]
    title: ClassVar[str]
    detail: str

    @classmethod
    def urn(cls) -> str:
        return f"urn:problem:{cls.slug}"

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: tuple[FieldError, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        if detail is not None:
            self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        super().__init__(self.detail)


class InvalidInput(Problem):
    """The body or a parameter is not valid; `errors` names the fields."""

    status = 400
    slug = "invalid-input"
    title = "Invalid input"
    detail = "The request does not match what this address accepts."


class InvalidCursor(Problem):
    """The cursor is damaged, or it belongs to another list or another user."""

    status = 400
    slug = "invalid-cursor"
    title = "Invalid cursor"
    detail = "This cursor does not belong to this list. Start again without a cursor."


class MalformedRequest(Problem):
    """The request has no `Host` header or more than one, or its body is damaged or incomplete."""

    status = 400
    slug = "malformed-request"
    title = "Malformed request"
    detail = "A request must have exactly one Host header."


class NotSignedIn(Problem):
    """The request has no session and no personal token, or the one that it has is not valid any more."""

    status = 401
    slug = "not-signed-in"
    title = "Not signed in"
    detail = "Sign in to use this."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class NotAllowed(Problem):
    """The user is not an administrator."""

    status = 403
    slug = "not-allowed"
    title = "Not allowed"
    detail = "Only administrators may do this."


class TokenNotAllowed(Problem):
    """The request has a personal token, and this needs a session."""

    status = 403
    slug = "token-not-allowed"
    title = "Not with a token"
    detail = "A personal token may not do this. Sign in with a browser."


class OriginRefused(Problem):
    """A page of another origin sent this change."""

    status = 403
    slug = "origin-refused"
    title = "Origin refused"
    detail = "Requests from this origin are not accepted."


class NotFound(Problem):
    """The resource does not exist, or it belongs to somebody else; the response is the same."""

    status = 404
    slug = "not-found"
    title = "Not found"
    detail = "This does not exist, or you may not see it."


class ModelNotFound(NotFound):
    """`model` is not the name of the coach. It occurs only below /v1, where no problem details are sent."""

    slug = "model-not-found"
    title = "Model not found"
    detail = "The only model of this service is plc-coach."


class MethodNotAllowed(Problem):
    """The address does not support this method; `Allow` lists the methods that it supports."""

    status = 405
    slug = "method-not-allowed"
    title = "Method not allowed"
    detail = "This address does not support this method."


class AnswerInProgress(Problem):
    """Another answer of this conversation is still being generated."""

    status = 409
    slug = "answer-in-progress"
    title = "Answer in progress"
    detail = "The coach is still answering in this conversation. Ask again when it has finished."


class NotAnAnswer(Problem):
    """The message is not one of the coach's answers, so it cannot be rated, stopped or streamed."""

    status = 409
    slug = "not-an-answer"
    title = "Not an answer"
    detail = "This is possible only with the coach's answers."


class ExportTooLong(Problem):
    """The conversation is too long for a PDF; the other formats have no limit."""

    status = 409
    slug = "export-too-long"
    title = "Too long for a PDF"
    detail = "This conversation is too long for a PDF. Download it as Markdown, text or JSON."


class PreconditionFailed(Problem):
    """The resource has changed since the version that `If-Match` names."""

    status = 412
    slug = "precondition-failed"
    title = "Changed meanwhile"
    detail = "This has changed since you read it. Read it again, then change it."


class IdempotencyKeyReused(Problem):
    """The `Idempotency-Key` was already sent with a different request."""

    status = 422
    slug = "idempotency-key-reused"
    title = "Idempotency key reused"
    detail = "This Idempotency-Key was used for another request. Use a new key for each question."


class RequestTimeout(Problem):
    """The body did not arrive in time."""

    status = 408
    slug = "request-timeout"
    title = "Request timeout"
    detail = "The request's body did not arrive in time."


class LastAdministrator(Problem):
    """The change would leave an organization without an active administrator."""

    status = 409
    slug = "last-administrator"
    title = "Last administrator"
    detail = "This is the last active administrator. Make somebody else an administrator first."


class TooManyTokens(Problem):
    """The person has as many valid personal tokens as are allowed."""

    status = 409
    slug = "too-many-tokens"
    title = "Too many tokens"
    detail = "You have 20 tokens already. End one that you no longer use."


class BodyTooLarge(Problem):
    """The body is larger than 1 MiB."""

    status = 413
    slug = "body-too-large"
    title = "Body too large"
    detail = "The body of a request may be at most 1 MiB."


class UnsupportedMediaType(Problem):
    """The `Content-Type` of the body is not `application/json`."""

    status = 415
    slug = "unsupported-media-type"
    title = "Unsupported media type"
    detail = "Send the body as application/json."


class TooManyRequests(Problem):
    """The rate limit is reached; `Retry-After` says when the next request is accepted."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"
    detail = "Too many requests were sent. Wait a moment and try again."

    def __init__(self, detail: str | None = None, *, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class CostCeilingReached(Problem):
    """The organization has reached the cost ceiling of this month."""

    status = 429
    slug = "cost-ceiling-reached"
    title = "Cost ceiling reached"
    detail = "Your organization has used this month's budget for the coach. Ask again next month."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})


class HeadersTooLarge(Problem):
    """The headers are larger than 64 KiB in total."""

    status = 431
    slug = "headers-too-large"
    title = "Headers too large"
    detail = "The headers of a request may be at most 64 KiB in total."


class InternalError(Problem):
    """An unexpected error of the service; the log holds the cause under the request's id."""

    status = 500
    slug = "internal-error"
    title = "Internal error"
    detail = "Something went wrong on our side. The request id helps us find it."


class DatabaseUnavailable(Problem):
    """The database is unreachable, is starting, is read-only, or has no free connection."""

    status = 503
    slug = "database-unavailable"
    title = "Database unavailable"
    detail = "The service cannot reach its data right now. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class NotReady(Problem):
    """The schema or the sample corpus is still being prepared, or the service is stopping. Nothing was stored."""

    status = 503
    slug = "not-ready"
    title = "Not ready"
    detail = "The service is still preparing its data. Try again in a moment."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "2"})


class ExportsBusy(Problem):
    """Other exports are still running: several of the same person, or as many as the service runs at once."""

    status = 503
    slug = "exports-busy"
    title = "Exports busy"
    detail = "Other downloads are still being prepared. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "10"})


class CoachUnavailable(Problem):
    """The books or the model are unreachable, or the service stopped. The question is stored, with a failed answer."""

    status = 503
    slug = "coach-unavailable"
    title = "Coach unavailable"
    detail = "The coach cannot answer right now. Your question is saved. Try again in a moment."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "5"})


KINDS: tuple[type[Problem], ...] = tuple(Problem.__subclasses__())
"""Every kind of problem, in the order of this file."""
