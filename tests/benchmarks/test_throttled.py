"""How the benchmarks detect throttling of the processor."""

import pytest

from tests.tools.bench.throttled import Throttled, spells


def samples(*seconds: float) -> list[tuple[float, float]]:
    """One sample every 10 ms, from the moment 100."""
    return [(100 + number / 100, each) for number, each in enumerate(seconds)]


def test_work_that_takes_many_times_as_long_is_one_spell_that_ends_a_little_later() -> None:
    usual = [50e-6] * 20

    [spell] = spells(samples(*usual, 450e-6, 300e-6, 200e-6, 90e-6, *usual))

    assert spell == pytest.approx((100.19, 100.27))


def test_a_spell_soon_after_another_extends_it() -> None:
    usual = [50e-6] * 20

    found = spells(samples(*usual, 450e-6, 50e-6, 50e-6, 450e-6, *usual, 450e-6, *usual))

    assert [(round(since - 100, 2), round(until - 100, 2)) for since, until in found] == [(0.19, 0.28), (0.43, 0.49)]


def test_work_that_takes_twice_as_long_is_no_spell() -> None:
    assert spells(samples(*[50e-6] * 20, 100e-6, 120e-6, *[50e-6] * 20)) == []


def test_the_share_counts_only_the_spells_within_the_period() -> None:
    throttled = Throttled([(1.0, 2.0), (5.0, 7.0)])

    assert throttled.share(0.0, 10.0) == pytest.approx(0.3)
    assert throttled.share(1.5, 5.5) == pytest.approx(0.25)
    assert [moment in throttled for moment in (0.9, 1.0, 2.0, 2.1, 6.0, 7.1)] == [False, True, True, False, True, False]
