"""The pool: its size, its timeouts, its check of connections, its retry, and its transactions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from litestar.testing import AsyncTestClient
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import QueryCanceled, ReadOnlySqlTransaction

from plccoach_api import ids, settings
from plccoach_api.app import create_app
from plccoach_api.database.failures import UNAVAILABLE, Failure, failure_of
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import conversations, schema
from tests import sql_coverage
from tests.people import NOW, make_user

Opened = Callable[..., AbstractAsyncContextManager[Database]]


@pytest.fixture
def opened(database_url: str) -> Opened:
    @asynccontextmanager
    async def opened(**changes: str) -> AsyncIterator[Database]:
        database = Database(settings.load({"DATABASE_URL": database_url, **changes}, None))
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    return opened


async def sleep(connection: Connection, duration: float) -> None:
    await connection.execute("SELECT pg_sleep(%s)", (duration,))


async def backend_pid(connection: Connection) -> int:
    return connection.info.backend_pid


async def test_a_connection_has_the_name_and_the_timeouts_of_the_service(opened: Opened) -> None:
    async def show(connection: Connection, name: str) -> str:
        row = await (await connection.execute(f"SHOW {name}".encode())).fetchone()
        return str(row[0]) if row else ""

    async with opened() as database:
        assert await database.run_idempotent(show, "application_name") == "plccoach-api"
        assert await database.run_idempotent(show, "statement_timeout") == "5s"
        assert await database.run_idempotent(show, "lock_timeout") == "3s"
        assert await database.run_idempotent(show, "idle_in_transaction_session_timeout") == "10s"
        assert await database.run_idempotent(show, "timezone") == "UTC"


async def test_the_server_cancels_a_slow_statement_and_its_connection_stays_open(opened: Opened) -> None:
    async def be_impatient(connection: Connection) -> None:
        await connection.execute("SET statement_timeout = '200ms'")

    async with opened(DB_POOL_SIZE="1") as database:
        await database.run_idempotent(be_impatient)
        before = await database.run_idempotent(backend_pid)
        with pytest.raises(QueryCanceled):
            await database.run_idempotent(sleep, 30)
        assert await database.run_idempotent(backend_pid) == before


async def test_the_pool_never_exceeds_its_size(opened: Opened, database_url: str) -> None:
    async with opened(DB_POOL_SIZE="3", DB_POOL_TIMEOUT="10") as database:
        await asyncio.gather(*(database.run_idempotent(sleep, 0.05) for _ in range(30)))
        with psycopg.connect(database_url) as connection:
            count = connection.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'plccoach-api'"
            ).fetchone()
    assert count
    assert 2 <= count[0] <= 3


async def test_waiting_for_a_connection_ends_in_503_with_retry_after(database_url: str) -> None:
    small = settings.load({"DATABASE_URL": database_url, "DB_POOL_SIZE": "1", "DB_POOL_TIMEOUT": "0.3"}, None)
    app = create_app(small)
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        await client.get("/auth/dev/login", follow_redirects=False)
        database: Database = app.state.database
        async with database.transaction():
            response = await client.get("/auth/me")
            assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
            assert (await client.get("/health")).status_code == 200
        assert (await client.get("/auth/me")).status_code == 200


async def test_a_connection_in_use_is_not_probed_and_an_idle_connection_is(
    opened: Opened, database_url: str, run_folder: Path
) -> None:
    async with opened(DB_POOL_SIZE="1") as database:
        await database.run_idempotent(schema.get)
        with sql_coverage.recorded(run_folder, database_url) as busy:
            for _ in range(3):
                await database.run_idempotent(schema.get)
        await asyncio.sleep(1.1)
        with sql_coverage.recorded(run_folder, database_url) as idle:
            await database.run_idempotent(schema.get)
    assert ["schema/get" in line for line in busy if "execute" in line or "statement" in line] == [True] * 3
    assert len([line for line in idle if "execute" in line or "statement" in line]) == 2


async def test_a_read_is_repeated_when_its_connection_was_lost_within_the_last_second(
    opened: Opened, database_url: str
) -> None:
    async with opened(DB_POOL_SIZE="1") as database:
        victim = await database.run_idempotent(backend_pid)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 1000)", (victim,))
        assert await database.run_idempotent(schema.get)
        assert await database.run_idempotent(backend_pid) != victim


async def test_a_transaction_begins_on_another_connection_when_the_first_one_was_lost(
    opened: Opened, database_url: str
) -> None:
    async with opened(DB_POOL_SIZE="1") as database:
        victim = await database.run_idempotent(backend_pid)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 1000)", (victim,))
        async with database.transaction() as connection_in_use:
            await make_user(connection_in_use)


async def test_a_transaction_that_raises_is_rolled_back(opened: Opened, database_url: str) -> None:
    async def half_done(database: Database) -> UUID:
        async with database.transaction() as connection:
            user_id = await make_user(connection)
            await conversations.create(connection, user_id=user_id, id=ids.new(), title="A", asked_at=NOW, now=NOW)
            raise RuntimeError("in the middle")

    async with opened() as database:
        with pytest.raises(RuntimeError, match="in the middle"):
            await half_done(database)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)


@pytest.mark.parametrize(("threshold", "prepared"), [("5", True), ("0", False)])
async def test_statements_are_prepared_after_five_runs_unless_that_is_off(
    opened: Opened, threshold: str, *, prepared: bool
) -> None:
    async def names(connection: Connection) -> list[str]:
        cursor = await connection.execute("SELECT statement FROM pg_prepared_statements")
        return [row[0] for row in await cursor.fetchall()]

    async with opened(DB_POOL_SIZE="1", DB_PREPARE_THRESHOLD=threshold) as database:
        for _ in range(7):
            await database.run_idempotent(schema.get)
        assert any("schema/get" in name for name in await database.run_idempotent(names)) is prepared


async def begin_read_only(connection: Connection) -> int:
    """Turns the server read-only, for this connection alone. Returns its process id."""
    await connection.execute("SET default_transaction_read_only = on")
    return connection.info.backend_pid


async def create_table(connection: Connection) -> int:
    await connection.execute("CREATE TABLE IF NOT EXISTS written (id int)")
    return connection.info.backend_pid


async def test_a_connection_that_takes_no_writes_is_replaced_when_another_host_may_take_them(
    opened: Opened, database_url: str
) -> None:
    host = conninfo_to_dict(database_url)["host"]
    two_hosts = database_url.replace(f"host={host}", f"host={host},{host}")
    async with opened(DATABASE_URL=two_hosts, DB_POOL_SIZE="1") as database:
        stale = await database.run_idempotent(begin_read_only)
        assert await database.run_idempotent(create_table) != stale


async def test_a_transaction_on_a_connection_that_takes_no_writes_fails_and_the_next_one_succeeds(
    opened: Opened, database_url: str
) -> None:
    host = conninfo_to_dict(database_url)["host"]
    two_hosts = database_url.replace(f"host={host}", f"host={host},{host}")
    async with opened(DATABASE_URL=two_hosts, DB_POOL_SIZE="1") as database:
        await database.run_idempotent(begin_read_only)
        with pytest.raises(ReadOnlySqlTransaction):
            async with database.transaction() as connection:
                await create_table(connection)
        async with database.transaction() as connection:
            await create_table(connection)


async def test_a_connection_to_the_only_host_is_kept_when_it_takes_no_writes(opened: Opened) -> None:
    async with opened(DB_POOL_SIZE="1") as database:
        pid = await database.run_idempotent(begin_read_only)
        with pytest.raises(ReadOnlySqlTransaction):
            await database.run_idempotent(create_table)
        assert await database.run_idempotent(backend_pid) == pid


async def test_a_statement_that_lost_a_deadlock_runs_again(opened: Opened) -> None:
    attempts: list[int] = []

    async def deadlock(connection: Connection) -> int:
        attempts.append(connection.info.backend_pid)
        if len(attempts) == 1:
            await connection.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")
        return len(attempts)

    async with opened() as database:
        assert await database.run_idempotent(deadlock) == 2


@pytest.mark.parametrize(
    ("sqlstate", "failure"),
    [
        ("08006", Failure.lost),
        ("25006", Failure.read_only),
        ("25P03", Failure.lost),
        ("40001", Failure.conflict),
        ("40P01", Failure.conflict),
        ("53100", Failure.refused),
        ("53300", Failure.refused),
        ("55P03", Failure.refused),
        ("57014", Failure.refused),
        ("57P01", Failure.lost),
        ("23505", None),
        ("42P01", None),
    ],
)
async def test_failures_are_told_apart_by_their_sqlstate(
    connection: Connection, sqlstate: str, failure: Failure | None
) -> None:
    with pytest.raises(psycopg.Error) as raised:
        await connection.execute(f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$".encode())
    assert failure_of(raised.value) is failure
    assert isinstance(raised.value, UNAVAILABLE) is (failure is not None)
