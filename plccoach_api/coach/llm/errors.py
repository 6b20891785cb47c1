"""The error of a request to a model."""

import re
from typing import Final

DEADLINE_PASSED: Final = "the deadline passed"
TIMED_OUT: Final = "the request timed out"
CONNECTION_FAILED: Final = "the connection failed"
INCOMPLETE: Final = "the response was incomplete"
EXCEEDS_CONTEXT: Final = "the prompt exceeds the context of the model"
_STATUS: Final = re.compile(r"status (\d)\d\d")
# The statuses that tell an operator what to do. All others are counted by their first digit.
_TELLING: Final = frozenset({"status 401", "status 403", "status 404", "status 429", "status 500", "status 503"})
_LABELS: Final = {
    TIMED_OUT: "timeout",
    DEADLINE_PASSED: "deadline",
    CONNECTION_FAILED: "connection",
    EXCEEDS_CONTEXT: "context",
}


class ModelError(Exception):
    """A request to a model failed. `reason` is our own text, so that nothing private from the service is logged."""

    def __init__(
        self,
        reason: str,
        *,
        retryable: bool = True,
        trips_breaker: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable
        """True when another request may succeed."""
        self.retry_after = retry_after
        """The seconds that the service asked us to wait before another request."""
        self.trips_breaker = trips_breaker
        """True when the failure is the service's fault, and so counts towards opening the circuit breaker."""

    @property
    def missed_deadline(self) -> bool:
        """True when the service was too slow for the deadline of the request."""
        return self.reason == DEADLINE_PASSED

    @property
    def timed_out(self) -> bool:
        """True when the service sent nothing for OPENAI_TIMEOUT."""
        return self.reason == TIMED_OUT

    @property
    def exceeds_context(self) -> bool:
        """True when a shorter prompt may be accepted."""
        return self.reason == EXCEEDS_CONTEXT

    @property
    def label(self) -> str:
        """The reason as the metrics name it: one of few."""
        if status := _STATUS.search(self.reason):
            return (status[0] if status[0] in _TELLING else f"status {status[1]}xx").replace(" ", "_")
        return _LABELS.get(self.reason, "response")
