"""`plccoach-api users`: lists, creates, promotes, deactivates, deletes and exports users."""

import re
import sys
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import rich_click as click
from rich.table import Table

from plccoach_api import problems
from plccoach_api import settings as settings_module
from plccoach_api.commands.confirmation import confirm_irreversible, yes_option
from plccoach_api.commands.database import with_database, with_long_transaction
from plccoach_api.commands.errors import CommandError
from plccoach_api.commands.output import cell, make_console, write_json
from plccoach_api.database.pool import Connection, Database
from plccoach_api.export.user import export_user
from plccoach_api.identity import directory
from plccoach_api.identity.administration import Actor, UserExists, create_user, update_user
from plccoach_api.identity.directory import Filters
from plccoach_api.logs.printable import printable
from plccoach_api.queries import rate_limits, users
from plccoach_api.queries.users import User as UserRow
from plccoach_api.rules.roles import Provider, Role, UserStatus
from plccoach_api.rules.texts import EMAIL, NAME, explain
from plccoach_api.structs.users import User

_PAGE = 500


@click.group("users")
def commands() -> None:
    """Manage users."""


@commands.command("list")
@click.option("--search", metavar="TEXT", help="Only users whose name or email contains this text.")
@click.option("--role", type=click.Choice(list(Role)), help="Only users with this role.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def list_users(*, search: str | None, role: Role | None, as_json: bool) -> None:
    """List users, newest first."""

    async def read(database: Database) -> list[UserRow]:
        return await database.run_idempotent(_list_all, search=search, role=role)

    rows = with_database(read)
    if as_json:
        for row in rows:
            write_json(User.of(row))
    else:
        make_console().print(_table(rows))


@commands.command("create")
@click.argument("email", metavar="EMAIL")
@click.option("--name", help="The person's name. The default is the first part of the email.")
@click.option("--role", type=click.Choice(list(Role)), default=Role.educator, show_default=True, help="The role.")
@click.option(
    "--provider",
    type=click.Choice(list(Provider)),
    default=Provider.development,
    show_default=True,
    help="The provider that the person will sign in with.",
)
@click.option("--subject", metavar="ID", help="The person's id at the provider: Google's `sub`, Clever's user id.")
def create(*, email: str, name: str | None, role: Role, provider: Provider, subject: str | None) -> None:
    """Create a user before their first sign-in.

    The first sign-in with the provider's account finds this user. The audit log records the role. A sign-in keeps the
    role, unless it moves the person into an organization.
    """
    if provider is Provider.development and settings_module.load().in_production:
        raise CommandError("--provider and --subject are missing: nobody signs in as `development` in production")
    name = name or email.partition("@")[0]
    _require_text("EMAIL", email, EMAIL, most=254)
    _require_text("--name", name, NAME, most=200)
    if provider is not Provider.development and not subject:
        raise CommandError(f"--subject is missing: the person's id at {provider}; an email does not identify anybody")
    subject = subject or email.lower()

    async def add(database: Database) -> UUID:
        try:
            return await create_user(
                database, provider=Provider(provider), subject=subject, email=email, name=name, role=Role(role)
            )
        except UserExists:
            raise CommandError(f"there is a user with this account of {provider} already") from None

    click.echo(f"{with_database(add)} is created as {role}")


@commands.command("deactivate")
@click.argument("email_or_id", metavar="EMAIL|ID")
def deactivate(*, email_or_id: str) -> None:
    """Lock a user out at once. Their sessions and tokens end, and they cannot sign in. The audit log records it.

    The last active administrator of an organization cannot be deactivated.
    """
    user = _change(email_or_id, status=UserStatus.inactive)
    click.echo(f"{user.id} is now {user.status}")


@commands.command("promote")
@click.argument("email_or_id", metavar="EMAIL|ID")
@click.option("--role", type=click.Choice(list(Role)), required=True, help="The new role.")
def promote(*, email_or_id: str, role: Role) -> None:
    """Give a user a role. It takes effect with their next request.

    An administrator without an organization administers all organizations.
    """
    user = _change(email_or_id, role=Role(role))
    click.echo(f"{user.id} is now {user.role}")


@commands.command("delete")
@click.argument("email_or_id", metavar="EMAIL|ID")
@yes_option
def delete(*, email_or_id: str, yes: bool) -> None:
    """Delete a user with all their data. This cannot be undone.

    Conversations, messages, shared links, sessions and personal tokens are deleted in the same transaction. At a
    terminal the command asks for confirmation; without one it needs --yes.
    """

    async def find(database: Database) -> UserRow:
        return await database.run_idempotent(find_user, email_or_id=email_or_id)

    async def remove(connection: Connection) -> None:
        if not await users.delete(connection, id=user.id):
            raise _gone(email_or_id)
        # No foreign key leads from a rate limit to its user.
        await rate_limits.delete_for_key(connection, key=str(user.id))

    user = with_database(find)
    named = f"{user.id} ({user.sso_provider}, {printable(user.name)})"
    confirm_irreversible(f"Delete {named} and all their data?", yes=yes)
    # A person with hundreds of thousands of messages can be deleted, too.
    with_long_transaction(remove)
    click.echo(f"{user.id} is deleted")


@commands.command("export")
@click.argument("email_or_id", metavar="EMAIL|ID")
def export(*, email_or_id: str) -> None:
    """Write all data of a user to standard output, as JSON."""
    public_url = settings_module.load().public_url

    async def write(database: Database) -> None:
        user = await database.run_idempotent(find_user, email_or_id=email_or_id)
        async for part in export_user(database, user, public_url):
            sys.stdout.buffer.write(part)

    with_database(write)


def _change(email_or_id: str, *, role: Role | None = None, status: UserStatus | None = None) -> UserRow:
    async def change(database: Database) -> UserRow:
        user = await database.run_idempotent(find_user, email_or_id=email_or_id)
        try:
            return await update_user(database, Actor(), user.id, role=role, status=status)
        except problems.LastAdministrator as problem:
            raise CommandError(problem.detail) from None
        except problems.NotFound:
            raise _gone(email_or_id) from None

    return with_database(change)


def _gone(email_or_id: str) -> CommandError:
    return CommandError(f"the user {email_or_id!r} was deleted in the meantime")


def _require_text(what: str, text: str, pattern: str, *, most: int) -> None:
    if len(text) > most or not re.fullmatch(pattern, text):
        raise CommandError(f"{what}: {explain(text, pattern, 1, most)}")


async def find_user(connection: Connection, *, email_or_id: str) -> UserRow:
    """Raises CommandError when no user has the id or email, or several users have the email."""
    try:
        user = await users.get_for_admin(connection, user_id=UUID(email_or_id), scope=None)
        matches = [user] if user else []
    except ValueError:
        matches = await users.list_by_email(connection, email=email_or_id)
    if not matches:
        raise CommandError(f"there is no user {email_or_id!r}")
    if len(matches) > 1:
        raise CommandError(
            f"{email_or_id!r} is the email of {len(matches)} users; name one of them by id:",
            *(f"  {user.id}  {user.sso_provider}  {printable(user.name)}" for user in matches),
        )
    return matches[0]


async def _list_all(connection: Connection, *, search: str | None, role: Role | None) -> list[UserRow]:
    filters = Filters(search=search or None, role=role)
    before: tuple[datetime, UUID] | tuple[None, None] = (None, None)
    rows: list[UserRow] = []
    while True:
        async with connection.transaction():
            page, _ = await directory.page(connection, filters, before, _PAGE)
        rows += page
        if len(page) < _PAGE:
            return rows
        before = page[-1].created_at, page[-1].id


def _table(rows: list[UserRow]) -> Table:
    table = Table("id", "name", "email", "role", "status", "organization", "provider", "last sign-in", box=None)
    for row in rows:
        table.add_row(*map(cell, _cells(row)))
    return table


def _cells(row: UserRow) -> Iterator[str]:
    yield str(row.id)
    yield from (row.name, row.email or "", row.role, row.status, row.organization_name or "", row.sso_provider)
    yield f"{row.last_login:%Y-%m-%d %H:%M}" if row.last_login else ""
