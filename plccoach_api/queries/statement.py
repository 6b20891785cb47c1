"""Statement: one .sql file, run with named parameters, its rows checked into structs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from psycopg.rows import dict_row
from psycopg.types.json import set_json_dumps, set_json_loads

from plccoach_api import resources
from plccoach_api.database.pool import Connection

Result = TypeVar("Result")

# Citations come with every message: the standard library's decoder was a sixth of reading a conversation.
set_json_loads(msgspec.json.decode)
set_json_dumps(msgspec.json.encode)


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a statement's result. A missing, extra, null or misspelt column raises ValidationError."""


@dataclass(frozen=True, slots=True)
class Statement(Generic[Result]):
    """The file sql/<name>.sql, made once, when its query module is imported: a missing file stops the process.

    `Result` is what one row becomes: a Row struct, or for a single column its type. A statement
    that returns no rows has the result `None`.
    """

    name: str
    result: type[Result]
    text: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        source = (resources.SQL / f"{self.name}.sql").read_text("utf-8")
        # The name goes along to the server, so that pg_stat_activity and its log say which file is slow.
        object.__setattr__(self, "text", f"/* {self.name} */ {source.strip()}".encode())

    async def execute(self, connection: Connection, **parameters: Any) -> int:
        """Runs it for its effect; says how many rows it touched."""
        cursor = await connection.execute(self.text, parameters)
        return cursor.rowcount

    async def load(self, connection: Connection, rows: Iterable[Sequence[Any]]) -> int:
        """Sends the rows to a COPY; says how many they were."""
        async with connection.cursor() as cursor:
            async with cursor.copy(self.text) as copy:
                for row in rows:
                    await copy.write_row(row)
            return cursor.rowcount

    async def one(self, connection: Connection, **parameters: Any) -> Result:
        """Its only row; a statement that returned none has broken its promise."""
        row = await self.one_or_none(connection, **parameters)
        if row is None:
            raise LookupError(f"{self.name} returned no row")
        return row

    async def one_or_none(self, connection: Connection, **parameters: Any) -> Result | None:
        rows = await self.all(connection, **parameters)
        if len(rows) > 1:
            raise LookupError(f"{self.name} returned {len(rows)} rows instead of one")
        return rows[0] if rows else None

    async def all(self, connection: Connection, **parameters: Any) -> list[Result]:
        # Its rows are all here when it was executed: a cursor of this kind has nothing to close.
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(self.text, parameters)).fetchall()
        if issubclass(self.result, Row):
            return msgspec.convert(rows, list[self.result])  # type: ignore[name-defined]
        return [msgspec.convert(value, self.result) for row in rows for value in row.values()]
