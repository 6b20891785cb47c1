"""Commands whose standard streams cannot be used, or cannot write every character."""

import subprocess
from pathlib import Path

import pytest

from tests.commands.command_line import run
from tests.live import COMMAND, environment


def run_in_shell(
    database_url: str, redirection: str, *arguments: str, cwd: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *COMMAND, *arguments],
        env=environment(DATABASE_URL=database_url, **variables),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["books", "list"], ["books", "list", "--json"], ["users", "list"]])
def test_a_full_disk_under_the_output_is_reported_in_one_line(
    database_url: str, tmp_path: Path, arguments: list[str]
) -> None:
    done = run_in_shell(database_url, ">/dev/full", *arguments, cwd=tmp_path)
    said = "plccoach-api: the output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_reader_that_leaves_is_no_error_to_tell(database_url: str, tmp_path: Path) -> None:
    done = run_in_shell(database_url, "| true", "users", "list", cwd=tmp_path)
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [["books", "list"], ["books", "list", "--json"], ["migrate"]])
def test_a_command_needs_no_standard_output(database_url: str, tmp_path: Path, arguments: list[str]) -> None:
    done = run_in_shell(database_url, ">&-", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "shown"), [(["users", "list"], r"Zo\xeb \u660e"), (["users", "list", "--json"], r"Zo\u00eb \u660e")]
)
def test_a_character_that_the_output_cannot_write_is_an_escape(
    database_url: str, tmp_path: Path, arguments: list[str], shown: str
) -> None:
    assert run(database_url, "users", "create", "zoe@example.org", "--name", "Zoë 明", cwd=tmp_path).returncode == 0
    done = run_in_shell(database_url, "", *arguments, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert shown in done.stdout
