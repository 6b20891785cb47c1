"""Measures what traces cost: the processor time of `/auth/me` with and without them, its thread that sends included.

`a tenth` has traces of one request in ten. The collector is another process, so its time is not in the figures.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from litestar import Litestar
from litestar.types import ASGIApp

from plccoach_api import settings
from plccoach_api.middleware.tracing import Tracing
from plccoach_api.tracing.tracer import Tracer
from tests.tools.bench.middleware_cost import compare

_COLLECTOR = """
import tests.collector
with tests.collector.collecting() as collector:
    print(collector.url, flush=True)
    input()
"""


def main() -> None:
    command = [sys.executable, "-c", _COLLECTOR]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as collector:
        assert collector.stdout
        url = collector.stdout.readline().strip()

        def with_traces(app: Litestar, _: Path) -> Mapping[str, ASGIApp]:
            tenth = {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"}
            return {"with": _traced(app, url), "a tenth": _traced(app, url, **tenth)}

        try:
            compare(with_traces, program="traces_cost", description=__doc__)
        finally:
            collector.kill()


def _traced(app: Litestar, url: str, **variables: str) -> ASGIApp:
    loaded = settings.load({"OTEL_EXPORTER_OTLP_ENDPOINT": url, **variables}, None)
    tracer = Tracer(loaded, loaded.traces or {})
    tracer.open()
    return Tracing(app, tracer=tracer)  # type: ignore[return-value]


if __name__ == "__main__":
    main()
