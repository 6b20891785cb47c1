"""Every way a request can fail, one small class each. What a class says is what the client reads.

`detail` is written for the person who will see it; never an exception's text, SQL or a host's name.
"""

from typing import ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field of a body or one parameter."""

    field: str
    message: str


class Problem(Exception):
    """A failure that is told to the client as problem details (RFC 9457)."""

    status: ClassVar[int]
    slug: ClassVar[str]
    title: ClassVar[str]
    detail: str

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
    """A body or a parameter that does not fit; `errors` names the fields."""

    status = 400
    slug = "invalid-input"
    title = "Invalid input"
    detail = "The request does not fit what this address accepts."


class InvalidCursor(Problem):
    """A cursor that was broken, or made for another list or another person."""

    status = 400
    slug = "invalid-cursor"
    title = "Invalid cursor"
    detail = "This cursor does not belong to this list. Begin again without one."


class MalformedRequest(Problem):
    """A request that does not say which host it is for, or names several."""

    status = 400
    slug = "malformed-request"
    title = "Malformed request"
    detail = "A request must have exactly one Host header."


class NotSignedIn(Problem):
    """No session, or one that has ended."""

    status = 401
    slug = "not-signed-in"
    title = "Not signed in"
    detail = "Sign in to use this."


class NotAllowed(Problem):
    """Signed in, but not as somebody who may do this."""

    status = 403
    slug = "not-allowed"
    title = "Not allowed"
    detail = "This is for administrators."


class OriginRefused(Problem):
    """A change asked for by a page of another origin."""

    status = 403
    slug = "origin-refused"
    title = "Origin refused"
    detail = "Requests from this origin are not accepted."


class NotFound(Problem):
    """Not there, or not yours: the two can't be told apart."""

    status = 404
    slug = "not-found"
    title = "Not found"
    detail = "There is nothing here, or nothing that you may see."


class MethodNotAllowed(Problem):
    """`Allow` names the methods that this address knows."""

    status = 405
    slug = "method-not-allowed"
    title = "Method not allowed"
    detail = "This address does not accept this method."


class AnswerInProgress(Problem):
    """A question while another answer of the same conversation is being generated."""

    status = 409
    slug = "answer-in-progress"
    title = "Answer in progress"
    detail = "The coach is still answering in this conversation. Ask again when it has finished."


class NotAnAnswer(Problem):
    """Feedback on a message that the coach did not write, or a wish to stop or follow it."""

    status = 409
    slug = "not-an-answer"
    title = "Not an answer"
    detail = "This can be done with the coach's answers only."


class PreconditionFailed(Problem):
    """`If-Match` names a state that is no longer the current one."""

    status = 412
    slug = "precondition-failed"
    title = "Changed meanwhile"
    detail = "This has changed since you read it. Read it again, then change it."


class IdempotencyKeyReused(Problem):
    """An `Idempotency-Key` that was sent before, with another request."""

    status = 422
    slug = "idempotency-key-reused"
    title = "Idempotency key reused"
    detail = "This Idempotency-Key was used for another request. Use a new key for each question."


class RequestTimeout(Problem):
    """A body that did not arrive in time."""

    status = 408
    slug = "request-timeout"
    title = "Request timeout"
    detail = "The request's body did not arrive in time."


class LastAdministrator(Problem):
    """A change that would leave an organization without an active administrator."""

    status = 409
    slug = "last-administrator"
    title = "Last administrator"
    detail = "This is the last active administrator. Make somebody else an administrator first."


class BodyTooLarge(Problem):
    """A body over 1 MiB."""

    status = 413
    slug = "body-too-large"
    title = "Body too large"
    detail = "A request's body may have 1 MiB at most."


class UnsupportedMediaType(Problem):
    """A body that is not JSON, or does not say that it is."""

    status = 415
    slug = "unsupported-media-type"
    title = "Unsupported media type"
    detail = "Send the body as application/json."


class TooManyRequests(Problem):
    """More requests than are accepted in that time; `Retry-After` says when there will be room."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"
    detail = "That was often. Wait a moment and try again."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})


class CostCeilingReached(Problem):
    """A question of an organization that has spent on answers what it may this month."""

    status = 429
    slug = "cost-ceiling-reached"
    title = "Cost ceiling reached"
    detail = "Your organization has used up what it may spend on the coach this month. Ask again next month."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})


class HeadersTooLarge(Problem):
    """Headers over 64 KiB in all."""

    status = 431
    slug = "headers-too-large"
    title = "Headers too large"
    detail = "A request's headers may have 64 KiB at most."


class InternalError(Problem):
    """A fault of ours; the log has it under the request's id."""

    status = 500
    slug = "internal-error"
    title = "Internal error"
    detail = "Something went wrong on our side. The request id helps us find it."


class DatabaseUnavailable(Problem):
    """The database is away, starting, or has no connection to spare."""

    status = 503
    slug = "database-unavailable"
    title = "Database unavailable"
    detail = "The service cannot reach its data right now. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class NotReady(Problem):
    """The database is there, but its schema or the sample corpus is still being prepared."""

    status = 503
    slug = "not-ready"
    title = "Not ready"
    detail = "The service is still preparing its data. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class CoachUnavailable(Problem):
    """What the coach answers with is away; the question is kept, and its answer is marked as failed."""

    status = 503
    slug = "coach-unavailable"
    title = "Coach unavailable"
    detail = "The coach cannot answer right now. Your question is kept. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
