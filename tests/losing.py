"""A database whose connection breaks after a statement was executed and before its response arrives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg.conninfo import conninfo_to_dict


@asynccontextmanager
async def losing(database_url: str, response: bytes) -> AsyncIterator[str]:
    """Runs a proxy of PostgreSQL that closes the connection instead of sending the first response with these bytes."""
    parameters = conninfo_to_dict(database_url)
    lost = asyncio.Event()
    served: list[asyncio.Task[None] | None] = []

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, responses: bool) -> None:
        while data := await reader.read(65536):
            if responses and response in data and not lost.is_set():
                lost.set()
                break
            writer.write(data)
        writer.close()
        await writer.wait_closed()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        server_reader, server_writer = await asyncio.open_unix_connection(f"{parameters['host']}/.s.PGSQL.5432")
        await asyncio.gather(copy(reader, server_writer, responses=False), copy(server_reader, writer, responses=True))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"postgresql://postgres@127.0.0.1:{port}/{parameters['dbname']}?sslmode=disable&gssencmode=disable"
        await asyncio.gather(*filter(None, served))
    assert lost.is_set()
