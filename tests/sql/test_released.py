"""Replicas of the last release still answer requests while the schema is that of this version."""

from collections.abc import Mapping

import psycopg
from psycopg.pq import ExecStatus

from plccoach_api.database import migrations
from tests.statements import numbered
from tests.tools import released

RELEASE = released.load()


def refused(connection: psycopg.Connection, statements: Mapping[str, str]) -> dict[str, str]:
    """Returns the statements that the server does not accept, with its message."""
    found = {}
    for name, text in statements.items():
        prepared = connection.pgconn.prepare(b"", numbered(text)[0].encode())
        if prepared.status != ExecStatus.COMMAND_OK:
            found[name] = prepared.error_message.decode()
    return found


def required(connection: psycopg.Connection, columns: Mapping[str, list[str]]) -> list[str]:
    """Returns the columns that an older version does not know and cannot leave out."""
    rows = connection.execute("""
        SELECT table_name::text, column_name::text FROM information_schema.columns
        WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
        AND is_identity = 'NO' AND is_generated = 'NEVER'
    """).fetchall()
    return [f"{table}.{column}" for table, column in rows if table in columns and column not in columns[table]]


def test_the_statements_of_the_last_release_run_on_this_schema_unless_it_excludes_that_release(
    shared_database_url: str,
) -> None:
    oldest = migrations.state(shared_database_url).oldest
    assert oldest is not None
    with psycopg.connect(shared_database_url, autocommit=True) as server:
        broken = refused(server, RELEASE.statements), required(server, RELEASE.columns)
    excluded = migrations.known().index(oldest) > migrations.known().index(RELEASE.revision)
    assert broken == ({}, []) or excluded, "change the schema in two releases, or set `oldest` to the migration's own"


def test_a_column_that_is_gone_and_a_new_column_that_must_be_given_are_found(shared_database_url: str) -> None:
    with psycopg.connect(shared_database_url) as server:
        server.execute("ALTER TABLE users DROP COLUMN last_login")
        server.execute("ALTER TABLE jobs ADD COLUMN owner text NOT NULL")
        server.execute("ALTER TABLE jobs ADD COLUMN note text")
        assert required(server, RELEASE.columns) == ["jobs.owner"]
        assert any("last_login" in message for message in refused_one_by_one(server))
        server.rollback()


def refused_one_by_one(server: psycopg.Connection) -> list[str]:
    """A refused statement ends the transaction, so each has a savepoint."""
    messages: list[str] = []
    for name, text in RELEASE.statements.items():
        server.execute("SAVEPOINT before")
        messages += refused(server, {name: text}).values()
        server.execute("ROLLBACK TO before")
    return messages
