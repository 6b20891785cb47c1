"""The tracer of a process: what it sends, and what becomes of it when the process stops."""

import os
import re
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from plccoach_api import settings, tracing
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.embedding.openai import OpenAIEmbedder
from plccoach_api.tracing import conventions
from plccoach_api.tracing.tracer import RequestSpan, Tracer
from tests.collector import Collected, Collector, collecting
from tests.tools.model_server import Fail, ModelServer
from tests.tracing.conftest import SOON

SENDER = "OtelBatchSpanRecordProcessor"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """A collector to which no service sends."""
    with collecting() as collector:
        yield collector


@contextmanager
def tracer_of(collector: Collector, **variables: str) -> Iterator[Tracer]:
    loaded = settings.load({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url} | SOON | variables, None)
    assert loaded.traces is not None
    with closing(Tracer(loaded, loaded.traces)) as tracer:
        tracer.open()
        yield tracer


def request(tracer: Tracer, name: str = "GET /health") -> RequestSpan:
    return tracer.start_request_span(name, [], [])


def named(name: str) -> Callable[[Collected], bool]:
    return lambda each: each.name == name


def is_sampled(traceparent: str) -> bool:
    return bool(int(traceparent[-2:], 16) & 1)


@asynccontextmanager
async def embedder_of(model: ModelServer) -> AsyncIterator[OpenAIEmbedder]:
    embedder = OpenAIEmbedder(settings.load({"EMBEDDINGS": "openai", "OPENAI_BASE_URL": model.url}, None))
    async with embedder._client:
        yield embedder


def test_every_name_is_one_of_the_conventions() -> None:
    folder = Path(str(__import__("opentelemetry.semconv", fromlist=["semconv"]).__path__[0]))
    sources = [*folder.glob("attributes/*.py"), *folder.glob("_incubating/attributes/*.py")]
    published = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', "\n".join(map(Path.read_text, sources))))
    names = {value for name, value in vars(conventions).items() if name.isupper() and "." in value}
    assert names - {conventions.SCHEMA} - published == set()
    assert len(names) > 10


def test_the_key_for_the_collector_is_sent_and_is_not_left_in_the_environment(collector: Collector) -> None:
    with tracer_of(collector, OTEL_EXPORTER_OTLP_HEADERS="api-key=hush,x-team=a%20b") as tracer, request(tracer):
        pass
    collector.wait_for(named("GET /health"))
    assert collector.requests[-1]["api-key"] == "hush"
    assert collector.requests[-1]["x-team"] == "a b"
    assert not [name for name in os.environ if name.startswith("OTEL_")]


def test_the_thread_that_sends_receives_no_signal(collector: Collector) -> None:
    with tracer_of(collector):
        [sender] = [each for each in threading.enumerate() if each.name == SENDER]
        status = Path(f"/proc/self/task/{sender.native_id}/status").read_text()
    blocked = int(re.findall(r"SigBlk:\s*(\w+)", status)[0], 16)
    assert all(blocked >> (number - 1) & 1 for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1))


def test_the_last_spans_are_sent_when_the_process_stops(collector: Collector) -> None:
    with tracer_of(collector, OTEL_BSP_SCHEDULE_DELAY="600000") as tracer:
        for _ in range(700):
            with request(tracer, "GET /last"):
                pass
    collector.wait_for(named("GET /last"), count=700)


def test_spans_of_other_libraries_are_not_sent(collector: Collector) -> None:
    from opentelemetry import trace  # noqa: PLC0415 - only the service's own tracer may import it otherwise

    others = trace.get_tracer("another").start_as_current_span("with a question in it")
    with tracer_of(collector) as tracer, request(tracer, "GET /own"), others:
        pass
    collector.wait_for(named("GET /own"))
    assert collector.found(named("with a question in it")) == []


