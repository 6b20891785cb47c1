"""Reads from the SQLSTATE of a failed statement what is wrong with the database: the one table of such errors.

psycopg's classes alone do not tell these failures apart: it takes a read-only server for an internal error.
"""

from enum import Enum, auto
from typing import Final

from psycopg import Error, InterfaceError, OperationalError
from psycopg.errors import IdleInTransactionSessionTimeout, ReadOnlySqlTransaction
from psycopg_pool import PoolTimeout

UNAVAILABLE: Final = (OperationalError, InterfaceError, ReadOnlySqlTransaction, IdleInTransactionSessionTimeout)
"""The errors of a database that cannot do now what it could do later. A client receives 503 for them."""


class Failure(Enum):
    lost = auto()
    """The connection is lost. On another connection an idempotent statement may run again."""
    read_only = auto()
    """The server takes no writes: it was primary before a fail-over, or an operator protects it."""
    conflict = auto()
    """The server ended one of two transactions that were in each other's way. It may run again at once."""
    refused = auto()
    """The server or the pool has no room or no time for the statement."""


_BY_SQLSTATE: Final = {
    "08": Failure.lost,
    "25006": Failure.read_only,
    "25P03": Failure.lost,  # the transaction was idle for too long
    "40001": Failure.conflict,
    "40P01": Failure.conflict,  # deadlock
    "53": Failure.refused,  # no memory, no disk, no connection left
    "55P03": Failure.refused,  # lock_timeout
    "57": Failure.refused,  # statement_timeout
    "57P": Failure.lost,  # the server shuts down, crashed, or starts
}


def failure_of(error: Error) -> Failure | None:
    """Returns None for an error that says nothing about the database's state, such as a violated constraint."""
    if isinstance(error, PoolTimeout):
        return Failure.refused
    if error.sqlstate is None:
        return Failure.lost if isinstance(error, OperationalError | InterfaceError) else None
    prefixes = (error.sqlstate[:length] for length in (5, 3, 2))
    return next((_BY_SQLSTATE[prefix] for prefix in prefixes if prefix in _BY_SQLSTATE), None)
