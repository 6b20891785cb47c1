"""A service with a model and a collector, and people who use it."""

from collections.abc import Iterator

import httpx
import pytest

from tests import live
from tests.collector import Collector, collecting
from tests.conftest import GENEROUS, database_like
from tests.live import Service
from tests.tools.model_server import ModelServer, counted_replies, serving

QUESTION = "What are the four critical questions of a PLC?"
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "50"}


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="package")
def model() -> Iterator[ModelServer]:
    with serving() as model:
        yield model


@pytest.fixture(scope="package")
def service(
    tmp_path_factory: pytest.TempPathFactory, model: ModelServer, collector: Collector, postgres: str, template: str
) -> Iterator[Service]:
    with (
        database_like(postgres, template) as database_url,
        live.serving(
            tmp_path_factory.mktemp("service"),
            DATABASE_URL=database_url,
            ANSWERER="openai",
            OPENAI_BASE_URL=model.url,
            MCP="true",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            **SOON,
            **GENEROUS,
        ) as service,
    ):
        service.wait_for()
        yield service


@pytest.fixture
def client(service: Service, model: ModelServer) -> Iterator[httpx.Client]:
    model.otherwise = counted_replies
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
        yield client
