"""docs/operating/scale.md: the SQL of the page works, and the service with it; the measurement counts every byte."""

import asyncio
import re
import subprocess
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.database.pool import Database
from plccoach_api.maintenance import retention
from tests.blocks import blocks_of
from tests.live import COMMAND, Service
from tests.sql.contract import ACROSS_USERS
from tests.statements import STATEMENTS, numbered
from tests.tools import scale
from tests.tools.schema_dump import client_program

SQL = {name.removeprefix("sql "): body for name, body in blocks_of(scale.PAGE).items()}
QUESTION = "What are the four critical questions of a PLC?"
SECONDS = 120.0
TYPES = "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'planned'"
# A value of each type that a statement has as a parameter.
VALUES = {
    "boolean": "true",
    "interval": "'1 hour'",
    "double precision": "1",
    "jsonb": "'[]'",
    "text": "'127.0.0.1'",
    "timestamp with time zone": "now()",
    "uuid": "'00000000-0000-7000-8000-000000000001'",
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric"), "1"),
}


def run(block: str, url: str) -> None:
    command = [client_program("psql"), "--no-psqlrc", "--variable=ON_ERROR_STOP=1", f"--dbname={url}"]
    done = subprocess.run(command, input=SQL[block], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def use(service: Service) -> None:
    """Asks, searches, makes a token and deletes, as a person does, and exports, as an operator does."""
    service.wait_for(seconds=SECONDS)
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"})
        answer = client.post("/api/coach/query", json={"query": QUESTION}).json()
        assert answer["kind"] == "answer"
        conversation = f"/api/conversations/{answer['conversation_id']}"
        assert len(client.get(f"{conversation}/messages").json()["items"]) == 2
        assert client.get("/api/conversations", params={"search": "critical"}).json()["items"]
        assert client.post("/auth/tokens", json={"name": "A program"}).status_code == 201
        assert client.delete(conversation).status_code == 204
    command = [*COMMAND, "users", "export", "erin@example.org"]
    exported = subprocess.run(command, env=service.environment, capture_output=True, check=True).stdout
    assert b"token_created" in exported


def partitions_read(url: str, table: str) -> dict[str, int]:
    """Returns the number of partitions that each statement on the table looks into, by the statement's name."""
    found = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET plan_cache_mode = force_custom_plan")
        for statement in STATEMENTS:
            text, _ = numbered(statement.text.decode())
            if re.search(rf"\b{table}\b", text):
                connection.execute(f"PREPARE planned AS {text}".encode())
                [(types,)] = connection.execute(TYPES.encode()).fetchall()
                values = ", ".join("'{}'" if each.endswith("[]") else VALUES[each] for each in types)
                arguments = f"({values})" if values else ""
                plan = str(connection.execute(f"EXPLAIN EXECUTE planned {arguments}".encode()).fetchall())
                found[statement.name] = len({*re.findall(rf"\bon ({table}_\d+)", plan)})
                connection.execute("DEALLOCATE planned")
    return found


async def maintain(url: str) -> None:
    loaded = settings.load({"DATABASE_URL": url}, None)
    database = Database(loaded)
    await database.open()
    try:
        await retention.remove_expired(database, loaded)
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("block", "table", "partitions"), [("audit-by-time", "audit_events", 3), ("messages-by-person", "messages", 16)]
)
def test_the_service_runs_unchanged_on_partitions(
    block: str, table: str, partitions: int, start: Callable[..., Service], database_url: str
) -> None:
    service = start(DATABASE_URL=database_url)
    use(service)
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"})
        kept = client.post("/api/coach/query", json={"query": QUESTION}).json()["conversation_id"]
    service.stop(seconds=SECONDS)
    content = f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY id"
    before, stored = rows(database_url, f"SELECT id FROM {table}"), rows(database_url, content)
    assert before
    run(block, database_url)
    assert rows(database_url, content) == stored
    assert len(rows(database_url, f"SELECT FROM pg_inherits WHERE inhparent = '{table}'::regclass")) == partitions
    looked_into = partitions_read(database_url, table)
    assert looked_into
    if table == "messages":
        assert {name for name, number in looked_into.items() if number > 1} <= ACROSS_USERS.keys()
    asyncio.run(maintain(database_url))
    service = start(DATABASE_URL=database_url)
    use(service)
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"})
        assert len(client.get(f"/api/conversations/{kept}/messages").json()["items"]) == 2
    service.stop(seconds=SECONDS)
    assert {*before} <= {*rows(database_url, f"SELECT id FROM {table}")}


def test_the_measurement_counts_each_row_and_each_index_of_a_table(database_url: str) -> None:
    asyncio.run(scale.fill_database(database_url, 20, []))
    measured = scale.measure(database_url)
    for name, size in measured.sizes.items():
        query = f"SELECT count(*), pg_relation_size('{name}'), pg_indexes_size('{name}') FROM {name}"
        assert [(size.rows, size.heap, sum(size.indexes.values()))] == rows(database_url, query)
    assert 0 < measured.search_vector < measured.sizes["messages"].row
    text = scale.markdown(measured)
    for name in measured.sizes:
        assert text.count(f"| `{name}` |") == 2
