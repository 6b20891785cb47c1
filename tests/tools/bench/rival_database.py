"""The rival's pool, the connection of a request, and the service's statements with asyncpg's placeholders."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg  # type: ignore[import-untyped]
import msgspec
from fastapi import Depends, FastAPI, Request
from pgvector.asyncpg import register_vector

from tests.tools.bench.statements import TEXTS, numbered

Record = Mapping[str, Any]

_SQL = {name: numbered(name) for name in TEXTS}


@asynccontextmanager
async def pool_open(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"],
        min_size=2,
        max_size=20,
        init=_prepare,
        server_settings={"statement_timeout": "5s", "timezone": "UTC", "jit": "off"},
    ) as pool:
        app.state.pool = pool
        yield


async def _prepare(connection: asyncpg.Connection) -> None:
    await register_vector(connection)
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=_as_json, decoder=msgspec.json.decode, schema="pg_catalog")


def _as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _connection(request: Request) -> AsyncIterator[asyncpg.Connection]:
    async with request.app.state.pool.acquire(timeout=2) as connection:
        yield connection


Connection = Annotated[asyncpg.Connection, Depends(_connection)]


async def run(connection: asyncpg.Connection, name: str, **parameters: Any) -> list[Record]:
    """Runs a statement. Parameters that are missing are null."""
    text, order = _SQL[name]
    rows: list[Record] = await connection.fetch(text, *[parameters.get(each) for each in order])
    return rows
