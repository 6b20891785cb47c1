"""A primary and its standby: two servers of the embedded package, of which the second replays the log of the first."""

import shutil
import subprocess
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.live import wait_until


def make_standby(primary: Path, standby: Path) -> None:
    """Copies the folder of a primary that has stopped. The copy becomes its standby when both run."""
    # With its owner: PostgreSQL does not run as root.
    subprocess.run([str(shutil.which("cp")), "-a", primary, standby], check=True)
    (standby / "postgres/standby.signal").touch()
    with (standby / "postgres/postgresql.auto.conf").open("a") as configuration:
        configuration.write(f"primary_conninfo = 'host={primary}/postgres user=postgres'\n")


def kill(server: Path) -> None:
    """Kills the first process of a server. Its other processes then end by themselves."""
    process = psutil.Process(int((server / "postgres/postmaster.pid").read_text().splitlines()[0]))
    process.kill()
    process.wait(30)


def pause_replay(standby: str) -> None:
    with psycopg.connect(standby, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state()"
        wait_until(lambda: connection.execute(state).fetchone() == ("paused",), "the replay pauses", seconds=30)


def resume_replay(standby: str) -> None:
    with psycopg.connect(standby, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_resume()")


def host_of(url: str) -> str:
    return str(conninfo_to_dict(url)["host"])
