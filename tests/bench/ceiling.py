"""The ceiling: what the server, the driver and the statements allow when nothing stands between them.

The same granian, the same SQL texts, the same pool; but no framework, no middleware, no log, no
connection check, and one checkout for all statements of a request.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from granian.constants import HTTPModes, Interfaces, Loops
from granian.server import Server
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from plccoach_api import __version__, ids
from plccoach_api.coach.answer import Answer, compose
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.messages import PREVIEW_CHARACTERS, title_of
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, SessionCookie
from plccoach_api.structs.page import DEFAULT_LIMIT
from tests.bench.statements import TEXTS

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Connection = AsyncConnection[DictRow]

_HEADERS = [(b"content-type", b"application/json")]
_PASSAGES = 7

_encode = msgspec.json.Encoder(decimal_format="number").encode
_cookie = SessionCookie(secure=False)
# As plccoach_api/database/pool.py makes it.
_pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
    os.environ.get("DATABASE_URL", ""),
    kwargs={
        "autocommit": True,
        "prepare_threshold": 5,
        "connect_timeout": 2,
        "options": "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s"
        " -c timezone=UTC",
        "row_factory": dict_row,
    },
    min_size=2,
    max_size=20,
    timeout=2,
    open=False,
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    body = _encode(await _HANDLERS[scope["path"]](scope, receive))
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await _pool.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await _pool.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _health(_scope: Scope, _receive: Receive) -> object:
    return {"status": "healthy", "service": "plccoach-api", "version": __version__}


async def _ready(_scope: Scope, _receive: Receive) -> object:
    async with _pool.connection() as connection:
        await (await connection.execute(TEXTS["schema/get"])).fetchone()
    return {"status": "ready", "database": "connected"}


async def _me(scope: Scope, _receive: Receive) -> object:
    async with _pool.connection() as connection:
        return await _user(connection, scope)


async def _conversations(scope: Scope, _receive: Receive) -> object:
    async with _pool.connection() as connection:
        user = await _user(connection, scope)
        cursor = await connection.execute(
            TEXTS["conversations/list_for_user"],
            {
                "user_id": user["id"],
                "status": "active",
                "before_time": None,
                "before_id": None,
                "preview_characters": PREVIEW_CHARACTERS,
                "limit": DEFAULT_LIMIT + 1,
            },
        )
        rows = await cursor.fetchall()
    return {"items": rows[:DEFAULT_LIMIT], "next_cursor": None}


async def _ask(scope: Scope, receive: Receive) -> object:
    question = msgspec.json.decode((await receive())["body"])["query"]
    async with _pool.connection() as connection:
        user = await _user(connection, scope)
        cursor = await connection.execute(TEXTS["chunks/search"], {"question": question, "limit": _PASSAGES})
        answer = compose([msgspec.convert(row, Passage) for row in await cursor.fetchall()])
        async with connection.transaction():
            await _store(connection, {"user_id": user["id"], "now": datetime.now(UTC)}, question, answer)
    return {"response": answer.content, "citations": answer.citations}


async def _store(connection: Connection, common: dict[str, Any], question: str, answer: Answer) -> None:
    conversation_id = ids.new()
    await connection.execute(
        TEXTS["conversations/create"], {**common, "id": conversation_id, "title": title_of(question)}
    )
    message = {
        **dict.fromkeys(("kind", "input_tokens", "output_tokens", "cost_usd", "response_time_ms")),
        "user_id": common["user_id"],
        "conversation_id": conversation_id,
        "status": "complete",
        "domains": [],
        "created_at": common["now"],
    }
    asked = {"id": ids.new(), "role": "user", "content": question, "citations": Jsonb([])}
    citations = Jsonb(msgspec.to_builtins(answer.citations))
    told = {"id": ids.new(), "role": "assistant", "content": answer.content, "citations": citations}
    for each in (asked, told):
        await connection.execute(TEXTS["messages/create"], {**message, **each})


async def _user(connection: Connection, scope: Scope) -> DictRow:
    token = _cookie.token([value for name, value in scope["headers"] if name == b"cookie"])
    if token is None:
        raise LookupError("no session cookie")
    cursor = await connection.execute(
        TEXTS["sessions/get"],
        {"user_id": token.user_id, "token_hash": token.hash, "idle": IDLE, "touch_every": TOUCH_EVERY},
    )
    user = await cursor.fetchone()
    if user is None:
        raise LookupError("no session")
    return user


_HANDLERS = {
    "/health": _health,
    "/ready": _ready,
    "/auth/me": _me,
    "/api/conversations": _conversations,
    "/api/coach/query": _ask,
}


def main() -> None:
    Server(
        "tests.bench.ceiling:app",
        interface=Interfaces.ASGI,
        port=int(os.environ["PORT"]),
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=4096,
        backpressure=4096,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
