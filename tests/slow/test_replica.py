"""A service with a real read replica: a standby that follows its primary, pauses its replay, and is killed."""

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.errors import QueryCanceled

from plccoach_api import settings
from plccoach_api.database import embedded, migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.database.replica import make_database
from tests.live import COMMAND, Service, environment, wait_until
from tests.standby import kill, make_standby, pause_replay, resume_replay

START_SECONDS = 120.0
SECONDS = 60.0
QUESTION = "What are the four critical questions of a PLC?"
NAME = re.compile(r"/\* (\w+/\w+) \*/")

LOOK_UP = "What is chapter 1 of the handbook about?"
SEARCH = {"chunks/search", "embeddings/nearest", "words/get_for_question"}
LOOK_UPS = {"books/list_outlines", "chunks/list_for_part"}
LISTS = {"books/list", "users/list_for_admin", "audit_events/list_for_admin"}
SHARED = {"conversations/get_shared", "messages/list_for_conversation"}


@dataclass(frozen=True)
class Servers:
    primary: Path
    standby: Path
    url: str

    def settings(self, standby_url: str, max_lag: int) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "DATABASE_READ_URL": standby_url,
            "DATABASE_READ_MAX_LAG": str(max_lag),
            "SIGN_IN_RATE_LIMIT": "1000000",
            "COACH_RATE_LIMIT": "100000",
        }


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A primary that runs and writes every statement into its log, and the folder of a standby that does the same."""
    folder = tmp_path_factory.mktemp("servers")
    primary, standby = folder / "a", folder / "b"
    with embedded.running(primary) as url:
        migrations.upgrade(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET log_statement = 'all'")
    make_standby(primary, standby)
    with embedded.running(primary) as url:
        yield Servers(primary, standby, url)


@pytest.fixture
def standby_url(servers: Servers) -> Iterator[str]:
    with embedded.running(servers.standby) as url:
        yield url


@pytest.fixture
def service(start: Callable[..., Service], servers: Servers, standby_url: str) -> Iterator[Service]:
    """A service whose replica may be an hour behind."""
    service = start(**servers.settings(standby_url, 3600))
    service.wait_for(seconds=START_SECONDS)
    wait_for_event(service, "read replica is used")
    wait_until_replayed(servers.url, standby_url)
    yield service
    service.stop()


@pytest.fixture
def impatient(start: Callable[..., Service], servers: Servers, standby_url: str) -> Iterator[Service]:
    """A service whose replica may be five seconds behind."""
    service = start(**servers.settings(standby_url, 5))
    service.wait_for(seconds=START_SECONDS)
    wait_for_event(service, "read replica is used")
    yield service
    service.stop()


def events(service: Service) -> list[str]:
    return [line["event"] for line in service.log()]


def wait_for_event(service: Service, event: str, count: int = 1) -> None:
    try:
        wait_until(lambda: events(service).count(event) >= count, f"the log has {event!r}", seconds=SECONDS)
    except AssertionError as error:
        error.add_note(service.log_file.read_text()[-3000:])
        raise


def wait_until_replayed(primary_url: str, standby_url: str) -> None:
    with psycopg.connect(primary_url) as primary, psycopg.connect(standby_url, autocommit=True) as standby:
        written = primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        replayed = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        wait_until(
            lambda: standby.execute(replayed, written).fetchone() == (True,), "the standby has it", seconds=SECONDS
        )


def statements(server: Path, offset: int) -> set[str]:
    """Returns the names of the statements that a server has run since its log had this size."""
    return set(NAME.findall((server / "postgres/log").read_bytes()[offset:].decode()))


def log_size(server: Path) -> int:
    return (server / "postgres/log").stat().st_size


def sign_in(client: httpx.Client, email: str, role: str = "educator") -> None:
    client.timeout = httpx.Timeout(SECONDS)
    client.get("/auth/dev/login", params={"email": email, "role": role}, follow_redirects=False)
    assert client.get("/auth/me").json()["email"] == email


def ask(client: httpx.Client, question: str = QUESTION) -> dict[str, str]:
    response = client.post("/api/coach/query", json={"query": question})
    assert response.status_code == 200, response.text
    answer: dict[str, str] = response.json()
    assert answer["citations"]
    return answer


def share(client: httpx.Client, conversation_id: str) -> str:
    link = client.post(f"/api/conversations/{conversation_id}/share", json={"expires_in_days": 7})
    return str(link.json()["token"])


def emails(admin: httpx.Client) -> set[str]:
    response = admin.get("/api/admin/users", params={"limit": 100})
    assert response.status_code == 200
    return {each["email"] for each in response.json()["items"]}


def test_the_replica_answers_retrieval_lists_and_shared_links_and_nothing_else(
    service: Service, servers: Servers, standby_url: str
) -> None:
    with service.client() as admin, service.client() as educator:
        sign_in(admin, "admin@example.org", "admin")
        sign_in(educator, "erin@example.org")
        token = share(educator, ask(educator)["conversation_id"])
        wait_until_replayed(servers.url, standby_url)

        def statements_of_reads() -> tuple[set[str], set[str]]:
            """Returns the statements that the primary and the replica run."""
            offsets = {server: log_size(server) for server in (servers.primary, servers.standby)}
            for question in (QUESTION, LOOK_UP):
                ask(educator, question)
            for path in ("/api/coach/books", f"/api/shared/{token}"):
                assert educator.get(path).status_code == 200
            for path in ("/api/admin/users", "/api/admin/audit"):
                assert admin.get(path).status_code == 200
            on_primary, on_replica = (statements(server, offset) for server, offset in offsets.items())
            return on_primary - {"planner/force_custom_plan"}, on_replica - {"planner/force_custom_plan"}

        def each_is_where_it_belongs() -> bool:
            on_primary, on_replica = statements_of_reads()
            assert {"sessions/get", "shares/get", "rate_limits/count", "answers/finish"} <= on_primary
            return on_replica == {*SEARCH, *LOOK_UPS, *LISTS, *SHARED} and on_primary.isdisjoint(on_replica)

        # On a busy machine a read may go to the primary because no connection to the replica is free.
        wait_until(each_is_where_it_belongs, "the replica runs all of these statements, and no other", seconds=SECONDS)


def test_what_belongs_to_a_person_is_never_read_from_the_replica(
    service: Service, servers: Servers, standby_url: str
) -> None:
    with service.client() as educator:
        sign_in(educator, "erin@example.org")
        answer = ask(educator)
        wait_until_replayed(servers.url, standby_url)
        offset = log_size(servers.standby)
        conversation, message = (
            f"/api/conversations/{answer['conversation_id']}",
            f"/api/messages/{answer['message_id']}",
        )
        for path in (
            *("/auth/me", "/auth/sessions", "/auth/tokens", "/api/conversations", conversation),
            *(f"{conversation}/messages", f"{conversation}/export?format=text", message, f"{message}/citations/1"),
        ):
            assert educator.get(path).status_code == 200, path
        assert statements(servers.standby, offset) == set()


def test_own_messages_are_there_at_once_while_the_replay_pauses_and_only_lists_are_old(
    service: Service, servers: Servers, standby_url: str
) -> None:
    with service.client() as admin, service.client() as educator:
        sign_in(admin, "admin@example.org", "admin")
        wait_until_replayed(servers.url, standby_url)
        pause_replay(standby_url)
        try:
            sign_in(educator, "nora@example.org")
            answer = ask(educator)
            own = educator.get(f"/api/conversations/{answer['conversation_id']}/messages").json()["items"]
            assert [each["content"] for each in own] == [QUESTION, answer["response"]]
            assert [each["id"] for each in educator.get("/api/conversations").json()["items"]] == [
                answer["conversation_id"]
            ]
            # On a busy machine the primary may answer some of these.
            wait_until(lambda: "nora@example.org" not in emails(admin), "the list is old", seconds=SECONDS)
        finally:
            resume_replay(standby_url)
        wait_until(lambda: "nora@example.org" in emails(admin), "the list has the person", seconds=SECONDS)
    assert [line for line in service.log() if line["level"] == "error"] == []


def test_a_new_link_opens_and_a_revoked_link_does_not_while_the_replay_pauses(
    service: Service, servers: Servers, standby_url: str
) -> None:
    with service.client() as admin, service.client() as educator:
        sign_in(admin, "admin@example.org", "admin")
        sign_in(educator, "erin@example.org")
        old = ask(educator)["conversation_id"]
        old_token = share(educator, old)
        wait_until_replayed(servers.url, standby_url)
        pause_replay(standby_url)
        try:
            assert admin.get(f"/api/shared/{old_token}").status_code == 200
            new_token = share(educator, ask(educator)["conversation_id"])
            messages = admin.get(f"/api/shared/{new_token}").json()["messages"]
            assert [each["role"] for each in messages] == ["user", "assistant"]

            educator.delete(f"/api/conversations/{old}/share")
            assert admin.get(f"/api/shared/{old_token}").status_code == 404
        finally:
            resume_replay(standby_url)


def test_a_replica_that_is_too_far_behind_is_not_used_until_it_has_caught_up(
    impatient: Service, standby_url: str
) -> None:
    with impatient.client() as admin, impatient.client() as educator:
        sign_in(admin, "admin@example.org", "admin")
        pause_replay(standby_url)
        try:
            sign_in(educator, "otto@example.org")
            wait_for_event(impatient, "read replica is not used")
            assert "otto@example.org" in emails(admin)
        finally:
            resume_replay(standby_url)
        wait_for_event(impatient, "read replica is used", 2)
        assert "otto@example.org" in emails(admin)
    assert "it is too far behind" in [line.get("reason") for line in impatient.log()]


def test_answers_go_on_from_the_primary_when_the_replica_is_killed_and_from_the_replica_when_it_is_back(
    impatient: Service, servers: Servers
) -> None:
    with impatient.client() as educator:
        sign_in(educator, "erin@example.org")
        ask(educator)
        kill(servers.standby)
        for _ in range(5):
            ask(educator)
            assert educator.get("/api/coach/books").json()["items"]
            assert educator.get("/ready").status_code == 200
        wait_for_event(impatient, "read replica is not used")
        with embedded.running(servers.standby):
            try:
                wait_for_event(impatient, "read replica is used", 2)
                offset = log_size(servers.standby)

                def searches_on_replica() -> bool:
                    ask(educator)
                    return statements(servers.standby, offset) >= SEARCH

                wait_until(searches_on_replica, "the replica searches", seconds=SECONDS)
            finally:
                # The fixture stops only the server that it has started, which is dead.
                kill(servers.standby)
    assert [line for line in impatient.log() if line["level"] == "error"] == []


def test_doctor_says_how_far_the_replica_is_behind(servers: Servers, standby_url: str, tmp_path: Path) -> None:
    wait_until_replayed(servers.url, standby_url)
    variables = environment(**servers.settings(standby_url, 10))
    done = subprocess.run([*COMMAND, "doctor", "--json"], env=variables, cwd=tmp_path, capture_output=True, check=False)
    [check] = [each for each in json.loads(done.stdout) if each["check"] == "replica"]
    assert check == {"check": "replica", "ok": True, "note": "the read replica is 0.0 MB behind", "remedy": None}


@pytest.fixture
async def database(servers: Servers, standby_url: str) -> AsyncIterator[Database]:
    """A database with one connection to the primary and one to its replica, which is used."""
    variables = servers.settings(standby_url, 3600) | {"DB_POOL_SIZE": "1"}
    database = make_database(settings.load(variables, None))
    await database.open()
    try:
        await until_used(database)
        yield database
    finally:
        await database.close()


async def until_used(database: Database) -> None:
    async with asyncio.timeout(SECONDS):
        while not await database.run_on_replica(is_standby):  # noqa: ASYNC110 - the server has no event of ours
            await asyncio.sleep(0.05)


async def is_standby(connection: Connection) -> bool:
    [[found]] = await (await connection.execute("SELECT pg_is_in_recovery()")).fetchall()
    return bool(found)


async def test_a_read_goes_to_the_primary_while_all_connections_to_the_replica_are_in_use(database: Database) -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def hold(connection: Connection) -> bool:
        begun.set()
        await done.wait()
        return await is_standby(connection)

    holding = asyncio.create_task(database.run_on_replica(hold))
    await begun.wait()
    assert not await database.run_on_replica(is_standby)
    done.set()
    assert await holding
    assert await database.run_on_replica(is_standby)


async def test_a_statement_that_takes_too_long_on_the_replica_is_not_run_on_the_primary(database: Database) -> None:
    standbys = []

    async def sleep(connection: Connection) -> None:
        standbys.append(await is_standby(connection))
        await connection.execute("SELECT pg_sleep(60)")

    with pytest.raises(QueryCanceled):
        await database.run_on_replica(sleep)
    assert standbys == [True]
    assert await database.run_on_replica(is_standby)


async def test_a_table_that_the_replica_does_not_have_yet_is_read_from_the_primary(
    database: Database, servers: Servers, standby_url: str
) -> None:
    async def count(connection: Connection) -> int:
        [[found]] = await (await connection.execute("SELECT count(*) FROM just_migrated")).fetchall()
        return int(found)

    await asyncio.to_thread(pause_replay, standby_url)
    try:
        with psycopg.connect(servers.url, autocommit=True) as primary:
            primary.execute("CREATE TABLE just_migrated ()")
        assert await database.run_on_replica(count) == 0
        # The replica rests.
        assert not await database.run_on_replica(is_standby)
    finally:
        await asyncio.to_thread(resume_replay, standby_url)
    await until_used(database)
