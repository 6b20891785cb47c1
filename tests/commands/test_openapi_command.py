"""`plccoach-api openapi`, run as a process, and the completion of a shell."""

import json
import subprocess
from pathlib import Path

import msgspec

from tests.commands.command_line import run
from tests.live import COMMAND, environment

NO_DATABASE = "postgresql:///none"


def test_a_dash_writes_the_document_to_standard_output(tmp_path: Path) -> None:
    done = run(NO_DATABASE, "openapi", "-", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["openapi"].startswith("3.1")
    assert list(tmp_path.iterdir()) == []


def test_the_suffix_chooses_yaml(tmp_path: Path) -> None:
    for name in ("openapi.yaml", "openapi.json"):
        assert run(NO_DATABASE, "openapi", name, cwd=tmp_path).returncode == 0
    yaml, json_ = ((tmp_path / f"openapi.{suffix}").read_bytes() for suffix in ("yaml", "json"))
    assert not yaml.startswith(b"{")
    assert msgspec.yaml.decode(yaml) == msgspec.json.decode(json_)


def test_a_missing_folder_is_not_found(tmp_path: Path) -> None:
    done = run(NO_DATABASE, "openapi", "missing/openapi.json", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "plccoach-api: missing: not found\n")


def test_a_shell_completes_the_commands(tmp_path: Path) -> None:
    completing = {"_PLCCOACH_API_COMPLETE": "bash_complete", "COMP_WORDS": "plccoach-api users de", "COMP_CWORD": "2"}
    done = subprocess.run(
        COMMAND, env=environment(**completing), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,deactivate", "plain,delete"]
