"""The rival: FastAPI, asyncpg and uvicorn, used as someone who knows them well would use them.

It runs the service's statements and gives the same answers. A dependency opens one connection for each request.
"""

import asyncio
import os
from datetime import UTC, datetime
from time import monotonic, perf_counter
from typing import Annotated

import msgspec
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.middleware.cors import CORSMiddleware

from plccoach_api import ids
from plccoach_api.coach.answer import ANSWER_SECONDS
from plccoach_api.coach.retrieval.router import Router
from plccoach_api.embedding.local import LOCAL
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.cursors import Cursors
from plccoach_api.rules.messages import LEASE, PREVIEW_CHARACTERS, MessageStatus, title_of
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, SessionCookie, SessionToken
from plccoach_api.version import VERSION
from tests.coach.passages import composed
from tests.tools.bench.rival_database import Connection, Record, pool_open, run
from tests.tools.bench.rival_middleware import Observed, configure_log
from tests.tools.bench.rival_models import (
    Citation,
    CoachAnswer,
    CoachQuery,
    ConversationPage,
    ConversationSummary,
    Health,
    Me,
    Organization,
    Readiness,
    TokenUsage,
)
from tests.tools.bench.statements import nearest_parameters, search_parameters

_COOKIE = SessionCookie(secure=False).name
_router = Router(LOCAL.embed_question)


app = FastAPI(title="PLC Coach API", version=VERSION, lifespan=pool_open)
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:5173"], allow_credentials=True, allow_methods=["*"])
app.add_middleware(Observed)


async def _user(request: Request, connection: Connection) -> Record:
    token = SessionToken.parse(request.cookies.get(_COOKIE, ""))
    if token is None:
        raise HTTPException(401)
    rows = await run(
        connection, "sessions/get", user_id=token.user_id, token_hash=token.hash, idle=IDLE, touch_every=TOUCH_EVERY
    )
    if not rows:
        raise HTTPException(401)
    user = rows[0]
    if user["touch_due"]:
        await run(connection, "sessions/touch", user_id=user["id"], id=user["session_id"], touch_every=TOUCH_EVERY)
    return user


User = Annotated[Record, Depends(_user)]


@app.get("/health")
async def health() -> Health:
    return Health(version=VERSION)


@app.get("/ready")
async def ready(connection: Connection) -> Readiness:
    rows = await asyncio.wait_for(run(connection, "schema/get"), timeout=1.7)
    if not rows or rows[0]["read_only"]:
        raise HTTPException(503, headers={"Retry-After": "2"})
    return Readiness()


@app.get("/auth/me")
async def me(user: User) -> Me:
    organization = None
    if user["organization_id"]:
        organization = Organization(id=user["organization_id"], name=user["organization_name"])
    return Me(**user, organization=organization)


@app.get("/api/conversations")
async def list_conversations(
    connection: Connection,
    user: User,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> ConversationPage:
    cursors = Cursors(user["id"], "conversations", datetime)
    before_time, before_id = cursors.read(cursor)
    rows = await run(
        connection,
        "conversations/list_for_user",
        user_id=user["id"],
        status="active",
        before_time=before_time,
        before_id=before_id,
        preview_characters=PREVIEW_CHARACTERS,
        limit=limit + 1,
    )
    next_cursor = None
    if len(rows) > limit:
        next_cursor = cursors.write(rows[limit - 1]["updated_at"], rows[limit - 1]["id"])
    return ConversationPage(items=[ConversationSummary(**row) for row in rows[:limit]], next_cursor=next_cursor)


@app.post("/api/coach/query")
async def ask(connection: Connection, user: User, body: CoachQuery) -> CoachAnswer:
    started = perf_counter()
    conversation_id, message_id, now = ids.new(), ids.new(), datetime.now(UTC)
    where = {"user_id": user["id"], "conversation_id": conversation_id}
    async with connection.transaction():
        title = title_of(body.query)
        await run(
            connection,
            "conversations/create",
            user_id=user["id"],
            id=conversation_id,
            title=title,
            asked_at=now,
            now=now,
        )
        await run(
            connection,
            "answers/create",
            **where,
            question_id=ids.new(),
            question=body.query,
            answer_id=message_id,
            asked_at=now,
            run_id=message_id,
            lease=LEASE,
        )
    routed = await _router.route(body.query, (), monotonic() + ANSWER_SECONDS)
    wanted = await nearest_parameters(routed.text)
    [nearest] = await run(connection, "embeddings/nearest", **wanted)
    found = await run(connection, "chunks/search", **search_parameters(routed.text, wanted["embedding"], nearest))
    answer = await composed(routed.text, [msgspec.convert(dict(row), Passage) for row in found])
    stored = {
        "status": MessageStatus.complete,
        "kind": answer.kind,
        "content": answer.content,
        "citations": answer.citations,
        "domains": routed.routing.domains,
        "suggestions": answer.suggestions,
        "stopped_early": answer.stopped_early,
    }
    cost = {"input_tokens": 0, "output_tokens": 0, "cost_usd": answer.cost_usd, "response_time_ms": 1}
    await run(connection, "answers/finish", **where, id=message_id, run_id=message_id, **stored, **cost)
    return CoachAnswer(
        conversation_id=conversation_id,
        message_id=message_id,
        kind=answer.kind,
        response=answer.content,
        citations=[Citation(**msgspec.structs.asdict(each)) for each in answer.citations],
        domains=list(routed.routing.domains),
        response_time_ms=round((perf_counter() - started) * 1000),
        token_usage=TokenUsage(),
        cost_usd=0.0,
    )


def main() -> None:
    configure_log()
    uvicorn.run(
        app, port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main()
