"""What other processes say through PostgreSQL, heard on a connection of its own beside the pool's."""

import asyncio
from collections.abc import AsyncGenerator

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.sql import SQL, Identifier

_AGAIN_SECONDS = 1.0


async def listen(database: str, channel: str) -> AsyncGenerator[str, None]:
    """What is told on a channel, for ever; something empty when it begins, and again after every outage.

    Behind a pooler that changes connections at every transaction nothing is heard.
    """
    statement = SQL("LISTEN {}").format(Identifier(channel))
    while True:
        try:
            connection = await AsyncConnection.connect(
                database, autocommit=True, connect_timeout=2, application_name="plccoach-api listener"
            )
            async with connection:
                await connection.execute(statement)
                yield ""
                async for notice in connection.notifies():
                    yield notice.payload
        except (OperationalError, InterfaceError):
            await asyncio.sleep(_AGAIN_SECONDS)
