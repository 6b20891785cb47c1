"""The signed-in person's own sessions, one for each browser."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.params import PathParameter

from plccoach_api import logs, problems
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.maintenance.retention import remove_expired_sessions
from plccoach_api.queries import sessions
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.sessions import IDLE
from plccoach_api.structs.sessions import Session, SessionCleanup, SessionList

_log = logs.get_logger(__name__)

SessionId = Annotated[UUID, PathParameter(description="The session's id.")]


@get("/auth/sessions", operation_id="listSessions", tags=["sign-in"], summary="List my sessions")
async def list_sessions(database: Injected[Database], user: Injected[SessionUser]) -> SessionList:
    """Returns the most recently used sessions first."""
    rows = await database.run_idempotent(sessions.list_for_user, user_id=user.id, idle=IDLE)
    return SessionList([Session.of(row, current=row.id == user.session_id) for row in rows])


@delete("/auth/sessions/{session_id:uuid}", operation_id="endSession", tags=["sign-in"], summary="End a session")
async def end_session(database: Injected[Database], user: Injected[SessionUser], session_id: SessionId) -> None:
    """Signs out the browser of that session, also when it is this browser."""
    async with database.transaction() as connection:
        if not await sessions.delete_by_id(connection, user_id=user.id, id=session_id):
            raise problems.NotFound
    _log.info("signed out", user_id=user.id, session_id=session_id)


@post(
    "/api/admin/cleanup-sessions",
    operation_id="cleanupSessions",
    tags=["administration"],
    summary="Delete expired sessions",
    status_code=200,
)
async def cleanup_sessions(database: Injected[Database]) -> SessionCleanup:
    """Deletes all expired sessions now. The service also deletes them every day."""
    return SessionCleanup(await remove_expired_sessions(database))


SESSION_ONLY = (list_sessions, end_session)
ADMIN = (cleanup_sessions,)
