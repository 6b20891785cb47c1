"""The error of a request to a model."""


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
