"""`python -m tests.tools.citus URL` tries the schema and the SQL on a Citus cluster. URL leads to the coordinator.

It migrates the database, executes each .sql file, prints on how many shards, and signs in 16 new people at once, twice.
Then it loads a book and removes it, and runs the daily maintenance. The people stay: use a database that you drop
afterwards. docs/operating/citus.md has the steps.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

import msgspec
import psycopg
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg import ClientCursor, sql
from psycopg.errors import DataError, IntegrityError
from psycopg.pq import ExecStatus
from psycopg.types.json import Jsonb

from plccoach_api import ids, resources, settings
from plccoach_api.corpus.ingest import ingest
from plccoach_api.corpus.load import remove
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.identity.sign_in import sign_in
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.maintenance.retention import remove_expired
from plccoach_api.rules.roles import Provider
from tests.people import LINCOLN, make_profile
from tests.sql import placements
from tests.sql.citus_excuses import ALL_SHARDS
from tests.statements import numbered

_PEOPLE = 16
_USER = ids.new()
_NAMED = {
    "address": "192.0.2.1",
    "role": "educator",
    "provider": "clever",
    "status": "active",
    "feedback_reasons": ["other"],
}
_TYPED: dict[str, Any] = {
    "bool": True,
    "bytea": bytes(32),
    "date": datetime.now(UTC).date(),
    "float8": 1.0,
    "halfvec": HalfVector([0.0] * 256),
    "int2": 1,
    "int4": 1,
    "int8": 1,
    "interval": timedelta(days=1),
    "jsonb": Jsonb([]),
    "numeric": Decimal(1),
    "text": "a",
    "timestamptz": datetime.now(UTC),
    "uuid": _USER,
    "varchar": "a",
}


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    [_, url] = sys.argv
    configure_logging("ERROR", readable=True)
    with psycopg.connect(url, autocommit=True) as connection:
        print(*_about_cluster(connection), sep="\n")
        migrations.upgrade(url)
        faults = [*_about_placements(connection), *about_files(connection)]
    faults += asyncio.run(_about_sign_ins(url))
    asyncio.run(_load_and_remove_a_book(url))
    for fault in faults:
        print(f"FAULT {fault}")
    raise SystemExit(bool(faults))


def _about_cluster(connection: psycopg.Connection) -> Iterator[str]:
    connection.execute("CREATE EXTENSION IF NOT EXISTS citus")
    [[version]] = connection.execute("SELECT citus_version()").fetchall()
    nodes = connection.execute("SELECT nodename, nodeport, shouldhaveshards FROM pg_dist_node").fetchall()
    yield version
    yield from (f"node {name}:{port}{'' if has_shards else ', without shards'}" for name, port, has_shards in nodes)
    if not any(has_shards for *_, has_shards in nodes):
        raise SystemExit("no node takes shards: add workers with citus_add_node")


def _about_placements(connection: psycopg.Connection) -> Iterator[str]:
    """Compares where the tables lie with what the migrations say."""
    kinds = {"distributed": placements.Placement.by_user, "reference": placements.Placement.everywhere}
    rows = connection.execute("SELECT table_name::text, citus_table_type FROM citus_tables").fetchall()
    found = {table: kinds[kind] for table, kind in rows if kind in kinds}
    stated = placements.after_all().placements
    expected = {table: kind for table, kind in stated.items() if kind in kinds.values()}
    if found != expected:
        yield f"the tables lie elsewhere: {dict(found.items() ^ expected.items())}"


def about_files(connection: psycopg.Connection) -> Iterator[str]:
    """Executes each file, prints the tasks of each part of its plan, and yields what is wrong."""
    register_vector(connection)
    for path in sorted(resources.SQL.rglob("*.sql")):
        name = str(path.relative_to(resources.SQL).with_suffix(""))
        tasks, fault = _try(connection, path.read_text("utf-8"))
        print(f"{name:<42} {','.join(map(str, tasks)) or '-'}{'  ' + fault if fault else ''}")
        if fault:
            yield f"{name}: {fault}"
        elif max(tasks, default=0) > 1 and name not in ALL_SHARDS:
            yield f"{name}: asks {max(tasks)} shards"


def _try(connection: psycopg.Connection, query: LiteralString) -> tuple[list[int], str]:
    """Executes a statement and takes it back. Returns the tasks of each part of its plan, and why it was refused.

    The values are made up, so a constraint may refuse a row: then the statement itself was accepted.
    """
    tasks: list[int] = []
    try:
        with connection.transaction(force_rollback=True):
            if "FROM STDIN" in query:
                with connection.cursor().copy(query):
                    return [], ""
            values = _values(connection, query)
            tasks = _tasks(connection, query, values)
            connection.execute(query, values or None)
    except (IntegrityError, DataError):
        pass
    except psycopg.Error as error:
        return tasks, str(error).partition("\n")[0]
    return tasks, ""


def _values(connection: psycopg.Connection, text: str) -> dict[str, Any]:
    """Returns a value for each placeholder, of the type that the server infers."""
    numbered_text, names = numbered(text)
    if (prepared := connection.pgconn.prepare(b"", numbered_text.encode())).status != ExecStatus.COMMAND_OK:
        raise psycopg.ProgrammingError(prepared.error_message.decode())
    described = connection.pgconn.describe_prepared(b"")
    types = [connection.adapters.types[described.param_type(index)] for index in range(len(names))]
    oids = [described.param_type(index) for index in range(len(names))]
    return {
        name: _NAMED.get(name) or ([_TYPED[info.name]] if oid == info.array_oid else _TYPED[info.name])
        for name, info, oid in zip(names, types, oids, strict=True)
    }


def _tasks(connection: psycopg.Connection, query: LiteralString, values: dict[str, Any]) -> list[int]:
    """Returns the numbers of tasks in the plan; none for a statement without a plan, or without a placed table."""
    if not any(word in query for word in ("SELECT", "INSERT", "UPDATE", "DELETE")):
        return []
    explain = sql.SQL("EXPLAIN (FORMAT JSON) ") + sql.SQL(query)
    # Citus cannot explain some statements with parameters that it can execute, so the values are in the text.
    [[plan]] = ClientCursor(connection).execute(explain, values or None).fetchall()
    return [*_task_counts(plan)]


def _task_counts(plan: Any) -> Iterator[int]:
    if isinstance(plan, dict):
        if "Task Count" in plan:
            yield plan["Task Count"]
        yield from (count for value in plan.values() for count in _task_counts(value))
    elif isinstance(plan, list):
        yield from (count for value in plan for count in _task_counts(value))


async def _about_sign_ins(url: str) -> Sequence[str]:
    database = Database(settings.load({"DATABASE_URL": url, "DB_POOL_SIZE": str(_PEOPLE)}, None))
    await database.open()
    profile = make_profile("ada", provider=Provider.clever, organization=LINCOLN)
    people = [msgspec.structs.replace(profile, subject=f"{ids.new()}") for _ in range(_PEOPLE)]
    faults = []
    try:
        for occasion in ("first", "second"):
            began = time.monotonic()
            entries = (sign_in(database, person, user_agent="", previous=None) for person in people)
            results = await asyncio.gather(*entries, return_exceptions=True)
            failed = [result for result in results if isinstance(result, BaseException)]
            print(f"{occasion} sign-in of {_PEOPLE} people at once: {time.monotonic() - began:.2f} s")
            faults += [f"{occasion} sign-in: {failure!r}" for failure in failed]
    finally:
        await database.close()
    return faults


async def _load_and_remove_a_book(url: str) -> None:
    """Raises the error of a refused statement. These transactions ask shards, and change tables with many copies."""
    reports = await ingest(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL)
    async with ingest_lock(url) as connection:
        for book_id in [report.book_id for report in reports if report.book_id]:
            await remove(connection, book_id)
    configured = settings.load({"DATABASE_URL": url}, None)
    database = Database(configured)
    await database.open()
    try:
        print(f"a book was loaded and removed; the maintenance removed {await remove_expired(database, configured)}")
    finally:
        await database.close()


if __name__ == "__main__":
    main()
