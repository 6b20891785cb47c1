"""A database that many tests use one after another, which is far cheaper than a clone for each test."""

from collections.abc import Iterable
from typing import LiteralString, NamedTuple

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

_TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_COLUMNS = """\
SELECT column_name::text FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
ORDER BY ordinal_position
"""
_STATE = "SELECT {name}::text, count(*), max(xmin::text::bigint) FROM {table}"


class State(NamedTuple):
    rows: int
    last: int | None
    """The last transaction that wrote one of the rows."""


class LentDatabase:
    """A database that is lent to one test at a time. `give_back` restores its rows: the corpus, and no others.

    More than a thousand tests give it back, so its connection stays open, and few statements do all the work.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)
        # Turns foreign keys off, so that the order of the tables does not matter.
        self._connection.execute("SET session_replication_role = replica")
        # The test's application may still hold locks.
        self._connection.execute("SET lock_timeout = '20s'")
        tables = [name for (name,) in self._connection.execute(_TABLES).fetchall()]
        states = self._states(tables)
        self._corpus = {name: state for name, state in states.items() if state.rows}
        self._empty_others = SQL("; ").join(
            _filled("DELETE FROM {table}", name) for name in tables if not states[name].rows
        )
        self._connection.execute("CREATE SCHEMA backup")
        for name in self._corpus:
            self._connection.execute(_filled("CREATE TABLE backup.{table} AS SELECT * FROM {table}", name))

    def give_back(self) -> None:
        self._connection.execute(self._empty_others)
        states = self._states(self._corpus)
        changed = [name for name, state in self._corpus.items() if states[name] != state]
        if changed:
            with self._connection.transaction():
                for name in changed:
                    self._restore(name)
            self._corpus |= self._states(changed)

    def close(self) -> None:
        self._connection.close()

    def _states(self, tables: Iterable[str]) -> dict[str, State]:
        query = SQL(" UNION ALL ").join(_filled(_STATE, name, name=Literal(name)) for name in tables)
        return {name: State(rows, last) for name, rows, last in self._connection.execute(query)}

    def _restore(self, name: str) -> None:
        columns = SQL(", ").join(Identifier(column) for (column,) in self._connection.execute(_COLUMNS, [name]))
        self._connection.execute(_filled("DELETE FROM {table}", name))
        insert = "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM backup.{table}"
        self._connection.execute(_filled(insert, name, columns=columns))


def _filled(text: LiteralString, table: str, **parts: Composable) -> Composed:
    return SQL(text).format(table=Identifier(table), **parts)
