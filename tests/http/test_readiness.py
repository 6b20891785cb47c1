"""Anybody may ask whether the service is ready, as often as they like. It harms nobody."""

import asyncio

import httpx
import psycopg
from structlog.testing import capture_logs

from plccoach_api.database import migrations
from tests.waiting import LOCK_WAITERS, until

PROBES = 60


async def test_probes_that_wait_at_the_same_time_take_one_connection_and_all_get_the_answer(
    client: httpx.AsyncClient, erin: httpx.AsyncClient, database_url: str
) -> None:
    with psycopg.connect(database_url) as busy, psycopg.connect(database_url, autocommit=True) as other:
        busy.execute("LOCK TABLE alembic_version")
        probes = [asyncio.create_task(client.get("/ready")) for _ in range(PROBES)]
        await until(lambda: other.execute(LOCK_WAITERS).fetchall())
        assert (await erin.get("/auth/me")).status_code == 200
        assert len(other.execute(LOCK_WAITERS).fetchall()) == 1
        busy.rollback()
        assert {response.status_code for response in await asyncio.gather(*probes)} == {200}


async def test_probes_end_in_time_when_the_database_does_not_answer_and_the_next_one_looks_anew(
    client: httpx.AsyncClient, database_url: str
) -> None:
    with psycopg.connect(database_url) as busy, psycopg.connect(database_url, autocommit=True) as other:
        busy.execute("LOCK TABLE alembic_version")
        first = asyncio.create_task(client.get("/ready"))
        await until(lambda: other.execute(LOCK_WAITERS).fetchall())
        for response in await asyncio.gather(first, client.get("/api/ready"), client.head("/ready")):
            assert response.status_code == 503
        busy.rollback()
        assert (await client.get("/ready")).status_code == 200


async def test_probes_of_a_schema_that_needs_newer_code_write_one_line(
    client: httpx.AsyncClient, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.execute("UPDATE schema_compatibility SET oldest = '9998'")
    with capture_logs() as lines:
        for _ in range(3):
            assert (await client.get("/ready")).status_code == 503
    [line] = [line for line in lines if line["event"] == "schema too new"]
    assert (line["revision"], line["oldest"], line["head"]) == ("9999", "9998", migrations.head())
