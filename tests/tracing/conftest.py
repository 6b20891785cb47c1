"""A service with a model and a collector, and people who use it."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.collector import Collector, collecting
from tests.conftest import GENEROUS, database_like
from tests.live import Service
from tests.tools.model_server import ModelServer, counted_replies, serving

QUESTION = "What are the four critical questions of a PLC?"
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "50"}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with serving() as model:
        yield model


@pytest.fixture(scope="module")
def service(
    start: Callable[..., Service], model: ModelServer, collector: Collector, postgres: str, template: str
) -> Iterator[Service]:
    with database_like(postgres, template) as database_url:
        service = start(
            DATABASE_URL=database_url,
            ANSWERER="openai",
            OPENAI_BASE_URL=model.url,
            MCP="true",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            **SOON,
            **GENEROUS,
        )
        service.wait_for()
        yield service


@pytest.fixture
def client(service: Service, model: ModelServer) -> Iterator[httpx.Client]:
    model.otherwise = counted_replies
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
        yield client
