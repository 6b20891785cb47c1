"""Reads the metrics of a service as Prometheus does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tests.live import NO_AUTHORITIES

Series = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Scrape:
    text: str

    def samples(self, name: str, **labels: str) -> Iterator[Sample]:
        """Yields the samples of this name that have these labels, whatever other labels they have."""
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    yield sample

    def value(self, name: str, **labels: str) -> float:
        """Returns the sum of the samples."""
        return sum(sample.value for sample in self.samples(name, **labels))

    def label_values(self, name: str, label: str) -> set[str]:
        return {sample.labels[label] for sample in self.samples(name)}

    def counts(self) -> Mapping[Series, float]:
        """Returns everything that never falls: counters, and the parts of histograms."""
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(self.text)
            if family.type in {"counter", "histogram"}
            for sample in family.samples
        }


def scrape(port: int) -> Scrape:
    response = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10, verify=NO_AUTHORITIES)
    assert response.status_code == 200
    return Scrape(response.text)
