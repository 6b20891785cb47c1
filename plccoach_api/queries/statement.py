"""Query functions: each is a signature and a decorator, and runs the .sql file of its name.

In queries/conversations.py, this function runs sql/conversations/get.sql:

    @one_or_none
    async def get(connection: Connection, *, user_id: UUID, id: UUID) -> Conversation | None: ...

The decorator says how many rows come back. The return type says what a row becomes: a Row struct, or for a single
column its type. The keyword arguments are the file's placeholders. A mapping or a sequence of structs is sent as jsonb,
any other sequence as an array. The function has no body, because the decorator replaces it. The file is read when the
module is imported, so a missing file stops the process.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from types import NoneType, UnionType
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg.rows import dict_row, scalar_row
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads

from plccoach_api import resources, tracing
from plccoach_api.database.pool import Connection
from plccoach_api.tracing import conventions

P = ParamSpec("P")
Result = TypeVar("Result")
Count = TypeVar("Count", int, None)
Query: TypeAlias = Callable[P, Coroutine[Any, Any, Result]]

# Citations come with every message: the standard library's decoder took a sixth of the time to read a conversation.
set_json_loads(msgspec.json.decode)
set_json_dumps(msgspec.json.encode)
# Vectors travel in binary. A cast in the statement tells the server their type, so no connection has to look it up.
psycopg.adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)

_POSTGRESQL = {conventions.DB_SYSTEM: "postgresql"}


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a statement's result. A missing, extra, null or misspelt column raises ValidationError."""


@dataclass(frozen=True, slots=True)
class Statement(Generic[Result]):
    """The text of sql/<name>.sql, and the type that one row of its result becomes."""

    name: str
    result: type[Result]
    text: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        source = (resources.SQL / f"{self.name}.sql").read_text("utf-8")
        # The comment lets pg_stat_activity and the server's log say which file is slow.
        object.__setattr__(self, "text", f"/* {self.name} */ {source.strip()}".encode())


def one(stub: Query[P, Result]) -> Query[P, Result]:
    """Returns the only row; raises LookupError when the statement returns none, or more than one."""
    return _query(stub, _one, get_type_hints(stub)["return"])


def one_or_none(stub: Query[P, Result | None]) -> Query[P, Result | None]:
    """Returns the only row or None; raises LookupError when the statement returns more than one."""
    [result, _] = get_args(get_type_hints(stub)["return"])
    return _query(stub, _one_or_none, result)


def rows(stub: Query[P, list[Result]]) -> Query[P, list[Result]]:
    """Returns all rows."""
    [result] = get_args(get_type_hints(stub)["return"])
    return _query(stub, _rows, result)


def execute(stub: Query[P, Count]) -> Query[P, Count]:
    """Returns the number of rows that the statement changed, or None if its callers do not need to know."""
    return _query(stub, _execute, NoneType)


def copy(stub: Query[P, int]) -> Query[P, int]:
    """Sends rows to a COPY and returns their number. The order of a row's values is that of the file's columns."""
    return _query(stub, _copy, NoneType)


def _query(stub: Callable[P, Any], run: Callable[..., Any], result: type[Any]) -> Callable[P, Any]:
    statement: Statement[Any] = Statement(f"{stub.__module__.rpartition('.')[2]}/{stub.__name__}", result)
    adapters = {name: adapt for name, hint in get_type_hints(stub).items() if (adapt := _adapter(hint))}

    @wraps(stub)
    def query(connection: Connection, rows: Iterable[Sequence[Any]] | None = None, /, **parameters: Any) -> Any:
        for name, adapt in adapters.items():
            if parameters[name] is not None:
                parameters[name] = adapt(parameters[name])
        # A COPY takes rows in the place of parameters.
        return _with_name(statement, run(statement, connection, parameters if rows is None else rows))

    # The contract test reads them.
    query.__dict__.update(statement=statement, adapters=adapters)
    return cast("Callable[P, Any]", query)


async def _with_name(statement: Statement[Any], result: Coroutine[Any, Any, Result]) -> Result:
    """Gives the file's name to the statement's span, and to an error.

    The function that was called leaves no frame in the error's traceback.
    """
    with tracing.client_span(statement.name, _POSTGRESQL) as span:
        try:
            return await result
        except Exception as error:
            error.add_note(f"in sql/{statement.name}.sql")
            if isinstance(error, psycopg.Error) and error.sqlstate:
                span.set(conventions.DB_STATUS, error.sqlstate)
                span.fail(error.sqlstate)
            else:
                span.fail(type(error).__name__)
            raise


async def _one(statement: Statement[Result], connection: Connection, parameters: Mapping[str, Any]) -> Result:
    row = await _one_or_none(statement, connection, parameters)
    if row is None:
        raise LookupError(f"{statement.name} returned no row")
    return row


async def _one_or_none(
    statement: Statement[Result], connection: Connection, parameters: Mapping[str, Any]
) -> Result | None:
    rows = await _fetch(statement, connection, parameters)
    if len(rows) > 1:
        raise LookupError(f"{statement.name} returned {len(rows)} rows instead of one")
    # For one row, msgspec takes half as long as for a list of one.
    return msgspec.convert(rows[0], statement.result) if rows else None


async def _rows(statement: Statement[Result], connection: Connection, parameters: Mapping[str, Any]) -> list[Result]:
    rows = await _fetch(statement, connection, parameters)
    return msgspec.convert(rows, list[statement.result])  # type: ignore[name-defined]


async def _fetch(statement: Statement[Any], connection: Connection, parameters: Mapping[str, Any]) -> list[Any]:
    # A client-side cursor has fetched all rows when `execute` returns, so there is nothing to close.
    cursor = connection.cursor(row_factory=dict_row if issubclass(statement.result, Row) else scalar_row)
    await cursor.execute(statement.text, parameters)
    return await cursor.fetchall()


async def _execute(statement: Statement[Any], connection: Connection, parameters: Mapping[str, Any]) -> int:
    return (await connection.execute(statement.text, parameters)).rowcount


async def _copy(statement: Statement[Any], connection: Connection, rows: Iterable[Sequence[Any]]) -> int:
    async with connection.cursor() as cursor:
        async with cursor.copy(statement.text) as copy:
            for row in rows:
                await copy.write_row(row)
        return cursor.rowcount


def _adapter(hint: Any) -> Callable[[Any], Any] | None:
    """Returns the function that turns an argument into jsonb or an array, or None when psycopg can send it unchanged.

    The annotation decides and not the value, because an empty sequence may stand for either.
    """
    container, parts = get_origin(hint), get_args(hint)
    if container is UnionType:  # of `Sequence[int] | None`
        return _adapter(parts[0])
    if container is Mapping or (container is Sequence and issubclass(parts[0], msgspec.Struct)):
        return Jsonb
    if container is Sequence:
        return uuid_array if parts[0] is UUID else text_array if issubclass(parts[0], str) else list
    return None


# PostgreSQL's text for an array. psycopg takes ten times as long for a list of a hundred ids or words.
def uuid_array(ids: Sequence[UUID]) -> str:
    return f"{{{','.join(id_.hex for id_ in ids)}}}"


def text_array(texts: Sequence[str]) -> str:
    quoted = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{quoted}"}}' if texts else "{}"
