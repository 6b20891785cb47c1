"""The signed-in person, and signing out."""

from litestar import Request, Response, get, patch, post
from litestar.datastructures import ResponseHeader, State
from litestar.params import JSONBody

from plccoach_api import logs, problems
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.middleware import headers
from plccoach_api.queries import sessions, users
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.structs.auth import Me, MeUpdate, SignedOut

_log = logs.get_logger(__name__)

_CLEARED_COOKIE = ResponseHeader(name="Set-Cookie", documentation_only=True, description="Clears the session cookie.")


@get("/auth/me", operation_id="getMe", tags=["sign-in"], summary="Get the signed-in person", sync_to_thread=False)
def get_me(user: Injected[SignedInUser]) -> Me:
    """The response is 401 when nobody is signed in, so a front end can ask this first."""
    return Me.of(user)


@patch("/auth/me", operation_id="updateMe", tags=["sign-in"], summary="Change my name")
async def update_me(database: Injected[Database], user: Injected[SignedInUser], data: JSONBody[MeUpdate]) -> Me:
    """A name that is set here is not overwritten by the next sign-in."""
    name = data.name.strip()
    if not await database.run_idempotent(users.update_name, id=user.id, name=name):
        # The account has been deleted since the request was authenticated.
        raise problems.NotSignedIn
    return Me.of(user, name=name)


@post(
    "/auth/logout",
    operation_id="logout",
    tags=["sign-in"],
    summary="Sign out",
    status_code=200,
    response_headers=[_CLEARED_COOKIE],
)
async def logout(
    request: Request[None, None, State], database: Injected[Database], cookie: Injected[SessionCookie]
) -> Response[SignedOut]:
    """Ends the session, if there is one, and clears its cookie."""
    if token := cookie.token(headers.values(request.scope["headers"], b"cookie")):
        ended = await database.run_idempotent(sessions.delete, user_id=token.user_id, token_hash=token.hash)
        if ended:
            _log.info("signed out", user_id=token.user_id)
    return Response(SignedOut(), headers={"Set-Cookie": cookie.clear()})


@post(
    "/auth/logout-all",
    operation_id="logoutAll",
    tags=["sign-in"],
    summary="Sign out everywhere",
    status_code=200,
    response_headers=[_CLEARED_COOKIE],
)
async def logout_all(
    database: Injected[Database], user: Injected[SignedInUser], cookie: Injected[SessionCookie]
) -> Response[SignedOut]:
    """Ends all sessions of the signed-in person, in this browser and in all others. Personal tokens stay valid."""
    ended = await database.run_idempotent(sessions.delete_for_user, user_id=user.id)
    _log.info("signed out everywhere", user_id=user.id, sessions=ended)
    return Response(SignedOut(), headers={"Set-Cookie": cookie.clear()})


PUBLIC = (logout,)
SIGNED_IN = (get_me,)
SESSION_ONLY = (update_me, logout_all)
