"""`serve --reload` logs the addresses to open when the service is ready."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.live import Service, wait_until


def announced(service: Service) -> list[dict[str, Any]]:
    return [line for line in service.log() if line["event"] == "ready"]


@pytest.mark.slow
def test_a_developer_is_told_three_addresses_when_the_service_is_ready(
    start: Callable[..., Service], live_database_url: str
) -> None:
    # Nothing listens at the proxy's address: a request to the service itself takes no proxy.
    service = start(
        "--reload", DATABASE_URL=live_database_url, PUBLIC_URL="http://localhost:8123", http_proxy="http://127.0.0.1:9"
    )
    wait_until(lambda: bool(announced(service)), "the addresses are logged", seconds=60)
    [line] = announced(service)
    assert (line["page"], line["docs"], line["api"]) == (
        "http://localhost:8123/try",
        "http://localhost:8123/docs",
        "http://localhost:8123",
    )
    with service.client() as client:
        assert client.get("/ready").status_code == 200
    service.stop()
