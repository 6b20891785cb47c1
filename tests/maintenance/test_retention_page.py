"""docs/operating/retention.md names every table, and under the first heading those that the maintenance empties."""

import re
from pathlib import Path

import psycopg

from plccoach_api import settings
from plccoach_api.database.pool import Database
from plccoach_api.maintenance import retention
from plccoach_api.rules import idempotency, personal_tokens, sessions, sign_in
from plccoach_api.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs/operating/retention.md").read_text("utf-8")
_FIRST_CELL = re.compile(r"^\| (`.*?) \|", re.MULTILINE)


def tables(text: str) -> list[str]:
    return [name for cell in _FIRST_CELL.findall(text) for name in re.findall(r"`(\w+)`", cell)]


def row(table: str) -> str:
    [found] = [line for line in PAGE.splitlines() if line.startswith(f"| `{table}` |")]
    return found


def test_the_page_names_every_table_once(shared_database_url: str) -> None:
    with psycopg.connect(shared_database_url) as connection:
        stored = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert sorted(tables(PAGE)) == sorted(name for (name,) in stored)


async def test_the_tables_that_expire_are_those_of_the_maintenance(development: Settings) -> None:
    database = Database(development)
    await database.open()
    try:
        removed = await retention.remove_expired(database, development)
    finally:
        await database.close()
    expiring = PAGE.partition("## Removed when they expire")[2].partition("\n## ")[0]
    assert {*tables(expiring)} == removed.keys()


def test_the_times_are_those_of_the_rules() -> None:
    days = settings.load({}, None).archive_retention_days
    assert f"`ARCHIVE_RETENTION_DAYS` ({days})" in row("conversations")
    assert f"{retention.UNUSED_FOR.total_seconds() / 3600:.0f} hours" in row("conversations")
    assert f"{sessions.IDLE.total_seconds() / 60:.0f} minutes" in row("sessions")
    assert f"{sessions.LIFETIME.total_seconds() / 3600:.0f} hours" in row("sessions")
    assert f"{personal_tokens.MOST_DAYS} days" in row("personal_tokens")
    assert f"{idempotency.KEY_LIFETIME.total_seconds() / 3600:.0f} hours" in row("idempotency_keys")
    assert f"{sign_in.LIFETIME.total_seconds() / 60:.0f} minutes" in row("sign_in_attempts")
