"""`plccoach-api migrate`, run as a process: the status, the way up and down, the printed SQL, and the exit codes."""

import json
from pathlib import Path

import psycopg

from plccoach_api.database import migrations
from tests.commands.command_line import run

KNOWN = migrations.known()
HEAD, BEFORE = KNOWN[-1], KNOWN[-2]


def test_the_status_of_an_empty_database_lists_every_migration_and_exits_with_1(
    empty_database_url: str, tmp_path: Path
) -> None:
    done = run(empty_database_url, "migrate", "--status", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == {"revision": None, "head": HEAD, "oldest": None, "pending": [*KNOWN]}
    assert migrations.state(empty_database_url).revision is None


def test_to_a_revision_goes_up_and_down(empty_database_url: str, tmp_path: Path) -> None:
    for target, reached in ((BEFORE, BEFORE), ("head", HEAD), (BEFORE, BEFORE)):
        done = run(empty_database_url, "migrate", "--to", target, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert migrations.state(empty_database_url).revision == reached
    done = run(empty_database_url, "migrate", "--to", BEFORE, "--json", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["pending"]) == (0, [HEAD])
    done = run(empty_database_url, "migrate", "--json", cwd=tmp_path)
    assert done.returncode == 0
    oldest = migrations.state(empty_database_url).oldest
    assert json.loads(done.stdout) == {"revision": HEAD, "head": HEAD, "oldest": oldest, "pending": []}


def test_a_role_without_rights_is_told_in_one_line(empty_database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE migrate_stranger LOGIN")
        try:
            url = empty_database_url.replace("postgres:@", "migrate_stranger:@")
            done = run(url, "migrate", cwd=tmp_path)
        finally:
            connection.execute("DROP ROLE migrate_stranger")
    [line] = [line for line in done.stderr.splitlines() if "plccoach-api:" in line]
    assert (done.returncode, line.count("permission denied"), line.count("plccoach-api doctor")) == (78, 1, 1)
    assert "Traceback" not in done.stderr


def test_an_extension_in_a_schema_that_is_not_searched_is_told_in_one_line(
    empty_database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA extensions")
        connection.execute("CREATE EXTENSION vector SCHEMA extensions")
    done = run(empty_database_url, "migrate", cwd=tmp_path)
    [line] = [line for line in done.stderr.splitlines() if "plccoach-api:" in line]
    assert (done.returncode, line.count("does not exist"), line.count("plccoach-api doctor")) == (78, 1, 1)
    assert "Traceback" not in done.stderr


def test_the_status_for_people_has_a_line_for_each_value(empty_database_url: str, tmp_path: Path) -> None:
    migrations.upgrade(empty_database_url, "0001")
    done = run(empty_database_url, "migrate", "--status", cwd=tmp_path)
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["revision", "0001"],
        ["head", HEAD],
        ["oldest", "0001"],
        ["pending", "0002,"],
    ]


def test_a_schema_of_a_newer_version_is_left_alone_and_its_status_is_success(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrations.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run(empty_database_url, "migrate", cwd=tmp_path).returncode == 0
    done = run(empty_database_url, "migrate", "--status", "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["revision"] == "9999"
    assert run(empty_database_url, "migrate", "--dry-run", cwd=tmp_path).stdout == ""
    done = run(empty_database_url, "migrate", "--to", BEFORE, cwd=tmp_path)
    assert done.returncode == 1
    assert "this version does not know the schema's revision 9999" in done.stderr


def test_a_schema_that_needs_a_newer_version_is_reported_in_one_line(empty_database_url: str, tmp_path: Path) -> None:
    migrations.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE schema_compatibility SET oldest = '9999'")
    for arguments in (("migrate",), ("users", "list")):
        done = run(empty_database_url, *arguments, cwd=tmp_path)
        assert done.returncode == 1
        [line] = done.stderr.splitlines()
        assert line.startswith("plccoach-api: the schema (revision 9999) needs a newer version of the service")


def test_a_dry_run_prints_the_sql_and_changes_nothing(empty_database_url: str, tmp_path: Path) -> None:
    migrations.upgrade(empty_database_url, BEFORE)
    done = run(empty_database_url, "migrate", "--dry-run", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"UPDATE alembic_version SET version_num='{HEAD}'" in done.stdout
    assert "CREATE TABLE users" not in done.stdout
    done = run(empty_database_url, "migrate", "--dry-run", "--to", "base", "--json", cwd=tmp_path)
    printed = json.loads(done.stdout)
    assert "DROP TABLE users" in printed["sql"]
    assert printed["pending"] == [HEAD]
    assert migrations.state(empty_database_url).revision == BEFORE


def test_a_revision_that_does_not_exist_is_refused_in_one_line(empty_database_url: str, tmp_path: Path) -> None:
    done = run(empty_database_url, "migrate", "--to", "9999", cwd=tmp_path)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("plccoach-api: there is no revision '9999': base, head or one of 0001, ")
