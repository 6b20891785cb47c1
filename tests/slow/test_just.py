"""Recipes get their arguments as they were typed.

`just serve` ends with the exit code of the service, unless `just` itself gets the signal.
"""

import json
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import metadata
from pathlib import Path

import psutil
import pytest

from plccoach_api import resources
from tests.live import COMMAND, Service, end, environment, free_port, wait_until

ROOT = resources.MIGRATIONS.parent
CLOSED = ("", ">&-", "2>&-", ">&- 2>&-")


def recipe(folder: Path, *options: str) -> list[str]:
    """Returns a command of `just` that runs recipes without their dependencies, which would install packages."""
    [program] = [path.locate() for path in metadata.files("rust-just") or () if path.name == "just"]
    files = ("--justfile", str(ROOT / "justfile"), "--working-directory", str(folder))
    return [str(program), *files, "--no-deps", *options]


def recipes_with_arguments() -> list[str]:
    dump = subprocess.run(recipe(ROOT, "--dump", "--dump-format=json"), capture_output=True, check=True).stdout
    kinds = {name: [each["kind"] for each in body["parameters"]] for name, body in json.loads(dump)["recipes"].items()}
    # `lock` runs a program of .venv, whose name is no variable of the justfile.
    return [name for name, parameters in kinds.items() if parameters in (["star"], ["plus"]) and name != "lock"]


@pytest.mark.parametrize("name", recipes_with_arguments())
def test_a_recipe_gets_an_argument_with_spaces_and_quotes_as_it_was_typed(tmp_path: Path, name: str) -> None:
    show = """printf '<%s>'"""
    command = recipe(tmp_path, "--set", "coach", show, "--set", "python", show, name, "My Books/it's one.md", "--last")
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.endswith("<My Books/it's one.md><--last>")


@contextmanager
def just_serve(folder: Path, redirections: str = "", **settings: str) -> Iterator[Service]:
    command = shlex.join(recipe(folder, "--set", "coach", shlex.join(COMMAND), "serve"))
    variables = environment(PYTHONPATH=str(ROOT), **{"PORT": str(free_port())} | settings)
    log_file = folder / "log"
    with (
        log_file.open("wb") as output,
        subprocess.Popen(
            ["sh", "-c", f"exec {command} {redirections}"], env=variables, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield Service(process, int(variables["PORT"]), log_file, variables)
        finally:
            end(process)


def server_of(service: Service) -> psutil.Process:
    """Returns the process that `just` started."""
    [server] = psutil.Process(service.process.pid).children()
    return server


@pytest.mark.parametrize("redirections", CLOSED)
def test_a_bad_setting_is_78(tmp_path: Path, redirections: str) -> None:
    with just_serve(tmp_path, redirections, PORT="0") as service:
        assert service.process.wait(15) == 78


@pytest.mark.parametrize("redirections", CLOSED)
def test_a_port_in_use_is_78(tmp_path: Path, redirections: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as occupied:
        port = str(occupied.getsockname()[1])
        with just_serve(tmp_path, redirections, PORT=port) as service:
            assert service.process.wait(15) == 78


@pytest.mark.parametrize("redirections", CLOSED)
def test_a_server_that_is_told_to_stop_is_0_also_without_standard_output_or_error(
    tmp_path: Path, database_url: str, redirections: str
) -> None:
    with just_serve(tmp_path, redirections, DATABASE_URL=database_url) as service:
        service.wait_for()
        with service.client() as client:
            assert client.get("/auth/dev/login", follow_redirects=False).status_code == 302
            assert client.get("/auth/me").status_code == 200
        server_of(service).terminate()
        assert service.process.wait(15) == 0


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_just_stops_the_server_cleanly_and_just_reports_the_signal(
    tmp_path: Path, database_url: str, signum: int
) -> None:
    with just_serve(tmp_path, DATABASE_URL=database_url) as service:
        service.wait_for()
        server = server_of(service)
        # A terminal sends Ctrl-C to both processes. `just` passes on only SIGTERM.
        if signum == signal.SIGINT:
            server.send_signal(signum)
        service.process.send_signal(signum)
        assert service.process.wait(15) == 128 + signum
        assert not server.is_running()
        assert "Granian shutdown completed" in service.log_file.read_text()


def test_workers_that_die_right_after_their_start_are_1(tmp_path: Path, database_url: str) -> None:
    with just_serve(tmp_path, DATABASE_URL=database_url) as service:
        service.wait_for()
        server = server_of(service)

        def is_over() -> bool:
            # The server or the worker may end at any moment.
            with suppress(psutil.NoSuchProcess):
                for child in server.children():
                    if child.name().startswith("plccoach-api"):
                        child.kill()
            return service.process.poll() is not None

        wait_until(is_over, "the server has ended", seconds=30)
        assert service.process.returncode == 1
        assert "Worker crash loop detected" in service.log_file.read_text()
