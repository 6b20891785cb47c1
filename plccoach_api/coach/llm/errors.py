"""How a request to a model fails."""


class ModelError(Exception):
    """A request to a model that failed. `reason` is in our words; nothing that the service said is in it."""

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
        """Whether another request may succeed."""
        self.retry_after = retry_after
        """Seconds to wait before it, when the service named them."""
        self.trips_breaker = trips_breaker
        """Whether the failure shows that the service is unwell, and so counts towards opening the circuit breaker."""
