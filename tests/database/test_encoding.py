"""A database that cannot store every character is refused in one line, which says what to do."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from plccoach_api.database import migrations
from tests.commands.command_line import run


@pytest.fixture(params=["SQL_ASCII", "LATIN1"])
def encoding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(postgres: str, encoding: str) -> Iterator[str]:
    """A database as `initdb` makes it with LANG=C, or as an old server has it."""
    name = f"test_{uuid4().hex}"
    create = "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL(create).format(sql.Identifier(name), sql.Literal(encoding)))
        yield f"postgresql://postgres:@/{name}?host={conninfo_to_dict(postgres)['host']}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_migration_of_a_database_with_another_encoding_changes_nothing(url: str, encoding: str) -> None:
    with pytest.raises(migrations.UnusableDatabase, match=encoding):
        migrations.prepare(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT FROM pg_class WHERE relname = 'alembic_version'").fetchall() == []


def test_the_command_says_what_to_do_about_another_encoding(url: str, encoding: str, tmp_path: Path) -> None:
    done = run(url, "migrate", cwd=tmp_path)
    assert done.returncode == 78
    [line] = done.stderr.splitlines()
    assert f"the database has the encoding {encoding}" in line
    assert "ENCODING 'UTF8'" in line


def test_the_doctor_names_another_encoding(url: str, encoding: str, tmp_path: Path) -> None:
    done = run(url, "doctor", "--json", cwd=tmp_path)
    found = {check["check"]: check for check in json.loads(done.stdout)}
    assert encoding in found["database"]["note"]
    assert "ENCODING 'UTF8'" in found["database"]["remedy"]
