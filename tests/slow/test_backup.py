"""The commands of docs/operating/backup.md, as they stand there, save and restore what people wrote."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp, mkstemp
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from plccoach_api import resources
from plccoach_api.database import embedded, migrations
from tests.blocks import blocks_of
from tests.live import Service, environment
from tests.tools.schema_dump import client_program

DOCUMENT = resources.MIGRATIONS.parent / "docs/operating/backup.md"
BLOCKS = {name.removeprefix("sh "): body for name, body in blocks_of(DOCUMENT).items()}
PROGRAMS = (Path(client_program("psql")).parent, Path(sys.executable).parent)
# PostgreSQL does not run as root. The embedded package makes this user when root starts it.
SERVER_USER = "pgserver" if os.geteuid() == 0 else None
QUESTION = "What are the four critical questions of a PLC?"
PUBLIC_URL = "http://localhost:8000"
SECONDS = 120.0


def shell(script: str, folder: Path, *, user: str | None = None, **variables: str) -> str:
    """Runs a script and returns what it printed: into a file, because a server that it starts keeps a pipe open."""
    path = ":".join([*map(str, PROGRAMS), os.environ["PATH"]])
    descriptor, name = mkstemp(dir=folder)
    with os.fdopen(descriptor, "w+") as output:
        done = subprocess.run(
            ["sh", "-eu", "-c", script],
            env=environment(**variables) | {"PATH": path, "PGCTLTIMEOUT": f"{SECONDS:.0f}"},
            cwd=folder,
            user=user,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=2 * SECONDS,
        )
    printed = Path(name).read_text()
    assert done.returncode == 0, printed
    return printed


def run(block: str, folder: Path, *, user: str | None = None, **variables: str) -> str:
    return shell(BLOCKS[block], folder, user=user, **variables)


@contextmanager
def signed_in(service: Service) -> Iterator[httpx.Client]:
    service.wait_for(seconds=SECONDS)
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"})
        yield client


def ask(client: httpx.Client, question: str) -> str:
    """Returns the id of the new conversation."""
    return str(client.post("/api/coach/query", json={"query": question}).json()["conversation_id"])


def titles(client: httpx.Client) -> list[str]:
    return [each["title"].partition(":")[0] for each in client.get("/api/conversations").json()["items"]]


def index_vectors(url: str) -> None:
    """Creates the index that an ingest creates for a large set of vectors."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT id::text, dimensions FROM embedding_sets").fetchone()
        assert row
        set_id, dimensions = row
        connection.execute(
            f"CREATE INDEX embeddings_{UUID(set_id).hex}_idx ON embeddings"
            f" USING hnsw ((embedding::halfvec({dimensions})) halfvec_ip_ops)"
            f" WITH (ef_construction = 200) WHERE set_id = '{set_id}'".encode()
        )


def state(url: str) -> list[tuple[object, ...]]:
    """Returns the definition of every index and constraint, and the number of rows of each table."""
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        found: list[tuple[object, ...]] = [
            (name, connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()) for name in sorted(names)
        ]
        indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
        constraints = (
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        return [*found, *connection.execute(indexes.encode()), *connection.execute(constraints.encode())]


def test_a_dump_is_restored_into_a_new_server_with_every_row_and_index(
    start: Callable[..., Service], database_url: str, tmp_path: Path
) -> None:
    # Citations have addresses in them, which would differ by the port.
    service = start(DATABASE_URL=database_url, PUBLIC_URL=PUBLIC_URL)
    with signed_in(service) as client:
        asked = ask(client, QUESTION)
        messages = client.get(f"/api/conversations/{asked}/messages").json()["items"]
        assert [each["role"] for each in messages] == ["user", "assistant"]
    service.stop(seconds=SECONDS)
    index_vectors(database_url)
    dump = str(tmp_path / "plccoach.dump")
    run("dump", tmp_path, DATABASE_URL=database_url, DUMP=dump)
    with embedded.running(tmp_path / "new") as admin:
        new = f"postgresql://plccoach@/plccoach?host={conninfo_to_dict(admin)['host']}"
        run("new-server", tmp_path, ADMIN_URL=admin)
        run("restore", tmp_path, NEW_URL=new, DUMP=dump)
        assert f"revision  {migrations.head()}" in run("check", tmp_path, DATABASE_URL=new)
        assert state(new) == state(database_url)
        restored = start(DATABASE_URL=new, PUBLIC_URL=PUBLIC_URL)
        with signed_in(restored) as client:
            assert client.get(f"/api/conversations/{asked}/messages").json()["items"] == messages
            assert client.post("/api/coach/query", json={"query": QUESTION}).json()["kind"] == "answer"
        restored.stop(seconds=SECONDS)


class Server:
    """A server whose folders belong to the system user of PostgreSQL, with all addresses on one socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.admin = f"postgresql://postgres@/postgres?host={folder}"
        names = {"PGDATA": "data", "ARCHIVE": "archive", "BACKUP": "base", "NEW_PGDATA": "new"}
        self.variables = {name: str(folder / each) for name, each in names.items()} | {"ADMIN_URL": self.admin}

    def run(self, block: str, **variables: str) -> None:
        run(block, self.folder, user=SERVER_USER, **self.variables, **variables)

    def shell(self, script: str) -> None:
        shell(script, self.folder, user=SERVER_USER, **self.variables)


@pytest.fixture
def server() -> Iterator[Server]:
    # Not below tmp_path, which other users cannot read and whose name is too long for a socket.
    folder = Path(mkdtemp(prefix="plccoach-backup-"))
    if SERVER_USER:
        shutil.chown(folder, SERVER_USER)
    server = Server(folder)
    server.shell(
        'initdb --pgdata="$PGDATA" --username=postgres --auth=trust; mkdir "$ARCHIVE";'
        f"echo \"listen_addresses = ''\nunix_socket_directories = '{folder}'\" >>\"$PGDATA/postgresql.conf\";"
        'pg_ctl start --pgdata="$PGDATA" --log="$PGDATA/server.log"'
    )
    yield server
    for name in ("PGDATA", "NEW_PGDATA"):
        server.shell(f'pg_ctl stop --pgdata="${name}" --mode=immediate || true')
    shutil.rmtree(folder)


def test_what_was_written_before_the_time_is_there_and_what_came_after_is_not(
    start: Callable[..., Service], postgres: str, server: Server, tmp_path: Path
) -> None:
    del postgres  # Starts the embedded package, which makes the system user.
    server.run("archive")
    service = start(DATABASE_URL=server.admin)
    with signed_in(service) as client, psycopg.connect(server.admin, autocommit=True) as connection:
        ask(client, "Before the backup: what is a PLC?")
        server.run("base-backup")
        ask(client, "Before the time: what is a PLC?")
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
        assert row
        ask(client, "After the time: what is a PLC?")
        assert titles(client) == ["After the time", "Before the time", "Before the backup"]
    service.stop(seconds=SECONDS)
    server.shell('pg_ctl stop --pgdata="$PGDATA" --mode=fast')
    server.run("recover", TARGET_TIME=row[0])
    assert f"revision  {migrations.head()}" in run("check", tmp_path, DATABASE_URL=server.admin)
    restored = start(DATABASE_URL=server.admin)
    with signed_in(restored) as client:
        assert titles(client) == ["Before the time", "Before the backup"]
        ask(client, "After the restore: what is a PLC?")
    restored.stop(seconds=SECONDS)
