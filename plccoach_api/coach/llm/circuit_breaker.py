"""A circuit breaker: it stops requests to a failing service for a while, then lets one through."""

import time
from collections.abc import Callable

from plccoach_api import metrics
from plccoach_api.metrics.instruments import Gauge


class CircuitBreaker:
    """A closed breaker admits every request. Some failures in a row open it, and then it admits none.

    After `open_seconds` it admits one request as a probe (half-open). The success of the probe closes the breaker. Its
    failure opens the breaker for the same time again.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        failures: int = 5,
        open_seconds: float = 20.0,
        gauge: Gauge | None = metrics.OPEN_BREAKERS,
    ) -> None:
        self._clock = clock
        self._most_failures = failures
        self._open_seconds = open_seconds
        self._gauge = gauge
        self._failures = 0
        self._opened_at: float | None = None
        self._probe: Admission | None = None

    @property
    def closed(self) -> bool:
        return self._opened_at is None

    def admit(self) -> "Admission | None":
        """Returns None when no request may be sent. Otherwise the caller reports the outcome to the admission."""
        admission = Admission(self)
        if self._opened_at is None:
            return admission
        if self._probe or self._clock() - self._opened_at < self._open_seconds:
            return None
        self._probe = admission
        return admission

    def _record_success(self) -> None:
        if self._gauge and not self.closed:
            self._gauge.set(0)
        self._failures, self._opened_at, self._probe = 0, None, None

    def _record_failure(self, admission: "Admission") -> None:
        # A request that was admitted before the breaker opened neither extends nor ends the pause.
        self._failures += 1
        if admission is self._probe or (self._opened_at is None and self._failures >= self._most_failures):
            self._opened_at, self._probe = self._clock(), None
            if self._gauge:
                self._gauge.set(1)

    def _release(self, admission: "Admission") -> None:
        if admission is self._probe:
            self._probe = None


class Admission:
    """The permission for one request. Its holder reports how the request ended."""

    __slots__ = ("_breaker",)

    def __init__(self, breaker: CircuitBreaker) -> None:
        self._breaker = breaker

    def record_success(self) -> None:
        self._breaker._record_success()  # noqa: SLF001 - the breaker's other half

    def record_failure(self) -> None:
        self._breaker._record_failure(self)  # noqa: SLF001

    def release(self) -> None:
        """Reports an end that says nothing about the service: the request was cancelled, or the fault was ours.

        Does nothing after `record_success` or `record_failure`.
        """
        self._breaker._release(self)  # noqa: SLF001
