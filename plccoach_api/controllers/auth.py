"""Signing in, signing out, and who is signed in."""

from datetime import datetime
from typing import Annotated

from litestar import Request, Response, get, post
from litestar.datastructures import ResponseHeader, State
from litestar.params import QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_302_FOUND

from plccoach_api import ids, problems
from plccoach_api.database.pool import Database
from plccoach_api.dependencies import Injected
from plccoach_api.identity import development
from plccoach_api.middleware import headers
from plccoach_api.queries import sessions
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.roles import Role
from plccoach_api.rules.sessions import LIFETIME, SessionCookie, Token
from plccoach_api.settings import Settings
from plccoach_api.structs.auth import Me, SignedOut
from plccoach_api.structs.text import NO_NUL

_USER_AGENT_CHARACTERS = 400

Email = Annotated[
    str, QueryParameter(min_length=3, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", description="Who signs in.")
]
Name = Annotated[str | None, QueryParameter(min_length=1, max_length=200, pattern=NO_NUL, description="Their name.")]
AsRole = Annotated[Role, QueryParameter(description="What they are to the service from now on.")]

_NEW_SESSION = ResponseHeader(name="Set-Cookie", documentation_only=True, description="The session's cookie.")
_NO_SESSION = ResponseHeader(name="Set-Cookie", documentation_only=True, description="Clears the session's cookie.")


@get(
    "/auth/dev/login",
    operation_id="devLogin",
    tags=["sign-in"],
    summary="Sign in as anyone, in development",
    status_code=HTTP_302_FOUND,
    response_headers=[_NEW_SESSION],
    response_description="Signed in; on to the front end.",
    problems=[problems.NotFound],
)
async def dev_login(
    request: Request[None, None, State],
    database: Injected[Database],
    settings: Injected[Settings],
    cookie: Injected[SessionCookie],
    now: Injected[datetime],
    email: Email = development.DEFAULT_EMAIL,
    name: Name = None,
    role: AsRole = Role.educator,
) -> Redirect:
    """Signs in the local account with that email and returns to the front end. Elsewhere there is nothing here."""
    if settings.in_production:
        raise problems.NotFound
    before = cookie.token(headers.values(request.scope["headers"], b"cookie"))
    async with database.transaction() as connection:
        user = await development.sign_in(connection, email=email, name=name, role=role, now=now)
        token = Token.new(user.id)
        await sessions.create(
            connection,
            user_id=user.id,
            id=ids.new(),
            token_hash=token.hash,
            user_agent=request.headers.get("user-agent", "")[:_USER_AGENT_CHARACTERS],
            lifetime=LIFETIME,
        )
        if before:
            await sessions.delete(connection, user_id=before.user_id, token_hash=before.hash)
    return Redirect(
        f"{settings.frontend_url}/dashboard", status_code=HTTP_302_FOUND, headers={"Set-Cookie": cookie.set(token)}
    )


@post(
    "/auth/logout",
    operation_id="logout",
    tags=["sign-in"],
    summary="Sign out",
    status_code=200,
    response_headers=[_NO_SESSION],
)
async def logout(
    request: Request[None, None, State], database: Injected[Database], cookie: Injected[SessionCookie]
) -> Response[SignedOut]:
    """Ends the session, if there is one, and clears its cookie."""
    if token := cookie.token(headers.values(request.scope["headers"], b"cookie")):
        await database.run(sessions.delete, user_id=token.user_id, token_hash=token.hash)
    return Response(SignedOut(), headers={"Set-Cookie": cookie.clear()})


@get("/auth/me", operation_id="getMe", tags=["sign-in"], summary="Who is signed in", sync_to_thread=False)
def get_me(user: Injected[SessionUser]) -> Me:
    return Me.of(user)


PUBLIC = (dev_login, logout)
SIGNED_IN = (get_me,)
