"""A real PgBouncer in transaction mode, in front of the PostgreSQL of the tests."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.live import end, free_port, wait_until

# One session for each database and role: whatever one client leaves in it, the next one meets.
_CONFIGURATION = """\
[databases]
* = host={host} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 500
"""


class Pooler:
    """Its URL for a database, and the settings of a service behind it."""

    def __init__(self, port: int) -> None:
        self._port = port

    def url(self, database_url: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{conninfo_to_dict(database_url)['dbname']}"

    def settings(self, database_url: str) -> dict[str, str]:
        return {"DATABASE_URL": self.url(database_url), "DATABASE_DIRECT_URL": database_url}


def set_role(database_url: str, values: Mapping[str, str]) -> None:
    """Sets settings of the tests' role, in one database."""
    name = conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        for setting, value in values.items():
            connection.execute(f"ALTER ROLE postgres IN DATABASE {name} SET {setting} = '{value}'".encode())


@pytest.fixture(scope="session")
def pooler(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooler]:
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.fail("pgbouncer is missing: install Debian's package pgbouncer")
    port, folder = free_port(), tmp_path_factory.mktemp("pooler")
    host = Path(str(conninfo_to_dict(postgres)["host"]))
    (folder / "pgbouncer.ini").write_text(_CONFIGURATION.format(host=host, port=port))
    # Like PostgreSQL, it does not run as root. Only PostgreSQL's own user reaches the socket.
    user = ["-u", host.owner()] if os.getuid() == 0 else []
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen([program, *user, folder / "pgbouncer.ini"], stdout=output, stderr=output)
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), "PgBouncer listens", seconds=30)
        assert process.poll() is None, Path(folder / "log").read_text()
        yield Pooler(port)
    finally:
        end(process)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
