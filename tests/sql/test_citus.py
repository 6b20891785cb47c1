"""The statements and the migrations keep the rules of Citus, and a file that breaks one of them is found.

No Citus runs here. `python -m tests.tools.citus` executes the files on a cluster: see docs/operating/citus.md.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from plccoach_api import resources
from tests import sql_coverage
from tests.next_version import copy_migrations
from tests.sql import citus, citus_migrations, placements
from tests.sql.citus_excuses import ALL_SHARDS, RARE, UNPLACED
from tests.sql.placements import Tables

EXCUSED: dict[citus.Rule, dict[str, str]] = {citus.locks_of_all_copies: RARE, citus.unbound_users: ALL_SHARDS}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return placements.after_all()


def broken(text: str, tables: Tables) -> dict[citus.Rule, list[str]]:
    """Returns the rules that a statement breaks, with the complaints of each."""
    tree = citus.statement(text)
    return {rule: found for rule in citus.RULES if (found := rule(tree, tables))}


@pytest.mark.parametrize("name", sorted(sql_coverage.files()))
def test_a_file_keeps_the_rules_or_is_excused(name: str, tables: Tables) -> None:
    found = broken((resources.SQL / f"{name}.sql").read_text("utf-8"), tables)
    assert {rule: text for rule, text in found.items() if name not in EXCUSED.get(rule, {})} == {}


@pytest.mark.parametrize("rule", EXCUSED)
def test_each_excused_file_needs_its_excuse(rule: citus.Rule, tables: Tables) -> None:
    names = EXCUSED[rule]
    trees = {name: citus.statement((resources.SQL / f"{name}.sql").read_text("utf-8")) for name in names}
    assert [name for name, tree in trees.items() if not rule(tree, tables)] == []


BAD = {
    "UPDATE messages SET content = CASE role WHEN 'user' THEN 'a' END WHERE user_id = %(user_id)s": citus.simple_cases,
    "SELECT CASE m.role WHEN 'user' THEN 1 END FROM messages AS m WHERE m.user_id = %(user_id)s": citus.simple_cases,
    # A stable function takes a column, or is in a CASE.
    "UPDATE messages SET content = to_char(created_at, 'HH') WHERE user_id = %(user_id)s": citus.new_values,
    "UPDATE messages SET feedback_at = coalesce(feedback_at, now()) WHERE user_id = %(user_id)s": citus.new_values,
    "UPDATE messages SET feedback_at = CASE WHEN stop_requested THEN now() END WHERE user_id = %(user_id)s": (
        citus.new_values
    ),
    "UPDATE conversations SET updated_at = updated_at + interval '1 s' WHERE user_id = %(user_id)s": citus.new_values,
    "UPDATE conversations SET updated_at = greatest(%(now)s, updated_at - %(age)s) WHERE user_id = %(user_id)s": (
        citus.new_values
    ),
    "INSERT INTO last_sign_ins AS l (user_id, signed_in_at) VALUES (%(user_id)s, %(now)s) "
    "ON CONFLICT (user_id) DO UPDATE SET signed_in_at = now()": citus.conflict_values,
    "INSERT INTO last_sign_ins AS l (user_id, signed_in_at) VALUES (%(user_id)s, %(now)s) "
    "ON CONFLICT (user_id) DO UPDATE SET signed_in_at = current_timestamp": citus.conflict_values,
    "INSERT INTO last_sign_ins AS l (user_id, signed_in_at) VALUES (%(user_id)s, %(now)s) ON CONFLICT (user_id) "
    "DO UPDATE SET signed_in_at = excluded.signed_in_at WHERE l.signed_in_at < now()": citus.conflict_values,
    "INSERT INTO last_sign_ins AS l (user_id, signed_in_at) VALUES (%(user_id)s, %(now)s) ON CONFLICT (user_id) "
    "DO UPDATE SET signed_in_at = l.signed_in_at + interval '1 s'": citus.conflict_values,
    "DELETE FROM sessions WHERE user_id = %(user_id)s RETURNING expires_at <= now() AS expired": citus.returned_values,
    "INSERT INTO last_sign_ins AS l (user_id, signed_in_at) VALUES (%(user_id)s, %(now)s) ON CONFLICT (user_id) "
    "DO UPDATE SET signed_in_at = excluded.signed_in_at RETURNING random()": citus.returned_values,
    "DELETE FROM sessions WHERE user_id = %(user_id)s RETURNING expires_at + interval '1 s'": citus.returned_values,
    "UPDATE users SET name = %(name)s WHERE id = %(id)s": citus.locks_of_all_copies,
    "DELETE FROM shares WHERE user_id = %(user_id)s": citus.locks_of_all_copies,
    "INSERT INTO organizations (id) VALUES (%(id)s) ON CONFLICT DO NOTHING": citus.locks_of_all_copies,
    "SELECT u.id FROM users AS u WHERE u.id = %(id)s FOR UPDATE": citus.locks_of_all_copies,
    "WITH a AS (UPDATE shares SET opens = opens + 1 RETURNING user_id) SELECT a.user_id FROM a": (
        citus.locks_of_all_copies
    ),
    "SELECT r.requests FROM rate_limits AS r INNER JOIN sessions AS s ON r.key = s.user_agent "
    "WHERE s.user_id = %(user_id)s": citus.mixtures,
    "WITH a AS (DELETE FROM rate_limits) INSERT INTO users (id) VALUES (%(id)s)": citus.mixtures,
    "UPDATE messages SET content = '' WHERE id = %(id)s": citus.unbound_users,
    "SELECT c.id FROM conversations AS c WHERE c.user_id = %(user_id)s OR c.id = %(id)s": citus.unbound_users,
    "DELETE FROM sessions AS s USING due WHERE s.user_id = due.user_id": citus.unbound_users,
    # The subquery is a level of its own, and binds the user only through the level above.
    "SELECT c.id FROM conversations AS c WHERE c.user_id = %(user_id)s AND EXISTS (SELECT FROM messages AS m "
    "WHERE m.user_id = c.user_id)": citus.unbound_users,
    "SELECT c.id FROM conversations AS c LEFT JOIN messages AS m ON c.id = m.conversation_id "
    "WHERE c.user_id = %(user_id)s": citus.unbound_users,
}

GOOD = """
UPDATE messages SET leased_until = now() + %(lease)s::interval WHERE user_id = %(user_id)s
UPDATE conversations SET asked_at = (asked_at AT TIME ZONE 'UTC' + interval '1 s') WHERE user_id = %(user_id)s
UPDATE messages SET content = CASE WHEN role = 'user' THEN 'a' END WHERE user_id = any(%(user_ids)s::uuid[])
SELECT c.id FROM conversations AS c JOIN messages AS m ON c.user_id = m.user_id WHERE m.user_id = %(user_id)s
INSERT INTO users (id) VALUES (%(id)s) RETURNING created_at
INSERT INTO jobs (name, due_at) VALUES ('a', now()) ON CONFLICT (name) DO UPDATE SET due_at = now() RETURNING now()
SELECT s.cost_usd FROM spending AS s INNER JOIN users AS u ON s.organization_id = u.organization_id
""".strip().splitlines()


@pytest.mark.parametrize(("text", "rule"), BAD.items())
def test_a_planted_statement_breaks_its_rule_and_no_other(text: str, rule: citus.Rule, tables: Tables) -> None:
    assert list(broken(text, tables)) == [rule]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_statement_breaks_no_rule(text: str, tables: Tables) -> None:
    assert broken(text, tables) == {}


def test_a_planted_file_is_found_beside_the_others(tmp_path: Path, tables: Tables) -> None:
    shutil.copytree(resources.SQL, tmp_path / "sql")
    (tmp_path / "sql" / "users" / "planted.sql").write_text("-- Planted.\nUPDATE users\nSET name = 'A'\n")
    names = {str(path.relative_to(tmp_path / "sql").with_suffix("")) for path in (tmp_path / "sql").rglob("*.sql")}
    texts = {name: (tmp_path / "sql" / f"{name}.sql").read_text("utf-8") for name in names}
    found = {name for name, text in texts.items() for rule in broken(text, tables) if name not in EXCUSED.get(rule, {})}
    assert found == {"users/planted"}


def about_migrations(scripts: Path) -> dict[str, list[str]]:
    """Returns the complaints about each migration that has some."""
    tables = Tables()
    found = {
        revision: citus_migrations.complaints(statements, tables, UNPLACED)
        for revision, statements in placements.migrations(scripts).items()
    }
    return {revision: complaints for revision, complaints in found.items() if complaints}


def test_every_migration_keeps_the_rules() -> None:
    assert about_migrations(resources.MIGRATIONS) == {}


_TABLE = "CREATE TABLE moods (user_id uuid, id uuid{})"


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ([_TABLE.format("")], "moods is not placed right after it is created"),
        ([_TABLE.format(""), "CREATE INDEX ON moods (id)", "by_user"], "moods is not placed right after"),
        (["ALTER TABLE messages ALTER COLUMN content SET STORAGE MAIN"], "messages sets the storage"),
        (["ALTER TABLE sessions ALTER CONSTRAINT sessions_user_id_fkey DEFERRABLE"], "sessions alters a constraint"),
        (
            ["ALTER TABLE users ADD CONSTRAINT planted CHECK (name <> ''), ADD COLUMN planted text"],
            "users gets a constraint and more in one statement",
        ),
        (["CREATE TRIGGER planted BEFORE UPDATE ON users EXECUTE FUNCTION planted()"], "users gets a trigger"),
        (["UPDATE users SET created_at = created_at - interval '1 day'"], "adds to a time with a zone"),
        (["UPDATE users SET name = CASE role WHEN 'admin' THEN 'A' END"], "simple CASE"),
        ([_TABLE.format(", PRIMARY KEY (id)"), "by_user"], "moods has a unique key without user_id: id"),
        ([_TABLE.format(" UNIQUE"), "by_user"], "moods has a unique key without user_id: id"),
        (["CREATE UNIQUE INDEX ON messages (id)"], "messages has a unique key without user_id: id"),
        (["ALTER TABLE sessions ADD CONSTRAINT planted UNIQUE (id)"], "sessions has a unique key without user_id"),
        ([_TABLE.format(" REFERENCES jobs (id)"), "by_user"], "moods refers to jobs, which is not on the same node"),
        ([_TABLE.format(" REFERENCES messages (id)"), "by_user"], "moods refers to messages without user_id"),
        ([_TABLE.format(" REFERENCES messages (id)"), "everywhere"], "moods refers to messages, which is not on"),
        (
            [_TABLE.format(", FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL"), "by_user"],
            "moods refers to users with SET NULL",
        ),
    ],
)
def test_a_planted_migration_is_found(planted: Sequence[str], complaint: str, tmp_path: Path) -> None:
    [about] = about_migrations(with_statements(tmp_path, planted)).items()
    assert about[0] == "9999"
    assert complaint in " ".join(about[1])


def test_a_good_planted_migration_is_not_found(tmp_path: Path) -> None:
    table = _TABLE.format(", PRIMARY KEY (user_id, id), FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE")
    assert about_migrations(with_statements(tmp_path, [table, "by_user"])) == {}


def with_statements(folder: Path, statements: Sequence[str]) -> Path:
    """Copies the migrations and adds one. "by_user" and "everywhere" place the table `moods`."""
    copy_migrations(folder)
    [path] = (folder / "versions").glob("9999_*.py")
    text = path.read_text("utf-8").replace("from alembic import op", f"from alembic import op\n{_IMPORT}")
    lines = [_CALLS.get(each, f"op.execute({each!r})") for each in statements]
    head, _, tail = text.partition("    op.execute(")
    path.write_text(head + "".join(f"    {line}\n" for line in lines) + "\n\n" + tail[tail.index("def downgrade") :])
    return folder


_IMPORT = "from plccoach_api.database import placement"
_CALLS = {"by_user": "placement.by_user('moods')", "everywhere": "placement.everywhere('moods')"}
