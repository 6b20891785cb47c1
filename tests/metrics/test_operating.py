"""The alerts and the dashboard use only metrics and labels that exist. tests/system reads the rules with promtool."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from plccoach_api import metrics
from plccoach_api.metrics.instruments import Histogram

OPERATING = Path(__file__).parents[2] / "docs" / "operating"
ALERTS = yaml.safe_load((OPERATING / "alerts.yml").read_text("utf-8"))
DASHBOARD = json.loads((OPERATING / "dashboard.json").read_text("utf-8"))

# Prometheus adds these to every metric, or to the buckets of a histogram.
_OF_PROMETHEUS = {"job", "instance", "le"}
_SELECTOR = re.compile(r"\b(?P<name>(?:plccoach|http_server|gen_ai_client)_\w+)(?:\{(?P<labels>[^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*[=!]~?\s*\"")
_GROUPING = re.compile(r"\bby \(([^)]*)\)")


def series() -> dict[str, set[str]]:
    """Returns the labels of each time series."""
    found: dict[str, set[str]] = {}
    for each in metrics.ALL:
        parts = ("_bucket", "_count", "_sum") if isinstance(each, Histogram) else ("",)
        found |= {each.name + part: {*each.labels} | _OF_PROMETHEUS for part in parts}
    return found


def rules() -> list[dict[str, Any]]:
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("place", "expression"), [*expressions()])
def test_an_expression_uses_only_metrics_and_labels_that_exist(place: str, expression: str) -> None:
    known = series()
    used = [*_SELECTOR.finditer(expression)]
    assert used or expression.startswith("up{"), place
    for selector in used:
        assert selector["name"] in known, place
        assert {*_LABEL.findall(selector["labels"] or "")} <= known[selector["name"]], place
    # `class` is made by label_replace.
    grouped = {label.strip() for labels in _GROUPING.findall(expression) for label in labels.split(",")} - {"class"}
    # `group_left` adds a label of one metric to another.
    possible = any if "group_left" in expression else all
    assert all(possible(label in known[selector["name"]] for selector in used) for label in grouped), place


def test_the_dashboard_shows_every_metric() -> None:
    shown = {selector["name"] for _, expression in expressions() for selector in _SELECTOR.finditer(expression)}
    for each in metrics.ALL:
        assert any(name.startswith(each.name) for name in shown), each.name


def test_every_alert_says_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"].keys() == {"summary", "action"}


def test_no_two_panels_of_the_dashboard_overlap() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])

    def squares(panel: dict[str, Any]) -> set[tuple[int, int]]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        return {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }

    for one, other in combinations(DASHBOARD["panels"], 2):
        assert not squares(one) & squares(other), (one["title"], other["title"])
