"""`python -m tests.tools.scale` measures the bytes of a row, and writes docs/operating/scale.md.

Fills an embedded database with the conversations of `just seed`, the library of `just eval`, sessions and audit events.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg

from plccoach_api import ids, resources, settings
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import embedded, migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.queries import audit_events, sessions
from plccoach_api.rules.roles import AuditAction, Role
from plccoach_api.rules.sessions import LIFETIME, SessionToken
from tests.tools.bench.report import table, write
from tests.tools.eval.library import compose
from tests.tools.seed.fill import fill

PAGE = resources.MIGRATIONS.parent / "docs/operating/scale.md"

EDUCATORS, MESSAGES, PASSAGES = 1_000_000, 200_000_000, 100_000
AUDIT_EVENTS_OF_PERSON = 10
# Updates and splits of pages leave room in tables and indexes. Right after VACUUM FULL there is none.
ROOM = 1.3

_USER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
)
_TABLES = ("conversations", "messages", "citations", "sessions", "audit_events")
_TABLES_OF_BOOKS = ("chunks", "chunk_weights", "embeddings", "chunk_windows")

_SIZES = """\
SELECT pg_relation_size(c.oid), pg_table_size(c.oid) - pg_relation_size(c.oid)
FROM pg_class AS c
WHERE c.oid = to_regclass(%(table)s)
"""
_INDEXES = """\
SELECT i.relname, pg_relation_size(i.oid)
FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
WHERE x.indrelid = to_regclass(%(table)s)
ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a table in bytes: its rows, what PostgreSQL stores outside of them, and each index."""

    table: str
    rows: int
    heap: int
    outside: int
    indexes: Mapping[str, int]

    def of_row(self, size: float) -> float:
        return size / self.rows

    @property
    def row(self) -> float:
        """Everything that one more row costs."""
        return self.of_row(self.heap + self.outside + sum(self.indexes.values()))


@dataclass(frozen=True, slots=True)
class Measured:
    sizes: Mapping[str, Size]
    search_vector: float
    """Bytes of the search vector in a message, which are a part of its row."""

    def rows_of(self, name: str) -> int:
        return self.sizes[name].rows

    def expected(self) -> dict[str, float]:
        """Returns the expected rows of each table, with the ratios of the seed."""
        of_message = {
            name: MESSAGES * self.rows_of(name) / self.rows_of("messages") for name in ("conversations", "citations")
        }
        of_passage = {name: PASSAGES * self.rows_of(name) / self.rows_of("chunks") for name in _TABLES_OF_BOOKS}
        people = {"sessions": EDUCATORS, "audit_events": EDUCATORS * AUDIT_EVENTS_OF_PERSON}
        return {"messages": MESSAGES, **of_message, **people, **of_passage}


async def fill_database(url: str, conversations: int, books: Sequence[Path]) -> None:
    await ingest(url, [*sorted(resources.SAMPLE_CORPUS.glob("*.md")), *books], LOCAL)
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        await fill(database, Random(1), datetime.now(UTC), conversations)
        with psycopg.connect(url) as connection:
            people = [person for (person,) in connection.execute("SELECT id FROM users ORDER BY id")]
        await _add_rows(database, people, conversations * 10)
    finally:
        await database.close()


async def _add_rows(database: Database, people: Sequence[UUID], number: int) -> None:
    """Adds sessions and audit events, of which the seed has too few to measure."""
    random = Random(1)
    async with database.transaction() as connection:
        for _ in range(number):
            person, other = random.choice(people), random.choice(people)
            await sessions.create(
                connection,
                user_id=person,
                id=ids.new(),
                token_hash=SessionToken.new(person).hash,
                user_agent=_USER_AGENT,
                lifetime=LIFETIME,
            )
            await audit_events.create(
                connection,
                id=ids.new(),
                organization_id=other,
                actor_id=other,
                target_id=person,
                action=AuditAction.role_changed,
                before={"role": Role.educator},
                after={"role": Role.coach},
                address="203.0.113.7",
            )


def measure(url: str) -> Measured:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM FULL ANALYZE")

        def size(name: str) -> Size:
            heap, outside = connection.execute(_SIZES, {"table": name}).fetchone() or (0, 0)
            (rows,) = connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() or (0,)
            return Size(name, rows, heap, outside, dict(connection.execute(_INDEXES, {"table": name}).fetchall()))

        sizes = {name: size(name) for name in (*_TABLES, *_TABLES_OF_BOOKS)}
        [(vector,)] = connection.execute("SELECT avg(pg_column_size(lexical))::float FROM messages").fetchall()
    return Measured(sizes, vector)


def markdown(measured: Measured) -> str:
    about = (
        f"{datetime.now(UTC):%Y-%m-%d}, PostgreSQL 18, after `VACUUM FULL`. *Outside* is what PostgreSQL stores beside "
        "the rows (TOAST, and its maps of free pages)."
    )
    assumed = (
        f"With the ratios of the seed, a live session and {AUDIT_EVENTS_OF_PERSON} audit events for each person, and "
        f"{_count(PASSAGES)} passages. *With room* is {ROOM:g} times the size: updates leave room in tables and "
        "indexes."
    )
    lines = [
        about,
        "",
        *table(["table", "rows measured", "row", "outside", "indexes", "bytes of a row in all"], _rows(measured)),
        "",
        f"A message's row has its search vector in it: {measured.search_vector:.0f} bytes on average.",
        "",
        f"### {_count(EDUCATORS)} educators, {_count(MESSAGES)} messages",
        "",
        assumed,
        "",
        *table(["table", "rows", "GB", "GB with room"], _extrapolated(measured)),
    ]
    return "\n".join(lines) + "\n"


def _rows(measured: Measured) -> Iterable[list[str]]:
    for each in measured.sizes.values():
        indexes = "<br>".join(f"`{name}` {each.of_row(size):.0f}" for name, size in each.indexes.items())
        heap, outside = each.of_row(each.heap), each.of_row(each.outside)
        yield [f"`{each.table}`", f"{each.rows:,}", f"{heap:.0f}", f"{outside:.0f}", indexes, f"**{each.row:,.0f}**"]


def _extrapolated(measured: Measured) -> Iterable[list[str]]:
    expected = {name: (rows, rows * measured.sizes[name].row / 1e9) for name, rows in measured.expected().items()}
    for name, (rows, size) in sorted(expected.items(), key=lambda each: -each[1][1]):
        yield [f"`{name}`", _count(rows), f"{size:,.1f}", f"{size * ROOM:,.1f}"]
    total = sum(size for _, size in expected.values())
    yield ["**all**", "", f"**{total:,.0f}**", f"**{total * ROOM:,.0f}**"]


def _count(number: float) -> str:
    millions = number / 1e6
    return f"{millions:,.3g} million" if millions >= 1 else f"{number:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.scale", description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000, help="the main user's; all others get half as many")
    arguments = parser.parse_args()
    configure_logging("ERROR", readable=True)
    with tempfile.TemporaryDirectory() as name, embedded.running(Path(name) / "data") as url:
        migrations.upgrade(url)
        folder = Path(name)
        asyncio.run(fill_database(url, arguments.conversations, compose.write(folder)))
        write(PAGE, markdown(measure(url)))


if __name__ == "__main__":
    main()
