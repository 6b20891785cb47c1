"""The number of time series has a limit, and nothing is counted before the metrics are switched on."""

import pytest
from prometheus_client import CollectorRegistry

from plccoach_api.metrics.instruments import Counter, Gauge, Histogram


def test_nothing_is_counted_before_the_metrics_are_switched_on() -> None:
    registry = CollectorRegistry()
    counter = Counter("things_total", "Things")
    counter.inc()
    counter.enable(registry)
    counter.inc(by=2)
    assert registry.get_sample_value("things_total") == 2


def test_label_values_beyond_the_limit_are_counted_together() -> None:
    registry = CollectorRegistry()
    counter = Counter("things_total", "Things", ["name"])
    counter.enable(registry)
    for number in range(2100):
        counter.inc(str(number))
    assert registry.get_sample_value("things_total", {"name": "1999"}) == 1
    assert registry.get_sample_value("things_total", {"name": "2000"}) is None
    assert registry.get_sample_value("things_total", {"name": "other"}) == 100


def test_sums_are_the_same_in_every_order() -> None:
    registry = CollectorRegistry()
    counter = Counter("seconds_total", "Seconds", ["order"])
    counter.enable(registry)
    for seconds in (0.1, 0.2, 0.3):
        counter.inc("up", by=seconds)
    for seconds in (0.3, 0.2, 0.1):
        counter.inc("down", by=seconds)
    up, down = (registry.get_sample_value("seconds_total", {"order": order}) for order in ("up", "down"))
    assert up == down == pytest.approx(0.6)


def test_a_gauge_falls_again_when_its_block_fails() -> None:
    registry = CollectorRegistry()
    gauge = Gauge("guests", "Guests")
    gauge.enable(registry)

    def fail() -> None:
        with gauge.held():
            assert registry.get_sample_value("guests") == 1
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert registry.get_sample_value("guests") == 0


def test_a_bucket_counts_the_durations_that_were_not_longer() -> None:
    registry = CollectorRegistry()
    histogram = Histogram("stay_seconds", "Seconds", ["route"], buckets=(0.1, 1))
    histogram.enable(registry)
    histogram.observe_all((0.05, 0.1, 0.3, 1), "/")
    histogram.observe(2.5, "/")

    def value(part: str, **labels: str) -> float | None:
        return registry.get_sample_value(f"stay_seconds_{part}", {"route": "/"} | labels)

    assert value("sum") == pytest.approx(3.95)
    assert (value("count"), value("bucket", le="+Inf")) == (5, 5)
    assert (value("bucket", le="0.1"), value("bucket", le="1.0")) == (2, 4)
