"""The benchmarks detect when the processor is throttled."""

import pytest

from tests.tools.bench.throttled import Throttled, throttled_phases


def samples(*seconds: float) -> list[tuple[float, float]]:
    """One sample every 10 ms, from the moment 100."""
    return [(100 + number / 100, each) for number, each in enumerate(seconds)]


def test_consecutive_slow_samples_are_one_phase_that_ends_a_little_after_the_last_sample() -> None:
    usual = [50e-6] * 20

    [phase] = throttled_phases(samples(*usual, 450e-6, 300e-6, 200e-6, 90e-6, *usual))

    assert phase == pytest.approx((100.19, 100.27))


def test_a_slow_sample_soon_after_a_phase_extends_that_phase() -> None:
    usual = [50e-6] * 20

    found = throttled_phases(samples(*usual, 450e-6, 50e-6, 50e-6, 450e-6, *usual, 450e-6, *usual))

    assert [(round(since - 100, 2), round(until - 100, 2)) for since, until in found] == [(0.19, 0.28), (0.43, 0.49)]


def test_work_that_takes_twice_as_long_is_no_phase_of_throttling() -> None:
    assert throttled_phases(samples(*[50e-6] * 20, 100e-6, 120e-6, *[50e-6] * 20)) == []


def test_the_share_counts_only_the_phases_within_the_period() -> None:
    throttled = Throttled([(1.0, 2.0), (5.0, 7.0)])

    assert throttled.share(0.0, 10.0) == pytest.approx(0.3)
    assert throttled.share(1.5, 5.5) == pytest.approx(0.25)
    assert [moment in throttled for moment in (0.9, 1.0, 2.0, 2.1, 6.0, 7.1)] == [False, True, True, False, True, False]
