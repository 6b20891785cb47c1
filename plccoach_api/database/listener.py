"""LISTEN on a connection of its own, beside the pool."""

import asyncio
from collections.abc import AsyncGenerator

from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.sql import SQL, Identifier

_RECONNECT_SECONDS = 1.0


async def listen(database: str, channel: str) -> AsyncGenerator[str, None]:
    """Yields the payloads of a channel, and an empty string each time it has begun to listen.

    The empty string tells the caller that notifications may have been missed before it. LISTEN needs
    a direct connection: a pooler lends the session to somebody else after each transaction.
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
                async for notification in connection.notifies():
                    yield notification.payload
        except (OperationalError, InterfaceError):
            await asyncio.sleep(_RECONNECT_SECONDS)
