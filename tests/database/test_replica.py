"""Addresses that lead to no replica: the primary answers, as it does without one.

tests/slow/test_replica.py has a real replica.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from structlog.testing import capture_logs

from plccoach_api import settings
from plccoach_api.database.pool import Connection, Database
from plccoach_api.database.replica import Position, make_database
from tests.waiting import until

PRIMARY = Position(cluster=7, database=5, is_standby=False, bytes=1000)


async def name_of(connection: Connection) -> str:
    cursor = await connection.execute("SELECT current_setting('application_name')")
    [[name]] = await cursor.fetchall()
    return str(name)


@asynccontextmanager
async def opened(**variables: str) -> AsyncIterator[Database]:
    database = make_database(settings.load(variables, None))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def test_without_a_replica_the_primary_answers(database_url: str) -> None:
    async with opened(DATABASE_URL=database_url) as database:
        assert await database.run_on_replica(name_of) == "plccoach-api"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://127.0.0.1:1/plc", "it cannot be reached"),
        ("{}&connect_timeout=9", "it is no standby of the database"),
    ],
)
async def test_the_primary_answers_when_the_address_leads_to_no_standby(
    address: str, reason: str, database_url: str
) -> None:
    with capture_logs() as lines:
        async with opened(DATABASE_URL=database_url, DATABASE_READ_URL=address.format(database_url)) as database:
            assert await database.run_on_replica(name_of) == "plccoach-api"
            await until(lambda: [line for line in lines if line["event"] == "read replica is not used"])
            assert await database.run_on_replica(name_of) == "plccoach-api"
    assert [line.get("reason") for line in lines if "replica" in line["event"]] == [reason]


async def test_the_replica_is_checked_also_while_requests_use_every_connection_of_the_primary(
    database_url: str,
) -> None:
    variables = {"DATABASE_URL": database_url, "DATABASE_READ_URL": f"{database_url}&connect_timeout=9"}
    database = make_database(settings.load(variables | {"DB_POOL_SIZE": "1", "DB_POOL_TIMEOUT": "0.1"}, None))
    with capture_logs() as lines:
        await Database.open(database)
        async with database.transaction():
            await database.open()
            await until(lambda: [line for line in lines if line["event"] == "read replica is not used"])
        await database.close()


async def test_the_watch_of_the_replica_lives_through_an_error_that_nobody_expects(database_url: str) -> None:
    def told(event: str) -> bool:
        return any(line["event"] == event for line in lines)

    with psycopg.connect(database_url, autocommit=True) as connection, capture_logs() as lines:
        # The servers then seem to have no database.
        connection.execute("CREATE TABLE public.pg_database (datname name, oid oid)")
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET search_path = public, pg_catalog".encode())
        async with opened(DATABASE_URL=database_url, DATABASE_READ_URL=f"{database_url}&connect_timeout=9") as database:
            await until(lambda: told("checking the read replica failed"))
            assert await database.run_on_replica(name_of) == "plccoach-api"
            connection.execute("DROP TABLE public.pg_database")
            reasons = ["its check failed", "it is no standby of the database"]
            await until(lambda: [line["reason"] for line in lines if "reason" in line] == reasons)


@pytest.mark.parametrize(
    ("other", "is_copy"),
    [
        (Position(cluster=7, database=5, is_standby=True, bytes=10), True),
        (Position(cluster=7, database=5, is_standby=False, bytes=1000), False),
        (Position(cluster=8, database=5, is_standby=True, bytes=1000), False),
        (Position(cluster=7, database=6, is_standby=True, bytes=1000), False),
    ],
)
def test_only_a_standby_of_the_same_database_is_a_copy(other: Position, *, is_copy: bool) -> None:
    assert other.is_copy_of(PRIMARY) is is_copy