def test_a_sampler_that_chooses_nothing_sends_nothing(collector: Collector) -> None:
    with (
        tracer_of(collector, OTEL_TRACES_SAMPLER="always_off") as tracer,
        request(tracer, "GET /unseen"),
        tracing.client_span("sessions/get", {}) as span,
    ):
        assert not is_sampled(span.headers()["traceparent"])
    with tracer_of(collector) as tracer, request(tracer, "GET /seen"):
        pass
    collector.wait_for(named("GET /seen"))
    assert collector.found(named("GET /unseen")) == []
    assert collector.found(named("sessions/get")) == []


def test_a_part_of_the_traces_can_be_chosen(collector: Collector) -> None:
    chosen = {"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.5"}
    with tracer_of(collector, **chosen) as tracer:
        for _ in range(200):
            with request(tracer, "GET /half"):
                pass
    # The spans are sent before `close` returns. Fewer than 40 or more than 160 of 200 come once in 10^17 runs.
    assert 40 < len(collector.found(named("GET /half"))) < 160


def test_without_a_request_there_is_no_span(collector: Collector) -> None:
    with tracer_of(collector) as tracer:
        with tracing.client_span("answers/end_abandoned", {}) as span:
            assert span is tracing.NO_SPAN
        with request(tracer, "GET /after"):
            pass
    collector.wait_for(named("GET /after"))
    assert collector.found(named("answers/end_abandoned")) == []


async def test_the_service_of_vectors_is_called_in_the_trace_of_the_request(
    collector: Collector, model_server: ModelServer
) -> None:
    with tracer_of(collector) as tracer:
        async with embedder_of(model_server) as embedder:
            with request(tracer) as asking:
                await embedder.embed_question("What is a SMART goal?")
    [call] = collector.wait_for(lambda each: each.trace_id == asking.trace_id and each.kind == "CLIENT")
    assert call.name == "embeddings text-embedding-3-large"
    assert call.attributes == {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "text-embedding-3-large",
        "gen_ai.usage.input_tokens": 5,
    }
    sent = model_server.requests[-1].headers["traceparent"]
    assert sent.startswith(f"00-{asking.trace_id}-{call.id}-")
    assert is_sampled(sent)
    assert b"SMART" not in call.bytes


async def test_a_failure_of_the_service_of_vectors_is_an_error_of_its_span(
    collector: Collector, model_server: ModelServer
) -> None:
    model_server.embeddings = Fail(401)
    with tracer_of(collector) as tracer:
        async with embedder_of(model_server) as embedder:
            with request(tracer) as asking, pytest.raises(EmbeddingUnavailable):
                await embedder.embed_question("What is a SMART goal?")
    [call] = collector.wait_for(lambda each: each.trace_id == asking.trace_id and each.kind == "CLIENT")
    assert (call.failed, call.attributes["error.type"]) == (True, "401")
    assert b"UPSTREAM" not in call.bytes


async def test_without_traces_the_service_of_vectors_is_told_nothing_of_them(model_server: ModelServer) -> None:
    async with embedder_of(model_server) as embedder:
        await embedder.embed(["A text"])
    assert model_server.requests[-1].headers.keys().isdisjoint({"traceparent", "tracestate"})


def test_a_collector_that_refuses_is_reported_once_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    with collecting() as collector:
        collector.status = 401
        with tracer_of(collector, OTEL_BSP_MAX_EXPORT_BATCH_SIZE="1", OTEL_BSP_MAX_QUEUE_SIZE="5") as tracer:
            for _ in range(3):
                with request(tracer):
                    pass
            collector.wait_for_requests(3)
    logged = capsys.readouterr().out
    assert logged.count("spans lost") == 1
    assert "401" in logged


def test_a_stop_does_not_wait_for_a_collector_that_never_answers() -> None:
    with collecting() as collector:
        collector.answers.clear()
        with tracer_of(collector) as tracer:
            with request(tracer):
                pass
            collector.wait_for_requests(1)
            closing_at = time.monotonic()
        assert time.monotonic() - closing_at < 10
        collector.answers.set()
