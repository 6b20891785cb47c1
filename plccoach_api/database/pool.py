"""The pool of connections, and the three ways to use it.

They are one idempotent query, one query without another try, and one transaction.

The pool probes a connection at its checkout, unless the server responded on the connection within the
last second: a probe at every checkout costs a third of the throughput. If such a connection turns out
to be lost, an idempotent query runs once more on another connection, and a transaction, which has not
begun yet, begins there.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from os import dup
from time import monotonic
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from psycopg import AsyncConnection, Error, InterfaceError, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from plccoach_api import logs, metrics
from plccoach_api.database import pool_metrics, session
from plccoach_api.database.failures import Failure, failure_of
from plccoach_api.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

_log = logs.get_logger(__name__)

_UNPROBED_SECONDS = 1.0
_PROBE_TIMEOUT_SECONDS = 0.5
# Longer than the server's own statement_timeout, which ends a slow statement without losing its connection.
_RESPONSE_TIMEOUT_SECONDS = 6.0
# A server that stays read-only must not cost every write new connections.
_LEAVE_SECONDS = 1.0
# The pool's back-off doubles from one second. Because the pool gives up this early, the next request connects
# at once instead of waiting for a delay that grew during the outage.
_RECONNECT_SECONDS = 1.5

# The values of target_session_attrs that exclude a host which takes no writes.
_DEMAND_WRITES = frozenset({"read-write", "primary"})


class Connection(AsyncConnection[TupleRow]):
    """A connection that records when the server last responded on it, in monotonic seconds."""

    responded_at: float = 0.0

    @classmethod
    async def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """Connects to a host that takes no writes if the address demands one that does, but no host is one.

        Such a host still answers reads.
        """
        try:
            return await super().connect(conninfo, **kwargs)
        except OperationalError:
            if conninfo_to_dict(conninfo).get("target_session_attrs") not in _DEMAND_WRITES:
                raise
            return await super().connect(conninfo, **kwargs, target_session_attrs="any")


class ResponseTimeout:
    """Shuts down a connection's socket when its block takes too long, also if each statement was answered quickly.

    Cancelling the query would not help: a frozen server ignores the cancellation too, and psycopg waits
    for its response. On a socket that is shut down, the query fails at once with an OperationalError.
    """

    __slots__ = ("_connection", "_seconds", "_timer")

    _timer: asyncio.TimerHandle

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._shut_down)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _shut_down(self) -> None:
        _log.warning("database connection cut", seconds=self._seconds)
        with socket.socket(fileno=dup(self._connection.fileno())) as duplicate:
            duplicate.shutdown(socket.SHUT_RDWR)


class Database:
    """One worker's pool of connections to PostgreSQL."""

    def __init__(self, settings: Settings, name: str = "plccoach-api") -> None:
        address = settings.database or ""
        self.direct_address = settings.direct.database or ""
        """The connection string for a session of one's own, past a pooler."""
        self._pool = _Pool(
            address,
            connection_class=Connection,
            kwargs={
                # Reads are one statement each: a transaction around it would add two round trips.
                "autocommit": True,
                "prepare_threshold": settings.db_prepare_threshold or None,
                "connect_timeout": 2,
                "application_name": name,
                # Behind a pooler, the role has these settings.
                "options": None if settings.has_pooler else session.options_of(address, session.OPTIONS),
            },
            min_size=min(2, settings.db_pool_size),
            max_size=settings.db_pool_size,
            timeout=settings.db_pool_timeout,
            reconnect_timeout=_RECONNECT_SECONDS,
            # A pool belongs to the event loop that opens it, and no loop runs yet.
            open=False,
            check=self._check_connection,
            name=name,
        )
        self._pool_check: asyncio.Task[None] | None = None
        self._may_move = _may_move(address)
        self._left_at = -_LEAVE_SECONDS

    async def open(self) -> None:
        """Opens the pool without waiting for the database, which may become available later."""
        await self._pool.open()

    async def measure(self) -> None:
        """Keeps the metrics of the pool up to date until it is cancelled."""
        await pool_metrics.measure(self._pool)

    async def close(self) -> None:
        if self._pool_check:
            self._pool_check.cancel()
        await self._pool.close(timeout=2)

    async def run_idempotent(
        self, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a query outside a transaction, and once more when its connection is lost or it met another transaction.

        The server may have committed the first run before the connection was lost. So pass only reads, and
        writes that change nothing when they run a second time. The result is then that of the second run: a
        caller must not take "no row was changed" for a failure. Counters, claims and all other writes need a
        `transaction()`.
        """
        try:
            return await self.run_once(query, *args, **kwargs)
        except Error as error:
            if not await self._is_worth_another_try(error):
                raise
        return await self.run_once(query, *args, **kwargs)

    async def run_on_replica(
        self, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a read whose result may be some seconds old, on the read replica if there is one: see replica.py."""
        return await self.run_idempotent(query, *args, **kwargs)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yields a connection in a transaction that commits when the block ends and rolls back when it raises.

        The whole block has 6 s; then its connection is cut.
        """
        try:
            connection, stack = await self._begin_transaction()
        except Error as error:
            if not await self._is_worth_another_try(error):
                raise
            connection, stack = await self._begin_transaction()
        try:
            async with stack:
                yield connection
        except Error as error:
            if _counted_failure(error) is Failure.read_only:
                await self._leave_read_only_host()
            raise
        connection.responded_at = monotonic()

    async def _is_worth_another_try(self, error: Error) -> bool:
        """Prepares the pool for another try, if one may succeed."""
        match _counted_failure(error):
            case Failure.lost:
                await self._replace_lost_connections()
                return True
            case Failure.read_only:
                return await self._leave_read_only_host()
            case Failure.conflict:
                return True
            case _:
                return False

    async def _leave_read_only_host(self) -> bool:
        """Replaces all connections when another host may take writes, at most once a second."""
        if not self._may_move or monotonic() - self._left_at < _LEAVE_SECONDS:
            return False
        self._left_at = monotonic()
        _log.warning("database is read-only; connecting again")
        await self._pool.drain()
        return True

    async def run_once(
        self, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a query outside a transaction, without another try."""
        # Not `pool.connection()`, which would also commit, although there is no transaction.
        connection = await self._pool.getconn()
        try:
            with ResponseTimeout(connection, _RESPONSE_TIMEOUT_SECONDS):
                result = await query(connection, *args, **kwargs)
            connection.responded_at = monotonic()
            return result
        finally:
            await self._pool.putconn(connection)

    async def _begin_transaction(self) -> tuple[Connection, AsyncExitStack]:
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(self._pool.connection())
            stack.enter_context(ResponseTimeout(connection, _RESPONSE_TIMEOUT_SECONDS))
            await stack.enter_async_context(connection.transaction())
            return connection, stack.pop_all()

    async def _check_connection(self, connection: Connection) -> None:
        if monotonic() - connection.responded_at < _UNPROBED_SECONDS:
            return
        try:
            await _probe(connection)
        except (OperationalError, InterfaceError):
            # The other connections are probably lost too. The pool alone would find them one by one, a second apart.
            self._start_pool_check()
            raise

    async def _replace_lost_connections(self) -> None:
        """Lets the pool replace its lost connections. Waits at most 0.5 s, because the server may be frozen."""
        await asyncio.wait({self._start_pool_check()}, timeout=_PROBE_TIMEOUT_SECONDS)

    def _start_pool_check(self) -> asyncio.Task[None]:
        if self._pool_check is None or self._pool_check.done():
            self._pool_check = asyncio.create_task(self._pool.check(), name="check the pool")
        return self._pool_check


class _Pool(AsyncConnectionPool[Connection]):
    """psycopg's pool, whose `check()` of all connections has the same timeout as our check at a checkout.

    psycopg keeps a request that gave up waiting, with its error, until there is a connection again. While the database
    is away that is 3 kB a request without end, and each of them counts as waiting. So the pool forgets them.
    """

    async def getconn(self, timeout: float | None = None) -> Connection:  # noqa: ASYNC109 - as in psycopg
        try:
            return await super().getconn(timeout)
        except PoolTimeout:
            # All wait equally long, so those that gave up stand first.
            while self._waiting and self._waiting[0].error:
                self._waiting.popleft()
            raise

    @staticmethod
    async def check_connection(conn: Connection) -> None:
        await _probe(conn)


async def _probe(connection: Connection) -> None:
    with ResponseTimeout(connection, _PROBE_TIMEOUT_SECONDS):
        await connection.execute("")
    connection.responded_at = monotonic()


def _counted_failure(error: Error) -> Failure | None:
    failure = failure_of(error)
    # The pool counts its own timeouts.
    if failure and not isinstance(error, PoolTimeout):
        metrics.DATABASE_FAILURES.inc(failure.name)
    return failure


def _may_move(address: str) -> bool:
    """Returns False for the socket of one local server. After a fail-over, a name may lead to another host."""
    host = str(conninfo_to_dict(address).get("host") or "/")
    return "," in host or not host.startswith("/")
