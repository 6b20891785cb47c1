"""The settings of sessions: sent by direct connections, had by the role behind a pooler, and not meant for long work.

A pooler is any address that differs from DATABASE_DIRECT_URL; tests/slow/test_pooler.py has a real one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.database import session, table_locks
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import servers
from tests.pooler import set_role

TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
NONE = dict.fromkeys(TIMEOUTS, "0")
UNUSUAL = {
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "iso_8601",
    "standard_conforming_strings": "off",
    "default_transaction_isolation": "serializable",
}


async def found(connection: Connection) -> dict[str, str]:
    listed = await servers.list_session_settings(connection, names=list(session.SETTINGS))
    return {each.name: each.setting for each in listed}


@asynccontextmanager
async def opened(**variables: str) -> AsyncIterator[Database]:
    database = Database(settings.load(variables, None))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def behind_a_pooler(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": f"{database_url}&application_name=pooler", "DATABASE_DIRECT_URL": database_url}


async def test_a_direct_connection_sends_the_settings_itself(database_url: str) -> None:
    async with opened(DATABASE_URL=database_url, DATABASE_DIRECT_URL=database_url) as database:
        assert await database.run_idempotent(found) == session.SETTINGS


async def test_settings_of_the_database_that_change_the_meaning_of_statements_and_values_have_no_effect(
    database_url: str,
) -> None:
    set_role(database_url, UNUSUAL)
    async with opened(DATABASE_URL=database_url) as database:
        assert await database.run_idempotent(found) == session.SETTINGS
    async with ingest_lock(database_url) as connection:
        assert await found(connection) == session.SETTINGS | NONE


async def test_a_connection_to_a_pooler_sends_none_and_has_those_of_its_role(database_url: str) -> None:
    async with opened(**behind_a_pooler(database_url)) as database:
        assert session.lacking(await database.run_idempotent(found)) == [*TIMEOUTS, *_lacked_by_default(database_url)]
    set_role(database_url, session.SETTINGS)
    async with opened(**behind_a_pooler(database_url)) as database:
        assert session.lacking(await database.run_idempotent(found)) == []


def _lacked_by_default(database_url: str) -> list[str]:
    """The server of the tests may be in UTC, and has JIT compilation if it was built with it."""
    with psycopg.connect(database_url) as connection:
        shown = {
            name: str(connection.execute(f"SHOW {name}".encode()).fetchall()[0][0]) for name in ("TimeZone", "jit")
        }
    return [name for name, value in shown.items() if value != session.SETTINGS[name]]


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({}, []),
        ({"statement_timeout": "4000"}, []),
        ({"statement_timeout": "0"}, ["statement_timeout"]),
        ({"lock_timeout": "3001"}, ["lock_timeout"]),
        ({"TimeZone": "America/Denver", "jit": "on"}, ["TimeZone", "jit"]),
        ({"DateStyle": "ISO, DMY"}, []),
        ({"DateStyle": "SQL, DMY", "IntervalStyle": "iso_8601"}, ["DateStyle", "IntervalStyle"]),
    ],
)
def test_a_session_lacks_what_it_has_not_and_timeouts_that_are_longer(
    changes: dict[str, str], lacking: list[str]
) -> None:
    assert session.lacking(session.SETTINGS | changes) == lacking


async def test_an_ingest_has_no_timeouts_when_its_role_has(database_url: str) -> None:
    set_role(database_url, session.SETTINGS)
    async with ingest_lock(database_url) as connection:
        assert NONE.items() <= (await found(connection)).items()


def test_a_migration_waits_for_nothing_but_locks_when_its_role_has_timeouts(database_url: str) -> None:
    set_role(database_url, session.SETTINGS)
    with table_locks.connect(database_url) as connection:
        shown = [connection.execute(f"SHOW {name}".encode()).fetchall()[0][0] for name in TIMEOUTS]
    assert shown == ["0", "2s", "0"]


def test_a_migration_reads_a_backslash_as_it_is_written_whatever_the_database_says(database_url: str) -> None:
    set_role(database_url, UNUSUAL)
    with table_locks.connect(database_url) as connection:
        assert connection.execute(r"SELECT '\s'").fetchall() == [(r"\s",)]


async def test_the_options_of_an_address_stay_beside_ours(database_url: str) -> None:
    address = f"{database_url}&options=-csearch_path%3Dplc%20-cjit%3Don"
    async with opened(DATABASE_URL=address) as database:
        assert session.lacking(await database.run_idempotent(found)) == []
        assert await database.run_idempotent(_search_path) == "plc"
    async with ingest_lock(address) as connection:
        assert await _search_path(connection) == "plc"


async def _search_path(connection: Connection) -> str:
    row = await (await connection.execute("SHOW search_path")).fetchone()
    assert row
    return str(row[0])
