"""`python -m tests.tools.released` writes tests/sql/released.json: the statements and the tables of this version.

It runs when a version is released. Until the next release, a test prepares these statements on the newest schema: the
replicas of the released version still run them while the next version is rolled out.
"""

import tempfile
from pathlib import Path

import msgspec
import psycopg

from plccoach_api import resources
from plccoach_api.database import embedded, migrations

RELEASED = Path(__file__).parents[1] / "sql" / "released.json"


class Release(msgspec.Struct, frozen=True):
    """The head of the released version, the text of each statement by its name, and the columns of each table."""

    revision: str
    statements: dict[str, str]
    columns: dict[str, list[str]]


def load() -> Release:
    return msgspec.json.decode(RELEASED.read_bytes(), type=Release)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder)) as url:
        migrations.upgrade(url)
        with psycopg.connect(url) as connection:
            columns = connection.execute("""
                SELECT table_name, array_agg(column_name::text ORDER BY column_name)
                FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name
            """).fetchall()
    files = sorted(resources.SQL.rglob("*.sql"))
    statements = {str(path.relative_to(resources.SQL).with_suffix("")): path.read_text("utf-8") for path in files}
    release = Release(migrations.head(), statements, dict(columns))
    RELEASED.write_bytes(msgspec.json.format(msgspec.json.encode(release), indent=1) + b"\n")


if __name__ == "__main__":
    main()
