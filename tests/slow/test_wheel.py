"""An installed wheel contains the SQL, the migrations, the sample corpus and the documentation pages."""

import subprocess
import sys
import zipfile
from pathlib import Path

from plccoach_api.database import migrations
from tests import sql_coverage
from tests.live import environment

ROOT = Path(__file__).parents[2]

_PROBE = """
from plccoach_api import resources
from plccoach_api.database import migrations
from plccoach_api.queries import conversations
print(resources.SQL, migrations.head(), len(list(resources.SAMPLE_CORPUS.glob("*.md"))))
"""


def test_an_installed_wheel_finds_its_files(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    installed_sql = {
        str(path.relative_to(installed / "plccoach_api" / "sql"))
        for path in (installed / "plccoach_api" / "sql").rglob("*.sql")
    }
    assert {f"{name}.sql" for name in sql_coverage.files()} <= installed_sql
    assert (installed / "plccoach_api" / "alembic" / "alembic.ini").is_file()
    probe = subprocess.run(
        [sys.executable, "-c", _PROBE],
        env=environment(PYTHONPATH=str(installed)),
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    folder, head, books = probe.stdout.split()
    assert folder == str(installed / "plccoach_api" / "sql")
    assert (head, books) == (migrations.head(), "1")
