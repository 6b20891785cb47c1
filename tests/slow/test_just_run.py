"""`just run` on a machine that has only Python: what it installs and says, and what it says when it cannot."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import httpx
import pytest

from plccoach_api import resources
from tests.live import end, environment, free_port, wait_until

ROOT = resources.MIGRATIONS.parent
# The files that git ignores, and git's own folder.
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", ".just", ".data", ".env", "__pycache__", "*.egg-info", ".*_cache")
COLOR = re.compile(r"\x1b\[[\d;]*[mK]")
CTRL_C = b"\x03"
OLD_PYTHON = """\
#!/bin/sh
exec {python} -c '
import sys
sys.version_info, sys.version, sys.argv = (3, 10, 13), "3.10.13 (main)", sys.argv[1:]
exec(open(sys.argv[0]).read())
' "$@"
"""


def just(*arguments: str) -> list[str]:
    [program] = [path.locate() for path in metadata.files("rust-just") or () if path.name == "just"]
    return [str(program), *arguments]


def with_pip(**changes: str) -> dict[str, str]:
    """Returns the variables of a newcomer, who installs packages from where this machine does."""
    return environment(**{name: value for name, value in os.environ.items() if name.startswith("PIP_")} | changes)


def refusal(*arguments: str, **changes: str) -> list[str]:
    """Runs `just run` where it cannot succeed, and returns what it says."""
    done = subprocess.run(
        just(*arguments, "run"), env=with_pip(**changes), check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A copy of the project, in a folder with spaces."""
    folder = tmp_path / "my first hour"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    yield folder
    # It has 600 MB of packages.
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def hanging_docker(tmp_path: Path) -> Path:
    """A folder with a docker client that never answers. It creates the file `called` there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text(f"#!/bin/sh\ntouch {folder}/called\nexec sleep 600\n")
    (folder / "docker").chmod(0o755)
    return folder


def test_a_first_run_installs_what_serving_needs_and_names_the_addresses_to_open(
    project: Path, hanging_docker: Path, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    address = f"http://localhost:{port}"
    variables = with_pip(
        PATH=f"{hanging_docker}:{os.environ['PATH']}", PYTHON=sys.executable, PORT=str(port), PUBLIC_URL=address
    )

    def shown() -> list[str]:
        return [line for line in COLOR.sub("", log.read_text()).replace("\r", "\n").splitlines() if line]

    with log.open("wb") as output:
        terminal = subprocess.Popen(
            ["script", "--quiet", "--return", "--flush", "--command", shlex.join(just("run")), "/dev/null"],
            cwd=project,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(
            lambda: terminal.poll() is not None or any(f"page={address}/try" in line for line in shown()),
            "it is ready",
            seconds=600,
        )
        assert shown()[0] == "installing into .venv: requirements-run.lock"
        assert any(line.startswith("Collecting granian") for line in shown())
        [ready] = [line for line in shown() if f"page={address}/try" in line]
        assert {f"api={address}", f"docs={address}/docs"} <= {*ready.split()}
        for path in ("/", "/docs", "/try"):
            assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 200
        terminal.communicate(CTRL_C, timeout=30)
        assert terminal.returncode == 128 + signal.SIGINT
        *_, stopped, interrupted = shown()
        assert " stopped " in stopped
        # `just` says this of every Ctrl-C.
        assert interrupted == "error: interrupted by SIGINT"
    finally:
        end(terminal)
    [packages] = (project / ".venv" / "lib").glob("python3*/site-packages")
    installed = {each.name for each in metadata.distributions(path=[str(packages)])}
    assert {"granian", "plccoach-api"} <= installed
    assert not {"pytest", "playwright", "mypy", "ruff"} & installed
    assert not (hanging_docker / "called").exists()


def test_a_python_that_is_too_old_is_named_with_the_way_to_another(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text(OLD_PYTHON.format(python=sys.executable))
    old.chmod(0o755)
    [line] = refusal("--justfile", f"{ROOT}/justfile", "--working-directory", str(tmp_path), PYTHON=str(old))
    assert line.startswith("Python 3.11 to 3.14 is needed; ")
    assert line.endswith(" is 3.10.13. Name another: PYTHON=python3.12 just run")


def test_a_folder_that_is_read_only_is_told_in_one_line() -> None:
    # Nobody may create a file there, root neither.
    [line] = refusal("--justfile", f"{ROOT}/justfile", "--working-directory", "/sys", PYTHON=sys.executable)
    # A container says that the file system is read-only, and a machine that the permission is denied.
    assert re.fullmatch(r"cannot write into /sys \([\w -]+\): copy the project into a folder of your own", line)


def test_a_docker_client_that_hangs_is_left_for_podman(hanging_docker: Path) -> None:
    done = subprocess.run(
        just("--justfile", f"{ROOT}/justfile", "--evaluate", "engine"),
        env=environment(PATH=f"{hanging_docker}:{os.environ['PATH']}"),
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == "podman"
    assert (hanging_docker / "called").exists()
