"""The command line: its help, its errors (one line each), and its migrations."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from plccoach_api import resources
from plccoach_api.database import migrations
from plccoach_api.version import VERSION
from tests.live import COMMAND, Service, environment, free_port

ROOT = resources.MIGRATIONS.parent
ALEMBIC = [sys.executable, "-m", "alembic"]
NOWHERE = "postgresql://coach:hush@127.0.0.1:1/coach"


def run(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**settings), cwd=cwd, capture_output=True, text=True, check=False
    )


def alembic(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs alembic from the project's root, as a developer does."""
    return subprocess.run(
        [*ALEMBIC, *arguments], env=environment(**settings), cwd=ROOT, capture_output=True, text=True, check=False
    )


def tables(database_url: str) -> set[str]:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_help_lists_the_commands_and_needs_no_settings(tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path, PORT="many", ENVIRONMENT="production")
    assert done.returncode == 0
    listed = [line.split()[1] for line in done.stdout.splitlines() if len(line.split()) > 2]
    assert {"serve", "migrate", "openapi"} <= set(listed)


def test_the_version_is_printed_and_needs_no_settings(tmp_path: Path) -> None:
    done = run("--version", cwd=tmp_path, PORT="none")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{VERSION}\n", "")


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_each_bad_setting_is_reported_in_one_line_on_standard_error(tmp_path: Path, command: str) -> None:
    (tmp_path / ".env").write_text("WORKERS=-1\n")
    done = run(command, cwd=tmp_path, PORT="many", LOG_LEVEL="LOUD", DATABASE_URL="mysql://coach:hush@db/plc")
    assert (done.returncode, done.stdout) == (78, "")
    assert sorted(line.partition(" is ")[0] for line in done.stderr.splitlines()) == [
        "plccoach-api: DATABASE_URL",
        "plccoach-api: LOG_LEVEL",
        "plccoach-api: PORT",
        "plccoach-api: WORKERS",
    ]
    assert "hush" not in done.stderr


def test_in_production_database_url_is_required(tmp_path: Path) -> None:
    addresses = {"PUBLIC_URL": "https://api.example.org", "FRONTEND_URL": "https://coach.example.org"}
    done = run("serve", cwd=tmp_path, ENVIRONMENT="production", **addresses)
    assert (done.returncode, done.stdout) == (78, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("plccoach-api: DATABASE_URL is not set, but production requires")
    assert not (tmp_path / ".data").exists()


def test_a_port_in_use_is_reported_in_one_line(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as occupied:
        port = occupied.getsockname()[1]
        done = run("serve", cwd=tmp_path, PORT=str(port))
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr == f"plccoach-api: cannot listen on HOST '127.0.0.1', PORT {port}: Address already in use\n"
    assert not (tmp_path / ".data").exists()


def test_a_host_of_another_machine_is_reported_in_one_line(tmp_path: Path) -> None:
    done = run("serve", cwd=tmp_path, HOST="192.0.2.1", PORT=str(free_port()))
    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert line.startswith("plccoach-api: cannot listen on HOST '192.0.2.1'")


def test_host_may_be_a_name(start: Callable[..., Service]) -> None:
    service = start(HOST="localhost", DATABASE_URL=NOWHERE)
    replace(service, host="localhost").wait_for("/health")


def test_migrate_upgrades_the_schema_to_the_head_and_may_be_run_again(empty_database_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = run("migrate", cwd=tmp_path, DATABASE_URL=empty_database_url)
        assert (done.returncode, done.stderr) == (0, "")
        loggers = {json.loads(line)["logger"].split(".")[0] for line in done.stdout.splitlines()}
        assert loggers <= {"alembic", "plccoach_api"}
        assert migrations.state(empty_database_url).revision == migrations.head()


def test_five_migrations_at_once_all_succeed(empty_database_url: str, tmp_path: Path) -> None:
    variables = environment(DATABASE_URL=empty_database_url)
    processes = [
        subprocess.Popen([*COMMAND, "migrate"], env=variables, cwd=tmp_path, stdout=subprocess.PIPE) for _ in range(5)
    ]
    logs = [process.communicate(timeout=60)[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0] * 5
    assert migrations.state(empty_database_url).revision == migrations.head()
    assert sum("Running upgrade  -> 0001" in log for log in logs) == 1


def test_alembic_reads_the_same_settings(empty_database_url: str) -> None:
    done = alembic("upgrade", "head", DATABASE_URL=empty_database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"users", "conversations", "messages"} <= tables(empty_database_url)
    assert f"{migrations.head()} (head)" in alembic("current", DATABASE_URL=empty_database_url).stdout
    done = alembic("downgrade", "base", DATABASE_URL=empty_database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert tables(empty_database_url) == {"alembic_version"}


def test_alembic_works_in_any_folder_with_the_configuration_file_of_the_package(
    empty_database_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": empty_database_url, "ALEMBIC_CONFIG": str(resources.MIGRATIONS / "alembic.ini")}
    for arguments in (("upgrade", "head"), ("current",), ("downgrade", "base")):
        done = subprocess.run(
            [*ALEMBIC, *arguments],
            env=environment(**settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert (f"{migrations.head()} (head)" in done.stdout) == (arguments == ("current",))
    assert tables(empty_database_url) == {"alembic_version"}


def test_alembic_explains_a_bad_setting_as_the_service_does() -> None:
    done = alembic("upgrade", "head", DATABASE_URL="hush")
    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert line.startswith("plccoach-api: DATABASE_URL is not usable (its value is not shown)")


def test_migrate_reports_an_unreachable_database_in_one_line(tmp_path: Path) -> None:
    done = run("migrate", cwd=tmp_path, DATABASE_URL=NOWHERE)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hush" not in done.stderr


def test_alembic_reports_an_unreachable_database_in_one_line() -> None:
    done = alembic("upgrade", "head", DATABASE_URL=NOWHERE)
    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert line.startswith("plccoach-api: the database cannot be reached")


def test_the_command_line_does_not_load_the_application() -> None:
    probe = "import sys, plccoach_api.cli; print('litestar' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], env=environment(), check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
