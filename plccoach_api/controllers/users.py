"""Users, looked after by an administrator: those of their organization, or without one all."""

from typing import Annotated
from uuid import UUID

from litestar import Request, get, patch
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from plccoach_api import problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.identity import administration
from plccoach_api.identity.administration import Actor
from plccoach_api.middleware import client_address
from plccoach_api.queries import conversations, users
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.cursors import Cursors, Position
from plccoach_api.rules.roles import Role, UserStatus
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit
from plccoach_api.structs.text import NO_NUL
from plccoach_api.structs.users import User, UserDetails, UserPage, UserUpdate

Search = Annotated[
    str | None,
    QueryParameter(max_length=200, pattern=NO_NUL, description="A part of a name or an email, in any case of letters."),
]
UserId = Annotated[UUID, PathParameter(description="The user's id.")]
OfRole = Annotated[Role | None, QueryParameter(name="role", description="Only those of this role.")]
OfStatus = Annotated[UserStatus | None, QueryParameter(name="status", description="Only those of this status.")]
OfOrganization = Annotated[UUID | None, QueryParameter(description="Only those of this organization.")]


@get("/api/admin/users", operation_id="listUsers", tags=["administration"], summary="Users, newest first")
async def list_users(
    database: Injected[Database],
    user: Injected[SessionUser],
    search: Search = None,
    of_role: OfRole = None,
    organization_id: OfOrganization = None,
    of_status: OfStatus = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> UserPage:
    cursors = Cursors(user.id, f"users?{search}&{of_role}&{organization_id}&{of_status}")
    after = cursors.read(cursor) if cursor else None

    async def read(connection: Connection) -> UserPage:
        rows = await users.list_for_admin(
            connection,
            scope=user.organization_id,
            search=search or None,
            role=of_role,
            organization_id=organization_id,
            status=of_status,
            before_time=after.time if after else None,
            before_id=after.id if after else None,
            limit=limit + 1,
        )
        next_cursor = None
        if len(rows) > limit:
            next_cursor = cursors.write(Position(rows[limit - 1].created_at, rows[limit - 1].id))
        total = await users.count_for_admin(
            connection,
            scope=user.organization_id,
            search=search or None,
            role=of_role,
            organization_id=organization_id,
            status=of_status,
        )
        return UserPage([User.of(row) for row in rows[:limit]], next_cursor, total)

    return await database.run_idempotent(read)


@get("/api/admin/users/{user_id:uuid}", operation_id="getUser", tags=["administration"], summary="One user")
async def get_user(database: Injected[Database], user: Injected[SessionUser], user_id: UserId) -> UserDetails:
    async def read(connection: Connection) -> UserDetails:
        row = await users.get_for_admin(connection, id=user_id, scope=user.organization_id)
        if row is None:
            raise problems.NotFound
        return UserDetails.with_counts(row, await conversations.count_for_user(connection, user_id=user_id))

    return await database.run_idempotent(read)


@patch(
    "/api/admin/users/{user_id:uuid}",
    operation_id="updateUser",
    tags=["administration"],
    summary="Change a user's role or status",
    problems=[problems.LastAdministrator],
)
async def update_user(
    request: Request[SessionUser, None, State],
    database: Injected[Database],
    user: Injected[SessionUser],
    user_id: UserId,
    data: JSONBody[UserUpdate],
) -> User:
    """In force at that user's next request, and noted in the audit. Who becomes inactive is signed out everywhere."""
    role = None if data.role is UNSET else data.role
    status = None if data.status is UNSET else data.status
    if role is None and status is None:
        raise problems.InvalidInput("Give a role, a status, or both.")
    actor = Actor(user.id, client_address.of(request.scope), user.organization_id)
    return User.of(await administration.update_user(database, actor, user_id, role=role, status=status))


ADMIN = (list_users, get_user, update_user)
