"""Users, for administrators: the users of their organization, or all users for an administrator without one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, patch
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from plccoach_api import problems
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.identity import administration, directory
from plccoach_api.identity.administration import Actor
from plccoach_api.identity.directory import Filters
from plccoach_api.queries import conversations, personal_tokens, users
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.cursors import Cursors
from plccoach_api.rules.roles import Role, UserStatus
from plccoach_api.rules.texts import NO_NUL
from plccoach_api.structs.page import DEFAULT_LIMIT, Cursor, Limit, Page
from plccoach_api.structs.users import User, UserDetails, UserPage, UserUpdate

Search = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        pattern=NO_NUL,
        description="A part of the name or of the email. The search ignores case.",
    ),
]
UserId = Annotated[UUID, PathParameter(description="The user's id.")]
RoleFilter = Annotated[Role | None, QueryParameter(description="Only users with this role.")]
StatusFilter = Annotated[UserStatus | None, QueryParameter(description="Only users with this status.")]
OrganizationFilter = Annotated[UUID | None, QueryParameter(description="Only users of this organization.")]


@get("/api/admin/users", operation_id="listUsers", tags=["administration"], summary="List users")
async def list_users(
    database: Injected[Database],
    user: Injected[SignedInUser],
    search: Search = None,
    role: RoleFilter = None,
    organization_id: OrganizationFilter = None,
    status: StatusFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> UserPage:
    """Returns the newest users first. An administrator without an organization sees the users of all organizations."""
    cursors = Cursors(user.id, f"users?{search}&{role}&{organization_id}&{status}", datetime)
    before = cursors.read(cursor)
    filters = Filters(user.organization_id, search or None, role, organization_id, status)

    async def read(connection: Connection) -> UserPage:
        async with connection.transaction():
            rows, total = await directory.page(connection, filters, before, limit + 1)
            if total is None:
                total = await directory.count(connection, filters)
        page = Page.of(rows, limit, User.of, lambda row: cursors.write(row.created_at, row.id))
        return UserPage(page.items, page.next_cursor, total)

    return await database.run_on_replica(read)


@get("/api/admin/users/{user_id:uuid}", operation_id="getUser", tags=["administration"], summary="Get a user")
async def get_user(database: Injected[Database], user: Injected[SignedInUser], user_id: UserId) -> UserDetails:
    """Returns the user with the number of their conversations, their messages and their valid personal tokens."""

    async def read(connection: Connection) -> UserDetails:
        row = await users.get_for_admin(connection, user_id=user_id, scope=user.organization_id)
        if row is None:
            raise problems.NotFound
        counts = await conversations.count_for_user(connection, user_id=user_id)
        tokens = await personal_tokens.count_for_user(connection, user_id=user_id)
        return UserDetails.with_counts(row, counts, tokens)

    return await database.run_idempotent(read)


@patch(
    "/api/admin/users/{user_id:uuid}",
    operation_id="updateUser",
    tags=["administration"],
    summary="Change a user's role or status",
    problems=[problems.LastAdministrator],
)
async def update_user(
    database: Injected[Database], actor: Injected[Actor], user_id: UserId, data: JSONBody[UserUpdate]
) -> User:
    """The change applies from the user's next request, and is recorded in the audit log.

    A user who becomes inactive is signed out everywhere, and their personal tokens end.
    """
    role = None if data.role is UNSET else data.role
    status = None if data.status is UNSET else data.status
    if role is None and status is None:
        raise problems.InvalidInput("Give a role, a status, or both.")
    return User.of(await administration.update_user(database, actor, user_id, role=role, status=status))


ADMIN = (list_users, get_user, update_user)
