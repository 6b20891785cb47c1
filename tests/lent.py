"""A database that many tests use one after another, which is far cheaper than a clone for each test."""

import psycopg
from psycopg import sql
from psycopg.sql import Composable, Identifier

_TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_COLUMNS = """\
SELECT column_name::text FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
ORDER BY ordinal_position
"""


class LentDatabase:
    """A database that is lent to one test at a time. `give_back` restores its rows: the corpus, and no others."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url) as connection:
            self._states = {name: _state(connection, name) for (name,) in connection.execute(_TABLES).fetchall()}
            connection.execute("CREATE SCHEMA backup")
            for name in self._corpus():
                connection.execute(_filled("CREATE TABLE backup.{table} AS SELECT * FROM {table}", name))

    def _corpus(self) -> list[str]:
        return [name for name, (rows, _) in self._states.items() if rows]

    def give_back(self) -> None:
        with psycopg.connect(self.url) as connection:
            # Turns foreign keys off, so that the order of the tables does not matter.
            connection.execute("SET LOCAL session_replication_role = replica")
            # The test's application may still hold locks.
            connection.execute("SET LOCAL lock_timeout = '20s'")
            for name, (rows, _) in self._states.items():
                if not rows:
                    connection.execute(_filled("DELETE FROM {table}", name))
            changed = [name for name in self._corpus() if _state(connection, name) != self._states[name]]
            for name in changed:
                _restore(connection, name)
                self._states[name] = _state(connection, name)


def _filled(text: str, name: str, **parts: Composable) -> sql.Composed:
    return sql.SQL(text).format(table=Identifier(name), **parts)


def _state(connection: psycopg.Connection, name: str) -> tuple[int, str]:
    """Returns the number of rows, and the last transaction that wrote one of them."""
    query = _filled("SELECT count(*), max(xmin::text::bigint)::text FROM {table}", name)
    [rows, last] = connection.execute(query).fetchone() or (0, "")
    return rows, last


def _restore(connection: psycopg.Connection, name: str) -> None:
    columns = sql.SQL(", ").join(Identifier(column) for (column,) in connection.execute(_COLUMNS, [name]))
    connection.execute(_filled("DELETE FROM {table}", name))
    insert = "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM backup.{table}"
    connection.execute(_filled(insert, name, columns=columns))
