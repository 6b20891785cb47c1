"""A service without traces, and one whose collector is away."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tests.collector import collecting
from tests.live import Service, environment, free_port, wait_until
from tests.tracing.conftest import SOON


def test_a_collector_that_is_away_harms_no_request_and_is_logged_now_and_then(
    start: Callable[..., Service], live_database_url: str
) -> None:
    service = start(
        DATABASE_URL=live_database_url,
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}",
        OTEL_EXPORTER_OTLP_TIMEOUT="3",
        OTEL_BSP_MAX_QUEUE_SIZE="50",
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE="10",
        **SOON,
    )
    service.wait_for()
    with service.client() as client:

        def is_reported() -> bool:
            assert client.get("/health").status_code == 200
            return any(line["event"] == "spans lost" for line in service.log())

        wait_until(is_reported, "the loss is logged", seconds=60)
        for _ in range(200):
            assert client.get("/health").status_code == 200
    assert service.stop() == 0
    lost, *again = [line for line in service.log() if line["event"] == "spans lost"]
    assert lost["level"] == "warning"
    assert lost["count"] > 0
    assert "Connection refused" in lost["reason"]
    times = [datetime.fromisoformat(line["timestamp"]) for line in (lost, *again)]
    assert all(later - earlier > timedelta(seconds=59) for earlier, later in pairwise(times))
    # Many more spans than these were lost.
    others = [line for line in service.log() if line["logger"].startswith(("opentelemetry", "urllib3"))]
    assert {line["event"] for line in others} <= {"Queue full, dropping Span."}
    assert len(others) < 20


def test_a_collector_that_never_answers_harms_no_request_and_no_stop(
    start: Callable[..., Service], live_database_url: str
) -> None:
    with collecting() as collector:
        collector.answers.clear()
        service = start(DATABASE_URL=live_database_url, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **SOON)
        service.wait_for()
        collector.wait_for_requests(1)
        with service.client() as client:
            assert client.get("/health").status_code == 200
        assert service.stop() == 0
        collector.answers.set()


def test_the_last_spans_are_sent_before_a_service_stops(start: Callable[..., Service], live_database_url: str) -> None:
    with collecting() as collector:
        service = start(
            DATABASE_URL=live_database_url,
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            OTEL_BSP_SCHEDULE_DELAY="600000",
        )
        service.wait_for()
        with service.client() as client:
            client.get("/health")
        assert service.stop() == 0
        collector.wait_for(lambda each: each.name == "GET /health")


def test_without_the_extra_the_service_does_not_start_and_says_what_to_install(tmp_path: Path) -> None:
    # A folder in front of the installed packages hides the exporter.
    hidden = tmp_path / "opentelemetry" / "exporter"
    hidden.mkdir(parents=True)
    for folder in (hidden, hidden.parent):
        (folder / "__init__.py").touch()
    variables = environment(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318", PYTHONPATH=str(tmp_path))
    run = subprocess.run(
        [sys.executable, "-m", "plccoach_api", "serve"],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == os.EX_CONFIG
    assert run.stderr == (
        "plccoach-api: OTEL_EXPORTER_OTLP_ENDPOINT is set, but traces need an extra: install plccoach-api[otel]\n"
    )
