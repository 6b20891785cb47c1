"""The database server itself: its version, its extension, our rights and its clock."""

from collections.abc import Sequence
from datetime import datetime

from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, one, rows


class Server(Row, frozen=True):
    installed_vector: str | None
    available_vector: str | None
    lacking: int
    vector_is_visible: bool
    """False if its schema is not in the search_path, such as `extensions` at some hosts."""
    version_number: int
    """As PostgreSQL numbers it: 170002 is 17.2."""
    read_only: bool
    may_create: bool
    answered_at: datetime


class SessionSetting(Row, frozen=True):
    name: str
    setting: str


@one
async def get(connection: Connection) -> Server: ...


@rows
async def list_session_settings(connection: Connection, *, names: Sequence[str]) -> list[SessionSetting]: ...
