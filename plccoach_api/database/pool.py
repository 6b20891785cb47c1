"""The pool of connections, and the two ways to use it: one idempotent query, or one transaction.

Each connection is checked when it is handed out. One that was used within the last second is
taken on trust, because a probe at every checkout costs a third of the throughput; should it be
dead all the same, a read is tried once more on another, and a transaction has not begun yet.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from os import dup
from time import monotonic
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from plccoach_api import logs
from plccoach_api.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

_log = logs.get_logger(__name__)

_TRUSTED_SECONDS = 1.0
_PROBE_SECONDS = 0.5
# Longer than the server's own statement_timeout, which ends a slow statement without losing its connection.
_ANSWER_SECONDS = 6.0
# The pool's back-off doubles from one second; given up this early, the next request tries at once
# instead of waiting out a delay that grew while the database was away.
_RECONNECT_SECONDS = 1.5

# Compiling the search for passages (jit) takes longer than running it, and the other statements are shorter.
_SESSION_SETTINGS = (
    "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s -c timezone=UTC -c jit=off"
)


class Connection(AsyncConnection[TupleRow]):
    """A connection that knows when it was last known to be alive (monotonic seconds)."""

    alive_at: float = 0.0


class ConnectionDeadline:
    """Cuts a connection's socket when the server has not answered in time.

    A frozen server holds back a query's cancellation as well as its answer, so waiting for
    either is no bound; a socket that is shut down fails at once, with an OperationalError.
    """

    __slots__ = ("_connection", "_seconds", "_timer")

    _timer: asyncio.TimerHandle

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._cut)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        _log.warning("database connection cut", seconds=self._seconds)
        with socket.socket(fileno=dup(self._connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


class Database:
    """The service's PostgreSQL, as one worker sees it."""

    def __init__(self, settings: Settings) -> None:
        self.address = settings.database or ""
        """For who needs a connection of its own."""
        self._pool = _Pool(
            self.address,
            connection_class=Connection,
            kwargs={
                # Reads are one statement each: a transaction around it would add two round trips.
                "autocommit": True,
                "prepare_threshold": settings.db_prepare_threshold or None,
                "connect_timeout": 2,
                "application_name": "plccoach-api",
                "options": _SESSION_SETTINGS,
            },
            min_size=min(2, settings.db_pool_size),
            max_size=settings.db_pool_size,
            timeout=settings.db_pool_timeout,
            reconnect_timeout=_RECONNECT_SECONDS,
            # Made closed: a pool belongs to the event loop that opens it.
            open=False,
            check=self._check,
            name="plccoach-api",
        )
        self._weeding: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Does not wait for the database, which may come later."""
        await self._pool.open()

    async def close(self) -> None:
        if self._weeding:
            self._weeding.cancel()
        await self._pool.close(timeout=2)

    async def run_idempotent(
        self, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a query outside a transaction, and once more when its connection turns out to be lost.

        The first attempt may have committed before the connection was lost, so pass only what may run
        twice: reads, and writes that change nothing and return the same when they are repeated. Every
        statement of `query` commits by itself. Anything else belongs in a `transaction()`.
        """
        try:
            return await self._attempt(query, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if not _lost(error):
                raise
        await self._weed()
        return await self._attempt(query, *args, **kwargs)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction that commits when the block ends and rolls back when it raises."""
        try:
            connection, stack = await self._begin()
        except (OperationalError, InterfaceError) as error:
            if not _lost(error):
                raise
            await self._weed()
            connection, stack = await self._begin()
        async with stack:
            yield connection
        connection.alive_at = monotonic()

    async def _attempt(
        self, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        # Not `pool.connection()`, which commits as well: there is no transaction here.
        connection = await self._pool.getconn()
        try:
            with ConnectionDeadline(connection, _ANSWER_SECONDS):
                result = await query(connection, *args, **kwargs)
            connection.alive_at = monotonic()
            return result
        finally:
            await self._pool.putconn(connection)

    async def _begin(self) -> tuple[Connection, AsyncExitStack]:
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(self._pool.connection())
            stack.enter_context(ConnectionDeadline(connection, _ANSWER_SECONDS))
            await stack.enter_async_context(connection.transaction())
            return connection, stack.pop_all()

    async def _check(self, connection: Connection) -> None:
        if monotonic() - connection.alive_at < _TRUSTED_SECONDS:
            return
        try:
            await _probe(connection)
        except (OperationalError, InterfaceError):
            # The others died with it, most likely. The pool would try them one by one, a second apart.
            self._start_weeding()
            raise

    async def _weed(self) -> None:
        """Has the pool replace its dead connections; does not wait long for a frozen server."""
        await asyncio.wait({self._start_weeding()}, timeout=_PROBE_SECONDS)

    def _start_weeding(self) -> asyncio.Task[None]:
        if self._weeding is None or self._weeding.done():
            self._weeding = asyncio.create_task(self._pool.check(), name="weed the pool")
        return self._weeding


class _Pool(AsyncConnectionPool[Connection]):
    """psycopg's pool; its `check()` of all connections is bounded as ours at the checkout is."""

    @staticmethod
    async def check_connection(conn: Connection) -> None:
        await _probe(conn)


async def _probe(connection: Connection) -> None:
    with ConnectionDeadline(connection, _PROBE_SECONDS):
        await connection.execute("")
    connection.alive_at = monotonic()


def _lost(error: OperationalError | InterfaceError) -> bool:
    """Whether the connection is gone, as opposed to a statement refused or a pool exhausted."""
    if isinstance(error, PoolTimeout):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
