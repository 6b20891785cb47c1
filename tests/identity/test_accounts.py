"""A sign-in finds, updates or creates its person, also when many people sign in at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest
from psycopg.errors import ForeignKeyViolation

from plccoach_api import ids
from plccoach_api.database.pool import Database
from plccoach_api.identity.profile import Organization, Profile, SignInRefused
from plccoach_api.identity.sign_in import sign_in, store_account
from plccoach_api.queries import identities, users
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.rules.sessions import SessionToken
from tests.people import LINCOLN, make_profile
from tests.tools import released
from tests.waiting import LOCK_WAITERS, until

ADA = make_profile("ada", provider=Provider.clever, organization=LINCOLN)
# The tables that Citus copies to every node, where any change but an INSERT locks all copies.
COPIED = ("users", "identities", "organizations")


@pytest.fixture
def database_url(lent_url: str) -> str:
    return lent_url


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


async def enter(database: Database, profile: Profile) -> SessionToken:
    return await sign_in(database, profile, user_agent="", previous=None)


async def count(server: psycopg.AsyncConnection, table: str) -> int:
    [[number]] = await (await server.execute(f"SELECT count(*) FROM {table}".encode())).fetchall()
    return int(number)


async def versions(server: psycopg.AsyncConnection) -> list[list[tuple[str, ...]]]:
    """Returns the versions of all rows in the copied tables. A change of a row makes a new version of it."""
    queries = [f"SELECT ctid::text, xmin::text FROM {table}".encode() for table in COPIED]
    return [await (await server.execute(query)).fetchall() for query in queries]


async def last_login(database: Database, token: SessionToken) -> datetime:
    user = await database.run_idempotent(users.get_for_admin, user_id=token.user_id, scope=None)
    assert user is not None
    assert user.last_login is not None
    return user.last_login


async def test_sixteen_new_people_of_a_new_district_sign_in_at_once(
    database: Database, server: psycopg.AsyncConnection
) -> None:
    people = [msgspec.structs.replace(ADA, subject=f"person {number}") for number in range(16)]
    tokens = await asyncio.gather(*(enter(database, person) for person in people))
    assert len({token.user_id for token in tokens}) == 16
    tables = ("users", "identities", "sessions", "last_sign_ins", "organizations")
    assert [await count(server, table) for table in tables] == [16, 16, 16, 16, 1]


async def test_simultaneous_first_sign_ins_of_a_person_make_one_user(
    database: Database, server: psycopg.AsyncConnection
) -> None:
    tokens = await asyncio.gather(*(enter(database, ADA) for _ in range(50)))
    assert len({token.user_id for token in tokens}) == 1
    assert [await count(server, table) for table in ("users", "organizations", "sessions")] == [1, 1, 50]


async def test_a_sign_in_that_waited_for_the_same_first_sign_in_finds_its_user(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as observer:
        async with database.transaction() as first:
            user, _ = await store_account(first, ADA, datetime.now(UTC))
            second = asyncio.create_task(enter(database, ADA))
            await until(lambda: observer.execute(LOCK_WAITERS).fetchall())
        assert (await second).user_id == user.id


async def test_a_sign_in_that_waited_for_the_persons_deactivation_is_refused(
    database: Database, database_url: str
) -> None:
    token = await enter(database, ADA)
    with (
        psycopg.connect(database_url) as administrator,
        psycopg.connect(database_url, autocommit=True) as observer,
    ):
        # The same order as in identity/administration.py.
        administrator.execute("SELECT FROM users WHERE id = %s FOR UPDATE", [token.user_id])
        administrator.execute("UPDATE users SET status = 'inactive' WHERE id = %s", [token.user_id])
        administrator.execute("DELETE FROM sessions WHERE user_id = %s", [token.user_id])
        second = asyncio.create_task(enter(database, ADA))
        await until(lambda: observer.execute(LOCK_WAITERS).fetchall())
        administrator.commit()
        with pytest.raises(SignInRefused):
            await second
        assert observer.execute("SELECT FROM sessions").fetchall() == []


async def test_a_sign_in_that_changes_nothing_writes_to_no_table_that_is_copied_to_every_node(
    database: Database, server: psycopg.AsyncConnection
) -> None:
    await enter(database, ADA)
    before = await versions(server)
    await asyncio.gather(*(enter(database, ADA) for _ in range(3)))
    assert await versions(server) == before


async def test_a_district_without_a_name_this_time_changes_nothing(
    database: Database, server: psycopg.AsyncConnection
) -> None:
    await enter(database, ADA)
    before = await versions(server)
    unnamed = Organization(LINCOLN.external_id, None)
    await enter(database, msgspec.structs.replace(ADA, organization=unnamed))
    assert await versions(server) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Ada King"},
        {"email": "ada.king@example.org"},
        {"email": None},
        {"role": Role.coach},
        {"organization": Organization("5a4fcb9a1b2c3d4e5f6a7b99", "Washington District")},
        {"organization": Organization(LINCOLN.external_id, "Lincoln Schools")},
        {"organization": None},
    ],
    ids=str,
)
async def test_everything_that_a_provider_changes_is_stored(changed: dict[str, object], database: Database) -> None:
    token = await enter(database, ADA)
    profile = msgspec.structs.replace(ADA, **changed)
    assert (await enter(database, profile)).user_id == token.user_id
    user = await database.run_idempotent(users.get_for_admin, user_id=token.user_id, scope=None)
    assert user is not None
    organization = profile.organization.name if profile.organization else None
    stored = (user.name, user.email, user.role, user.organization_name)
    assert stored == (profile.name, profile.email, profile.role, organization)


async def test_the_last_sign_in_is_shown_wherever_a_user_is_shown(database: Database) -> None:
    before = datetime.now(UTC)
    token = await enter(database, ADA)
    user_id, email, scope = token.user_id, ADA.email, None
    assert email is not None
    one = await database.run_idempotent(users.get_for_admin, user_id=user_id, scope=scope)
    by_id = await database.run_idempotent(users.list_by_id, ids=[user_id])
    by_email = await database.run_idempotent(users.list_by_email, email=email)
    page = await database.run_idempotent(
        users.list_for_admin,
        scope=scope,
        search=None,
        role=None,
        organization_id=None,
        status=None,
        before_time=None,
        before_id=None,
        limit=10,
    )
    shown = {user.last_login for user in (one, *by_id, *by_email, *page) if user}
    [shown_at] = shown
    assert shown_at is not None
    assert before <= shown_at <= datetime.now(UTC)


async def test_a_sign_in_at_a_replica_of_the_last_release_counts_too(
    database: Database, server: psycopg.AsyncConnection
) -> None:
    token = await enter(database, ADA)
    later = datetime.now(UTC) + timedelta(minutes=5)
    await sign_in_at_last_release(server, ADA, later)
    assert await last_login(database, token) == later


async def test_a_person_whom_a_replica_of_the_last_release_created_is_found(
    database: Database, server: psycopg.AsyncConnection
) -> None:
    created = await sign_in_at_last_release(server, ADA, datetime.now(UTC))
    assert (await enter(database, ADA)).user_id == created
    assert await count(server, "users") == 1


async def sign_in_at_last_release(server: psycopg.AsyncConnection, profile: Profile, now: datetime) -> object:
    """Signs a person in with the statement of the last release. Returns the user's id."""
    assert profile.organization is not None
    parameters = {
        "provider": profile.provider,
        "subject": profile.subject,
        "new_id": ids.new(),
        "email": profile.email,
        "name": profile.name,
        "role": profile.role,
        "new_organization_id": ids.new(),
        "organization_external_id": profile.organization.external_id,
        "organization_name": profile.organization.name,
        "now": now,
    }
    text = released.load().statements["users/sign_in"]
    [(user_id, *_)] = await (await server.execute(text.encode(), parameters)).fetchall()
    return user_id


async def test_an_identity_without_its_user_is_refused_at_the_commit(database: Database) -> None:
    with pytest.raises(ForeignKeyViolation):
        async with database.transaction() as connection:
            await identities.create(
                connection, provider=Provider.google, subject="ada", user_id=ids.new(), now=datetime.now(UTC)
            )
