"""`plccoach-api users`: who they are, and what they may do."""

import sys
from collections.abc import Iterator
from uuid import UUID

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from plccoach_api import problems
from plccoach_api.commands.database import with_database
from plccoach_api.commands.errors import CommandError
from plccoach_api.database.pool import Connection, Database
from plccoach_api.export.user import everything
from plccoach_api.identity.administration import Actor, update_user
from plccoach_api.queries import users
from plccoach_api.queries.users import User as UserRow
from plccoach_api.rules.roles import Role
from plccoach_api.structs.users import User

_PAGE = 500
_ANY_WIDTH = 10_000


@click.group("users")
def commands() -> None:
    """Look after the people who use the service."""


@commands.command("list")
@click.option("--search", metavar="TEXT", help="Only those with this in their name or email.")
@click.option("--role", type=click.Choice(list(Role)), help="Only those of this role.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def list_users(*, search: str | None, role: Role | None, as_json: bool) -> None:
    """List users, newest first."""

    async def read(database: Database) -> list[UserRow]:
        return await database.run_idempotent(_all, search=search, role=role)

    rows = with_database(read)
    if as_json:
        for row in rows:
            click.echo(msgspec.json.encode(User.of(row)))
    else:
        # A program that reads it wants a line for each of them, however long.
        Console(width=None if sys.stdout.isatty() else _ANY_WIDTH).print(_table(rows))


@commands.command("promote")
@click.argument("who", metavar="EMAIL|ID")
@click.option("--role", type=click.Choice(list(Role)), required=True, help="What they are from now on.")
def promote(*, who: str, role: Role) -> None:
    """Give a user a role, in force at their next request.

    An administrator who belongs to no organization administers all of them.
    """

    async def change(database: Database) -> UserRow:
        user = await database.run_idempotent(resolve, who=who)
        try:
            return await update_user(database, Actor(), user.id, role=Role(role))
        except problems.LastAdministrator as problem:
            raise CommandError(problem.detail) from None

    user = with_database(change)
    click.echo(f"{user.id} is now {user.role}")


@commands.command("delete")
@click.argument("who", metavar="EMAIL|ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(*, who: str, yes: bool) -> None:
    """Delete a user with everything that is theirs, for good.

    Conversations, messages, shared links and sessions go with the same commit.
    """

    async def remove(database: Database) -> UserRow:
        user = await database.run_idempotent(resolve, who=who)
        if not yes:
            click.confirm(f"Delete {user.id} ({user.sso_provider}, {user.name}) and everything of theirs?", abort=True)
        async with database.transaction() as connection:
            if not await users.delete(connection, id=user.id):
                raise CommandError(f"there is no user {who!r} any more")
        return user

    click.echo(f"{with_database(remove).id} is deleted")


@commands.command("export")
@click.argument("who", metavar="EMAIL|ID")
def export(*, who: str) -> None:
    """Write everything that is stored of a user to standard output, as JSON."""

    async def write(database: Database) -> None:
        user = await database.run_idempotent(resolve, who=who)
        async for part in everything(database, user):
            sys.stdout.buffer.write(part)

    with_database(write)


async def resolve(connection: Connection, *, who: str) -> UserRow:
    """The one user whose id or email that is; raises CommandError for none, and for several."""
    try:
        found = [user] if (user := await users.get_for_admin(connection, id=UUID(who), scope=None)) else []
    except ValueError:
        found = await users.list_by_email(connection, email=who)
    if not found:
        raise CommandError(f"there is no user {who!r}")
    if len(found) > 1:
        raise CommandError(
            f"{who!r} is the email of {len(found)} users; name one by id:",
            *(f"  {user.id}  {user.sso_provider}  {user.name}" for user in found),
        )
    return found[0]


async def _all(connection: Connection, *, search: str | None, role: Role | None) -> list[UserRow]:
    found: list[UserRow] = []
    while True:
        page = await users.list_for_admin(
            connection,
            scope=None,
            search=search,
            role=role,
            organization_id=None,
            status=None,
            before_time=found[-1].created_at if found else None,
            before_id=found[-1].id if found else None,
            limit=_PAGE,
        )
        found += page
        if len(page) < _PAGE:
            return found


def _table(rows: list[UserRow]) -> Table:
    table = Table("id", "name", "email", "role", "status", "organization", "provider", "last sign-in", box=None)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: UserRow) -> Iterator[str]:
    yield str(row.id)
    yield from (row.name, row.email or "", row.role, row.status, row.organization_name or "", row.sso_provider)
    yield f"{row.last_login:%Y-%m-%d %H:%M}" if row.last_login else ""
