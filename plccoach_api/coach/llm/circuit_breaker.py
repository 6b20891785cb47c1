"""A circuit breaker: a service that keeps failing is left alone for a while, then tried once."""

import time
from collections.abc import Callable

_FAILURES = 5
_OPEN_SECONDS = 20.0


class CircuitBreaker:
    """Closed, it lets everything through; after five failures in a row it is open and lets nothing.

    20 s later one caller may try (half-open): its success closes the breaker, its failure opens it
    for as long again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._probe: Admission | None = None

    @property
    def closed(self) -> bool:
        return self._opened_at is None

    def admit(self) -> "Admission | None":
        """None when the caller must not try; else what it tells how it went."""
        admission = Admission(self)
        if self._opened_at is None:
            return admission
        if self._probe or self._clock() - self._opened_at < _OPEN_SECONDS:
            return None
        self._probe = admission
        return admission

    def _succeeded(self) -> None:
        self._failures, self._opened_at, self._probe = 0, None, None

    def _failed(self, admission: "Admission") -> None:
        # One that was let in before the breaker opened neither prolongs nor ends the wait.
        self._failures += 1
        if admission is self._probe or (self._opened_at is None and self._failures >= _FAILURES):
            self._opened_at, self._probe = self._clock(), None

    def _withdrawn(self, admission: "Admission") -> None:
        if admission is self._probe:
            self._probe = None


class Admission:
    """One try. Whoever has it says how it went, or takes it back."""

    __slots__ = ("_breaker",)

    def __init__(self, breaker: CircuitBreaker) -> None:
        self._breaker = breaker

    def succeeded(self) -> None:
        self._breaker._succeeded()  # noqa: SLF001 - the breaker's other half

    def failed(self) -> None:
        self._breaker._failed(self)  # noqa: SLF001

    def withdrawn(self) -> None:
        """The try says nothing of the service: it was stopped, or the fault was our own."""
        self._breaker._withdrawn(self)  # noqa: SLF001
