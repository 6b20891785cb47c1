"""The circuit breaker, with a clock that the test sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.llm.circuit_breaker import Admission, CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(clock)


def admitted(breaker: CircuitBreaker) -> Admission:
    admission = breaker.admit()
    assert admission
    return admission


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        admitted(breaker).record_failure()


def is_closed(breaker: CircuitBreaker) -> bool:
    return breaker.closed


def test_five_failures_in_a_row_open_the_circuit_breaker(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    assert is_closed(breaker)
    fail(breaker, 1)
    assert not is_closed(breaker)
    assert breaker.admit() is None


def test_a_success_resets_the_count_of_failures(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    admitted(breaker).record_success()
    fail(breaker, 4)
    assert is_closed(breaker)


def test_a_released_admission_does_not_change_the_count(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    admitted(breaker).release()
    assert is_closed(breaker)
    fail(breaker, 1)
    assert not is_closed(breaker)


def test_after_twenty_seconds_exactly_one_probe_is_admitted(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 19.5
    assert breaker.admit() is None
    clock.now += 0.5
    assert breaker.admit()
    assert breaker.admit() is None


def test_a_successful_probe_closes_the_circuit_breaker(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    admitted(breaker).record_success()
    assert is_closed(breaker)
    fail(breaker, 4)
    assert is_closed(breaker)


def test_a_failed_probe_opens_the_circuit_breaker_for_the_same_time_again(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 5)
    clock.now += 30
    fail(breaker, 1)
    clock.now += 19.5
    assert breaker.admit() is None
    clock.now += 0.5
    assert breaker.admit()


def test_after_a_released_probe_another_probe_is_admitted(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 30
    admitted(breaker).release()
    assert not is_closed(breaker)
    assert breaker.admit()


def test_admissions_that_are_older_than_the_opening_do_not_end_the_probe(breaker: CircuitBreaker, clock: Clock) -> None:
    late = [admitted(breaker) for _ in range(2)]
    fail(breaker, 5)
    clock.now += 30
    admitted(breaker)
    late[0].record_failure()
    late[1].release()
    assert breaker.admit() is None


def test_a_late_success_closes_the_circuit_breaker(breaker: CircuitBreaker) -> None:
    late = admitted(breaker)
    fail(breaker, 5)
    late.record_success()
    assert is_closed(breaker)


def test_a_circuit_breaker_opens_after_its_own_number_of_failures_for_its_own_time(clock: Clock) -> None:
    breaker = CircuitBreaker(clock, failures=3, open_seconds=600)
    fail(breaker, 2)
    assert is_closed(breaker)
    fail(breaker, 1)
    clock.now += 599
    assert breaker.admit() is None
    clock.now += 1
    assert breaker.admit()


@given(st.lists(st.sampled_from(["record_success", "record_failure", "release", "wait"])))
def test_after_every_sequence_of_events_and_thirty_seconds_a_request_is_admitted(events: list[str]) -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    for event in events:
        if event == "wait":
            clock.now += 7
        elif admission := breaker.admit():
            getattr(admission, event)()
    clock.now += 30
    assert breaker.admit()
