"""Grafana's own types accept the dashboard. Grafana itself is in no package index that CI may use."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

DASHBOARD = Path(__file__).parents[2] / "docs" / "operating" / "dashboard.json"
PACKAGES = ["@grafana/schema@13.2.3", "typescript@5.9.3"]
OPTIONS = ["--strict", "--noEmit", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the types and the compiler."""
    if not shutil.which("npm"):
        pytest.fail("npm is missing: this test needs Node.js 20 or newer, with npm")
    folder = tmp_path_factory.mktemp("dashboard")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", *PACKAGES]
    subprocess.run(install, cwd=folder, check=True, timeout=300)
    return folder


def complaints(dashboard: dict[str, Any], folder: Path) -> str:
    imported = 'import type { Dashboard } from "@grafana/schema";'
    (folder / "dashboard.ts").write_text(f"{imported}\nexport const it: Dashboard = {json.dumps(dashboard)};\n")
    command = ["node_modules/.bin/tsc", *OPTIONS, "dashboard.ts"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=300).stdout


def test_grafanas_types_accept_the_dashboard(folder: Path) -> None:
    assert complaints(json.loads(DASHBOARD.read_text("utf-8")), folder) == ""


def test_a_field_of_a_wrong_type_is_found(folder: Path) -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    dashboard["panels"][1]["gridPos"]["w"] = "wide"
    assert "'string' is not assignable to type 'number'" in complaints(dashboard, folder)
