"""A database with a read replica, which answers the reads that may be some seconds old.

PostgreSQL's streaming replication copies the primary to the replica, a moment later. Once a second a check compares how
far both are. The replica answers only while it is known to have everything that the primary had committed
DATABASE_READ_MAX_LAG seconds ago; a check that does not come through proves nothing, so the replica is then no longer
used. In every other case the primary answers. docs/decisions/read-replica.md has the reasons.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from math import inf
from time import monotonic
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from msgspec import structs
from psycopg import AsyncConnection, Error
from psycopg.errors import QueryCanceled
from psycopg.rows import class_row

from plccoach_api import logs, metrics
from plccoach_api.database.failures import Failure, failure_of
from plccoach_api.database.pool import Connection, Database
from plccoach_api.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

_log = logs.get_logger(__name__)

_CHECK_SECONDS = 1.0
# No request waits for a check, so a slow server has more time for it than for a request.
_CHECK_TIMEOUT_SECONDS = 5.0
# A replica that failed must not cost every request an attempt, nor fill the log.
_REST_SECONDS = 5.0

# pg_last_xact_replay_timestamp() would not do: while nothing is written it grows, and a replica that has lost its
# primary looks as if it had replayed everything.
_POSITION = """
    SELECT
        c.system_identifier AS cluster,
        d.oid::bigint AS database,
        r.is_standby,
        coalesce(
            pg_wal_lsn_diff(
                CASE WHEN r.is_standby THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0'
            ),
            0
        )::bigint AS bytes
    FROM pg_control_system() AS c
    CROSS JOIN (SELECT pg_is_in_recovery() AS is_standby) AS r
    INNER JOIN pg_database AS d ON d.datname = current_database()
"""


class Position(NamedTuple):
    """How far a server is in the write-ahead log of its cluster."""

    cluster: int
    database: int
    is_standby: bool
    bytes: int

    def is_copy_of(self, primary: "Position") -> bool:
        return self.is_standby and (self.cluster, self.database) == (primary.cluster, primary.database)


async def read_position(connection: AsyncConnection[Any]) -> Position:
    async with connection.cursor(row_factory=class_row(Position)) as cursor:
        await cursor.execute(_POSITION)
        [position] = await cursor.fetchall()
        return position


class _State(StrEnum):
    """The state of the replica, as the log names it."""

    unchecked = "not checked yet"
    used = "used"
    unreachable = "it cannot be reached"
    no_copy = "it is no standby of the database"
    behind = "it is too far behind"
    unknown = "its check failed"


_RESTING = frozenset({_State.unreachable, _State.unknown})


class _Mark(NamedTuple):
    """The position of the primary at a time, in monotonic seconds."""

    at: float
    position: Position


def make_database(settings: Settings) -> Database:
    return ReplicatedDatabase(settings) if settings.database_read else Database(settings)


class ReplicatedDatabase(Database):
    """The pool of the primary, with a second pool for the replica."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._replica_pool = Database(settings.replica, "plccoach-api replica")
        # Checks have connections of their own. A check that waited behind requests would take a busy replica for a dead
        # one; and while the primary is busy, the replica would age and give up its reads to the primary.
        self._primary_check = _check_pool(settings, "plccoach-api primary check")
        self._replica_check = _check_pool(settings.replica, "plccoach-api replica check")
        self._max_lag = settings.database_read_max_lag
        self._state = _State.unchecked
        self._mark: _Mark | None = None
        self._complete_until = -inf
        """The replica has everything that the primary had committed at this time, in monotonic seconds."""
        self._rests_until = -inf
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await super().open()
        await self._replica_pool.open()
        await self._primary_check.open()
        await self._replica_check.open()
        self._watching = asyncio.create_task(self._watch(), name="watch the read replica")

    async def close(self) -> None:
        if self._watching:
            self._watching.cancel()
        await self._replica_check.close()
        await self._primary_check.close()
        await self._replica_pool.close()
        await super().close()

    async def run_on_replica(
        self, query: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs a read on the replica, or on the primary when the replica cannot answer now."""
        if self._can_answer():
            try:
                result = await self._replica_pool.run_once(query, *args, **kwargs)
            except QueryCanceled:
                # The statement took too long. It would take as long on the primary.
                raise
            except Error as error:
                self._note_failure(error)
            else:
                metrics.REPLICA_READS.inc("replica")
                return result
        metrics.REPLICA_READS.inc("primary")
        return await self.run_idempotent(query, *args, **kwargs)

    def _can_answer(self) -> bool:
        return monotonic() >= self._rests_until and self._lag() <= self._max_lag

    def _lag(self) -> float:
        """Returns the most seconds that the replica may be behind."""
        return monotonic() - self._complete_until

    def _note_failure(self, error: Error) -> None:
        """Lets the replica rest, unless the failure says nothing about it: a full pool, or a conflict with its replay.

        During a deployment the replica may have the tables of the old version for a moment. It rests then too.
        """
        if failure_of(error) not in {Failure.refused, Failure.conflict}:
            _log.warning("read replica failed", sqlstate=error.sqlstate, rest_seconds=_REST_SECONDS)
            self._rests_until = monotonic() + _REST_SECONDS

    async def _watch(self) -> None:
        while True:
            self._log_change(await self._try_to_check())
            metrics.REPLICA_LAG.set(self._lag())
            await asyncio.sleep(_REST_SECONDS if self._state in _RESTING else _CHECK_SECONDS)

    async def _try_to_check(self) -> _State:
        """Checks, and lives through any error, because nobody would notice the end of the watch."""
        try:
            return await self._check()
        except Exception:  # noqa: BLE001 - see above
            if self._state is not _State.unknown:
                _log.exception("checking the read replica failed")
            self._forget()
            return _State.unknown

    async def _check(self) -> _State:
        """Asks the primary and then the replica for their positions.

        While the primary is written to, the replica seldom has reached its present position. So the last position that
        it had not reached stays marked. The state stays as it is when the primary cannot be asked.
        """
        try:
            now = _Mark(monotonic(), await self._primary_check.run_once(read_position))
        except Error:
            return self._state
        try:
            found = await self._replica_check.run_once(read_position)
        except Error:
            self._forget()
            return _State.unreachable
        if not found.is_copy_of(now.position):
            self._forget()
            return _State.no_copy
        reached = next((each for each in (now, self._mark) if each and found.bytes >= each.position.bytes), None)
        if reached:
            self._complete_until = reached.at
        # An old mark may be one that no server reaches any more, because a fail-over has lost it.
        if reached or self._mark is None or now.at - self._mark.at > self._max_lag:
            self._mark = now
        return _State.used if self._lag() <= self._max_lag else _State.behind

    def _forget(self) -> None:
        """Stops using the replica until a check succeeds."""
        self._mark, self._complete_until = None, -inf

    def _log_change(self, state: _State) -> None:
        if state is self._state:
            return
        self._state = state
        if state is _State.used:
            _log.info("read replica is used")
        else:
            _log.warning("read replica is not used", reason=state.value)


def _check_pool(settings: Settings, name: str) -> Database:
    return Database(structs.replace(settings, db_pool_size=1, db_pool_timeout=_CHECK_TIMEOUT_SECONDS), name)
