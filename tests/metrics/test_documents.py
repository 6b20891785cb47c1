"""docs/operating/metrics.md explains every metric, and no other."""

import re
from pathlib import Path

from plccoach_api import metrics
from plccoach_api.metrics.instruments import Counter, Histogram

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operating" / "metrics.md"

_ROW = re.compile(r"^\| `(?P<name>\w+)(?:\{(?P<labels>[\w, ]+)\})?` \|", re.MULTILINE)


def explained() -> dict[str, tuple[str, ...]]:
    """Returns the labels of each metric in the tables."""
    rows = _ROW.finditer(PAGE.read_text("utf-8"))
    return {row["name"]: tuple((row["labels"] or "").replace(" ", "").split(",")) for row in rows}


def test_the_page_explains_every_metric_with_its_labels() -> None:
    assert explained() == {each.name: each.labels or ("",) for each in metrics.ALL}


def test_the_names_follow_the_rules_of_prometheus() -> None:
    for each in metrics.ALL:
        assert isinstance(each, Counter) == each.name.endswith("_total")
        assert isinstance(each, Histogram) == each.name.endswith(("duration_seconds", "first_chunk_seconds"))
