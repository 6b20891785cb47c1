"""systemd itself reads the unit. systemd-analyze is in its Debian package."""

import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "docs/operating/plccoach-api.service"
# 0 is locked down, 10 is open. A service without any hardening has 9.6.
EXPOSURE = 2.0


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A copy that starts a program of this machine: systemd looks for it."""
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text("utf-8").replace("/opt/plccoach/bin/plccoach-api", sys.executable), "utf-8")
    return copy


def test_systemd_accepts_the_unit(unit: Path) -> None:
    done = analyze("verify", str(unit))
    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])


def test_systemd_finds_a_mistake_in_the_unit(unit: Path) -> None:
    unit.write_text(unit.read_text("utf-8").replace("Restart=always", "Restart=forever"), "utf-8")
    assert f"{unit}:" in analyze("verify", str(unit)).stderr


def test_the_service_is_locked_down(unit: Path) -> None:
    threshold = f"--threshold={EXPOSURE * 10:.0f}"
    done = analyze("security", "--offline=true", "--no-pager", threshold, str(unit))
    assert done.returncode == 0, done.stdout[-200:]
    unit.write_text("[Service]\nExecStart=/bin/true\n", "utf-8")
    assert analyze("security", "--offline=true", "--no-pager", threshold, str(unit)).returncode != 0
