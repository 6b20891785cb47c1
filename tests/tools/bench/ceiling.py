"""The ceiling: the fastest that the server, the driver and the statements allow.

It has the service's granian, SQL texts and pool settings. It has no framework, no middleware, no log and no connection
check, and it checks out one connection for all statements of a request.
"""

import os
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from granian.constants import HTTPModes, Interfaces, Loops
from granian.server import Server
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from plccoach_api import ids
from plccoach_api.coach.answer import ANSWER_SECONDS, Answer
from plccoach_api.coach.retrieval.router import Router
from plccoach_api.embedding.local import LOCAL
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import LEASE, PREVIEW_CHARACTERS, MessageStatus, title_of
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, SessionCookie
from plccoach_api.structs.page import DEFAULT_LIMIT
from plccoach_api.version import VERSION
from tests.coach.passages import composed
from tests.tools.bench.statements import TEXTS, nearest_parameters, search_parameters

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Connection = AsyncConnection[DictRow]

_HEADERS = [(b"content-type", b"application/json")]

_router = Router(LOCAL.embed_question)
_encode = msgspec.json.Encoder(decimal_format="number").encode
_cookie = SessionCookie(secure=False)
# The settings of plccoach_api/database/pool.py.
_pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
    os.environ.get("DATABASE_URL", ""),
    kwargs={
        "autocommit": True,
        "prepare_threshold": 5,
        "connect_timeout": 2,
        "options": "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s"
        " -c timezone=UTC -c jit=off",
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
    return {"status": "healthy", "service": "plccoach-api", "version": VERSION}


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
        async with connection.transaction():
            pending = await _begin(connection, user["id"], question)
        routed = await _router.route(question, (), time.monotonic() + ANSWER_SECONDS)
        wanted = await nearest_parameters(routed.text)
        [nearest] = await (await connection.execute(TEXTS["embeddings/nearest"], wanted)).fetchall()
        search = search_parameters(routed.text, wanted["embedding"], nearest)
        cursor = await connection.execute(TEXTS["chunks/search"], search)
        answer = await composed(routed.text, [msgspec.convert(row, Passage) for row in await cursor.fetchall()])
        await _complete(connection, pending, answer, routed.routing.domains)
    return {"response": answer.content, "citations": answer.citations}


async def _begin(connection: Connection, user_id: UUID, question: str) -> dict[str, UUID]:
    now, conversation_id, answer_id = datetime.now(UTC), ids.new(), ids.new()
    where = {"user_id": user_id, "conversation_id": conversation_id}
    await connection.execute(
        TEXTS["conversations/create"],
        {"user_id": user_id, "id": conversation_id, "title": title_of(question), "asked_at": now, "now": now},
    )
    await connection.execute(
        TEXTS["answers/create"],
        {
            **where,
            "question_id": ids.new(),
            "question": question,
            "answer_id": answer_id,
            "asked_at": now,
            "run_id": answer_id,
            "lease": LEASE,
        },
    )
    return {**where, "id": answer_id, "run_id": answer_id}


async def _complete(
    connection: Connection, pending: dict[str, UUID], answer: Answer, domains: Sequence[Domain]
) -> None:
    cursor = await connection.execute(
        TEXTS["answers/finish"],
        {
            **pending,
            "status": MessageStatus.complete,
            "content": answer.content,
            "kind": answer.kind,
            "citations": Jsonb(msgspec.to_builtins(answer.citations)),
            "domains": list(domains),
            "suggestions": list(answer.suggestions),
            "stopped_early": answer.stopped_early,
            "input_tokens": 0,
            "output_tokens": 0,
            "cost_usd": answer.cost_usd,
            "response_time_ms": 1,
        },
    )
    await cursor.fetchone()


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
        "tests.tools.bench.ceiling:app",
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
