"""Table locks of migrations. A migration that waits for a lock holds up every request behind it.

ALTER TABLE waits until every open reader of the table has ended, and all later statements wait behind it. So a
migration gives up after two seconds, lets the requests pass, and tries again.
"""

import time
from collections.abc import Callable

import psycopg
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import DBAPIError

from plccoach_api import logs

_log = logs.get_logger(__name__)

_PAUSE_SECONDS = 2.0


def connect(database: str) -> psycopg.Connection:
    """Opens a connection on which a statement waits at most two seconds for a lock."""
    connection = psycopg.connect(database, application_name="plccoach-api migrate", connect_timeout=5, autocommit=True)
    # Not by the option `options` of the connection, which PgBouncer refuses.
    connection.execute("SET lock_timeout = '2s'")
    # The role may have the timeouts of requests.
    connection.execute("SET statement_timeout = 0")
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    # The migrations have regular expressions in plain quotes.
    connection.execute("SET standard_conforming_strings = on")
    connection.execute("SET client_min_messages = 'warning'")
    # Citus then asks its shards one after another: in parallel, one transaction could not change tables that refer to
    # each other. A server without Citus accepts the setting and ignores it.
    connection.execute("SET citus.multi_shard_modify_mode = 'sequential'")
    connection.autocommit = False
    return connection


def retry(migrate: Callable[[], None]) -> None:
    """Repeats until no lock is missing. Migrations that are already committed do not run again."""
    while True:
        try:
            migrate()
        except DBAPIError as error:
            if not isinstance(error.orig, LockNotAvailable | DeadlockDetected):
                raise
            _log.warning("migration waits for a lock", retry_seconds=_PAUSE_SECONDS)
            time.sleep(_PAUSE_SECONDS)
        else:
            return
