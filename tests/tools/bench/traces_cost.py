"""Measures what traces cost: the processor time of `/auth/me` with and without them, and that of the thread that sends.

`a tenth` has traces of one request in ten. The collector is another process, so its time is not in the figures.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from litestar import Litestar
from litestar.types import ASGIApp

from plccoach_api import settings
from plccoach_api.middleware.tracing import Tracing
from plccoach_api.tracing.tracer import Tracer
from tests.tools.bench.middleware_cost import compare

# It prints how many spans have come when it is asked.
_COLLECTOR = """
import tests.collector
with tests.collector.collecting() as collector:
    print(collector.url, flush=True)
    input()
    print(len(collector.spans), flush=True)
"""


def main() -> None:
    command = [sys.executable, "-c", _COLLECTOR]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as collector:
        assert collector.stdin
        assert collector.stdout
        url = collector.stdout.readline().strip()
        try:
            compare(lambda app, _: _variants(app, url), program="traces_cost", description=__doc__)
            seconds = sum(map(_processor_seconds, threading.enumerate()))
            collector.stdin.write("\n")
            collector.stdin.flush()
            spans = int(collector.stdout.readline())
            print(f"sending  {seconds / spans * 1e6:4.0f} µs for each of {spans} spans")
        finally:
            collector.kill()


def _variants(app: Litestar, url: str) -> Mapping[str, ASGIApp]:
    tenth = {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"}
    return {"with": _traced(app, url), "a tenth": _traced(app, url, **tenth)}


def _traced(app: Litestar, url: str, **variables: str) -> ASGIApp:
    loaded = settings.load({"OTEL_EXPORTER_OTLP_ENDPOINT": url, **variables}, None)
    tracer = Tracer(loaded, loaded.traces or {})
    tracer.open()
    return Tracing(app, tracer=tracer)  # type: ignore[return-value]


def _processor_seconds(thread: threading.Thread) -> float:
    """Returns the processor time of a thread that sends spans, and 0 for any other thread."""
    if thread.ident is None or not thread.name.startswith("OtelBatchSpan"):
        return 0
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


if __name__ == "__main__":
    main()
