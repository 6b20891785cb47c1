"""A fail-over from a real primary to its standby: reads go on without a primary, and writes with the new one."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

from plccoach_api.database import embedded, migrations
from tests.live import Service, wait_until
from tests.standby import host_of, make_standby
from tests.tools.chaos import failover

START_SECONDS = 120.0


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The data folders of a primary and of its standby."""
    primary, standby = tmp_path / "a", tmp_path / "b"
    with embedded.running(primary) as url:
        migrations.upgrade(url)
    make_standby(primary, standby)
    return primary, standby


def wait_for_status(client: httpx.Client, method: str, path: str, status: int) -> None:
    def answers() -> bool:
        return client.request(method, path, json={} if method == "POST" else None).status_code == status

    wait_until(answers, f"{method} {path} is {status}", seconds=30)


def test_reads_go_on_without_a_primary_and_the_pool_finds_the_new_one(
    start: Callable[..., Service], folders: tuple[Path, Path]
) -> None:
    primary, standby = folders
    with ExitStack() as stack, embedded.running(standby) as standby_url:
        with embedded.running(primary) as url:
            hosts = ",".join(host_of(each) for each in (url, standby_url))
            service = start(
                DATABASE_URL=f"postgresql://postgres:@/postgres?host={hosts}&target_session_attrs=read-write"
            )
            service.wait_for(seconds=START_SECONDS)
            client = stack.enter_context(service.client())
            client.get("/auth/dev/login", follow_redirects=False)
            assert client.post("/api/conversations", json={}).status_code == 201
            with psycopg.connect(standby_url, autocommit=True) as connection:
                count = "SELECT count(*) FROM conversations"
                wait_until(lambda: connection.execute(count).fetchone() == (1,), "the standby has it", seconds=30)
        # The primary has stopped.
        wait_for_status(client, "GET", "/api/conversations", 200)
        for _ in range(20):
            refused = client.post("/api/conversations", json={})
            assert (refused.status_code, bool(refused.headers["Retry-After"])) == (503, True)
            assert client.get("/ready").status_code == 503
        wait_for_status(client, "GET", "/api/conversations", 200)
        with psycopg.connect(standby_url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")
        service.wait_for("/ready", seconds=30)
        wait_for_status(client, "POST", "/api/conversations", 201)
    assert [line for line in service.log() if line["level"] == "error"] == []


def lost(capsys: pytest.CaptureFixture[str], folder: Path, *, synchronous: bool) -> int:
    """Runs `just failover`, and returns the number of acknowledged answers that it lost."""
    assert [*failover.run(folder, synchronous=synchronous, cut_seconds=1)] == []
    [found] = re.findall(r"(\d+) lost", capsys.readouterr().out)
    return int(found)


def test_a_fail_over_with_synchronous_replication_loses_no_acknowledged_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert lost(capsys, tmp_path, synchronous=True) == 0


def test_a_fail_over_with_asynchronous_replication_loses_what_the_standby_has_not_received(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert lost(capsys, tmp_path, synchronous=False) > 0


@pytest.fixture
def read_only_url(database_url: str) -> Iterator[str]:
    """A migrated database that takes no writes."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        yield database_url
        connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())


def test_a_service_that_starts_on_a_read_only_database_answers_reads_and_logs_no_error(
    start: Callable[..., Service], read_only_url: str
) -> None:
    service = start(DATABASE_URL=read_only_url)
    service.wait_for("/health", seconds=START_SECONDS)
    with service.client() as client:
        assert client.get("/api/ready").status_code == 503
        assert client.get("/auth/providers").status_code == 200
        assert client.get("/auth/me").status_code == 401
    wait_until(lambda: "database unavailable" in service.log_file.read_text(), "the log names the state", seconds=10)
    assert [line for line in service.log() if line["level"] == "error"] == []
