"""Measures what the metrics cost: the processor time of `/auth/me` with and without them."""

import os
from collections.abc import Mapping
from pathlib import Path

from litestar import Litestar
from litestar.types import ASGIApp

from plccoach_api import metrics
from plccoach_api.middleware.measurement import Measurement
from tests.tools.bench.middleware_cost import compare


def main() -> None:
    compare(_with_metrics, program="metrics_cost", description=__doc__)


def _with_metrics(app: Litestar, folder: Path) -> Mapping[str, ASGIApp]:
    # prometheus-client reads this when it is imported, which `metrics.enable` does.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    metrics.enable()
    return {"with": Measurement(app)}  # type: ignore[dict-item]


if __name__ == "__main__":
    main()
