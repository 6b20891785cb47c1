"""Counters, gauges and histograms that do nothing until `enable` is called. Then they are those of prometheus-client.

A process without METRICS_PORT never imports prometheus-client: there, each of these calls only compares with None.
"""

import collections
import time
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    import prometheus_client
    from prometheus_client import CollectorRegistry

    AnyMetric: TypeAlias = prometheus_client.Counter | prometheus_client.Gauge | prometheus_client.Histogram

Metric = TypeVar("Metric", bound="AnyMetric")
Mode: TypeAlias = Literal["livesum", "livemax"]
"""How the values of several processes become one. Both modes forget a process that has died."""

# Every label has few values. This limit keeps the memory bounded if one day one has not.
_MOST_SERIES = 2000
_OTHER = "other"
# Amounts are multiples of this power of two, so that sums are exact in every order. Otherwise the sum over the
# processes could fall by its last bit when one of them ends, and Prometheus would take that for a restart.
_UNIT = 2.0**-24


class Instrument(ABC, Generic[Metric]):
    """A metric with its labels. Each combination of values of the labels is a time series."""

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        self.name = name
        self.meaning = meaning
        self.labels = tuple(labels)
        self._metric: Metric | None = None
        self._series: dict[tuple[str, ...], Metric] = {}

    @abstractmethod
    def _make(self, registry: "CollectorRegistry") -> Metric: ...

    def enable(self, registry: "CollectorRegistry") -> None:
        self._metric = self._make(registry)

    @property
    def is_enabled(self) -> bool:
        return self._metric is not None

    def _of(self, metric: Metric, values: tuple[str, ...]) -> Metric:
        series = self._series.get(values)
        if series is None:
            if len(self._series) >= _MOST_SERIES:
                values = tuple(_OTHER for _ in values)
            series = cast("Metric", metric.labels(*values)) if values else metric
            self._series[values] = series
        return series


def _exact(amount: float) -> float:
    return round(amount / _UNIT) * _UNIT


class Counter(Instrument["prometheus_client.Counter"]):
    """A number that only grows. Its name ends in `_total`."""

    def _make(self, registry: "CollectorRegistry") -> "prometheus_client.Counter":
        import prometheus_client  # noqa: PLC0415 - only with METRICS_PORT

        return prometheus_client.Counter(self.name, self.meaning, self.labels, registry=registry)

    def inc(self, *values: str, by: float = 1) -> None:
        if self._metric is not None:
            self._of(self._metric, values).inc(_exact(by))


class Gauge(Instrument["prometheus_client.Gauge"]):
    """A number that grows and falls."""

    def __init__(self, name: str, meaning: str, labels: Sequence[str] = (), *, mode: Mode = "livesum") -> None:
        super().__init__(name, meaning, labels)
        self._mode = mode

    def _make(self, registry: "CollectorRegistry") -> "prometheus_client.Gauge":
        import prometheus_client  # noqa: PLC0415 - only with METRICS_PORT

        return prometheus_client.Gauge(
            self.name, self.meaning, self.labels, registry=registry, multiprocess_mode=self._mode
        )

    def set(self, value: float, *values: str) -> None:
        if self._metric is not None:
            self._of(self._metric, values).set(value)

    def set_to_now(self, *values: str) -> None:
        self.set(time.time(), *values)

    def add(self, difference: float, *values: str) -> None:
        if self._metric is not None:
            self._of(self._metric, values).inc(difference)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Counts one more while the block runs."""
        self.add(1)
        try:
            yield
        finally:
            self.add(-1)


class Histogram(Instrument["prometheus_client.Histogram"]):
    """The distribution of durations in seconds. Each bucket counts those that were not longer."""

    def __init__(self, name: str, meaning: str, labels: Sequence[str], *, buckets: Sequence[float]) -> None:
        super().__init__(name, meaning, labels)
        self._buckets = tuple(buckets)

    def _make(self, registry: "CollectorRegistry") -> "prometheus_client.Histogram":
        import prometheus_client  # noqa: PLC0415 - only with METRICS_PORT

        return prometheus_client.Histogram(
            self.name, self.meaning, self.labels, registry=registry, buckets=self._buckets
        )

    def observe(self, seconds: float, *values: str) -> None:
        self.observe_all((seconds,), *values)

    def observe_all(self, seconds: Sequence[float], *values: str) -> None:
        """Stores many durations at once. prometheus-client has no public way for that, and would take much longer."""
        if self._metric is not None:
            series = self._of(self._metric, values)
            series._sum.inc(sum(map(_exact, seconds)))  # noqa: SLF001
            buckets = collections.Counter(bisect_left(self._buckets, each) for each in seconds)
            for bucket, count in buckets.items():
                series._buckets[bucket].inc(count)  # noqa: SLF001
