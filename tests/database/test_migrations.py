"""Migrations: one head, upgrades and downgrades; and constraints that equal the enums of the rules."""

import importlib
import pkgutil
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import partial

import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.errors import DuplicateTable

from plccoach_api import ids, resources, rules
from plccoach_api.corpus.identity import identity
from plccoach_api.database import migrations
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.embeddings import IndexKind, SetState
from plccoach_api.rules.messages import (
    ConversationStatus,
    FeedbackReason,
    FeedbackScore,
    MessageKind,
    MessageRole,
    MessageStatus,
)
from plccoach_api.rules.questions.languages import Language
from plccoach_api.rules.roles import AuditAction, Provider, Role, UserStatus
from plccoach_api.rules.stopped_early import StoppedEarly
from tests.conftest import database_like
from tests.live import wait_until
from tests.tools import schema_dump

CHECKS: dict[type[Enum], str] = {
    Role: "users_role_check",
    UserStatus: "users_status_check",
    Provider: "identities_provider_check",
    ConversationStatus: "conversations_status_check",
    MessageRole: "messages_role_check",
    MessageStatus: "messages_status_check",
    MessageKind: "messages_kind_check",
    StoppedEarly: "messages_stopped_early_check",
    FeedbackScore: "messages_feedback_score_check",
    FeedbackReason: "messages_feedback_reasons_check",
    Domain: "messages_domains_check",
    AuditAction: "audit_events_action_check",
    SetState: "embedding_sets_state_check",
    IndexKind: "embedding_sets_index_kind_check",
}
# Further constraints on values of the same enums.
FURTHER_CHECKS = {"chunks_primary_domain_check": Domain, "chunks_secondary_domains_check": Domain}
NOT_STORED = {Language}
# Organizations and attempts to sign in exist for every provider except development.
SUBSETS_OF_AN_ENUM = {"organizations_provider_check", "sign_in_attempts_provider_check"}


def revisions() -> list[str]:
    """Returns all revisions, the head last."""
    scripts = ScriptDirectory(str(resources.MIGRATIONS)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def stated_oldest(revision: str) -> str:
    return str(ScriptDirectory(str(resources.MIGRATIONS)).get_revision(revision).module.oldest)


def leftovers(database_url: str) -> set[str]:
    """Returns the names of all objects in the database except alembic's own table."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("""
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
            UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
            UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$|^public$'
        """).fetchall()
    return {name for (name,) in rows} - {"alembic_version", "alembic_version_pkc", "_alembic_version"}


def definitions(database_url: str) -> dict[str, str]:
    """Returns the CHECK constraints that list allowed values."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(r"""
            SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'c' AND pg_get_constraintdef(oid) ~ '(= ANY \(|<@ )ARRAY\['
        """).fetchall()
    return dict(rows)


def test_there_is_one_head_and_the_service_knows_it() -> None:
    assert ScriptDirectory(str(resources.MIGRATIONS)).get_heads() == [migrations.head()]


@pytest.mark.slow
def test_every_migration_can_be_undone_and_repeated(empty_database_url: str) -> None:
    schemas = {}
    for revision in revisions():
        migrations.upgrade(empty_database_url, revision)
        assert migrations.state(empty_database_url).revision == revision
        schemas[revision] = schema_dump.dump(empty_database_url)
    for revision in revisions()[-2::-1]:
        migrations.downgrade(empty_database_url, revision)
        assert schema_dump.dump(empty_database_url) == schemas[revision]
    migrations.downgrade(empty_database_url, "base")
    assert migrations.state(empty_database_url).revision is None
    assert leftovers(empty_database_url) == set()
    migrations.upgrade(empty_database_url)
    assert schema_dump.dump(empty_database_url) == schemas[migrations.head()]


def test_the_committed_schema_equals_the_schema_of_the_migrations(shared_database_url: str) -> None:
    assert schema_dump.dump(shared_database_url) == schema_dump.SCHEMA.read_text("utf-8"), "run `just schema`"


def test_a_database_that_was_never_migrated_has_no_revision(empty_database_url: str) -> None:
    assert migrations.state(empty_database_url).revision is None


def test_a_migration_that_fails_changes_nothing_and_raises_psycopgs_error(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE TABLE sessions ()")
    with pytest.raises(DuplicateTable):
        migrations.upgrade(empty_database_url)
    assert migrations.state(empty_database_url).revision is None
    assert leftovers(empty_database_url) == {"sessions", "_sessions"}
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP TABLE sessions")
    migrations.upgrade(empty_database_url)
    assert migrations.state(empty_database_url).revision == migrations.head()


@pytest.mark.parametrize(
    ("constraint", "enum"), [*((constraint, enum) for enum, constraint in CHECKS.items()), *FURTHER_CHECKS.items()]
)
def test_an_enum_equals_its_constraint(shared_database_url: str, enum: type[Enum], constraint: str) -> None:
    allowed = re.findall(r"'?(-?\w+)'?(?:::\w+)?[,\]]", definitions(shared_database_url)[constraint])
    assert sorted(allowed) == sorted(str(member.value) for member in enum)


def test_every_enum_of_the_rules_has_a_constraint() -> None:
    modules = [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(rules.__path__, "plccoach_api.rules.")
    ]
    enums = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.__name__
    }
    assert enums == {*CHECKS, *NOT_STORED}


def test_every_constraint_that_lists_values_has_an_enum(shared_database_url: str) -> None:
    assert set(definitions(shared_database_url)) == {*CHECKS.values(), *FURTHER_CHECKS} | SUBSETS_OF_AN_ENUM


def test_stored_books_get_their_identity_and_stored_citations_are_found_by_passage(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, "0009")
    book_id, chapter_id, chunk_id, person = (ids.new() for _ in range(4))
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        for statement in OLD_ROWS.split(";"):
            connection.execute(
                statement.encode(), {"book": book_id, "chapter": chapter_id, "chunk": chunk_id, "person": person}
            )
        migrations.upgrade(empty_database_url)
        [(stored,)] = connection.execute("SELECT identity FROM books").fetchall()
        assert stored == identity("Zebras", ["Zoë", 'A "quoted" name'], None, 2020)
        assert connection.execute("SELECT user_id, message_id, chunk_id FROM citations").fetchall() == [
            (person, person, chunk_id)
        ]
        connection.execute(
            "INSERT INTO books SELECT %s, title, authors, 2021, product_url, content_hash, loaded_at, "
            "edition, sha256('') FROM books",
            [ids.new()],
        )
        migrations.downgrade(empty_database_url, "0009")
        titles = sorted(title for (title,) in connection.execute("SELECT title FROM books").fetchall())
        assert titles[0] == "Zebras"
        assert titles[1].startswith("Zebras (")
        assert connection.execute("SELECT content FROM chunks").fetchall() == [("Stripes",)]
        migrations.upgrade(empty_database_url)


OLD_ROWS = """
INSERT INTO books (id, title, authors, year, content_hash, created_at)
VALUES (%(book)s, 'Zebras', ARRAY['Zoë', 'A "quoted" name'], 2020, sha256(''), now());
INSERT INTO chapters (id, book_id, position, title) VALUES (%(chapter)s, %(book)s, 0, '');
INSERT INTO chunks
    (id, book_id, chapter_id, position, primary_domain, secondary_domains, tokens, content, content_hash)
VALUES (%(chunk)s, %(book)s, %(chapter)s, 0, 'assessment', '{}', 1, 'Stripes', sha256(''));
INSERT INTO users (id, name, role, status, created_at) VALUES (%(person)s, 'Ada', 'educator', 'active', now());
INSERT INTO conversations (user_id, id, status, created_at, updated_at)
VALUES (%(person)s, %(person)s, 'active', now(), now());
INSERT INTO messages (user_id, id, conversation_id, role, content, status, citations, domains, created_at)
SELECT
    %(person)s, %(person)s, %(person)s, 'assistant', '', 'complete',
    jsonb_build_array(jsonb_build_object('chunk_id', c.id), jsonb_build_object('chunk_id', c.id)), '{}', now()
FROM chunks AS c
"""


def test_stored_books_get_their_words_and_acronyms(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, "0012")
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        for statement in OLD_PASSAGES.split(";"):
            connection.execute(statement.encode(), {"id": ids.new()})
        migrations.upgrade(empty_database_url)
        assert connection.execute(
            "SELECT word, chunks FROM words WHERE word ~ '^(rti|response)$' ORDER BY 1"
        ).fetchall() == [
            ("response", 2),
            ("rti", 1),
        ]
        assert connection.execute("SELECT acronym, expansion, stems FROM acronyms").fetchall() == [
            ("RTI", "Response to Intervention", "respons to intervent")
        ]


OLD_PASSAGES = """
INSERT INTO books (id, identity, title, authors, content_hash, loaded_at)
VALUES (%(id)s, sha256(''), 'Zebras', '{}', sha256(''), now());
INSERT INTO chapters (id, book_id, position, title) VALUES (%(id)s, (SELECT id FROM books), 0, '');
INSERT INTO chunks
    (id, book_id, chapter_id, position, primary_domain, secondary_domains, tokens, content, content_hash)
VALUES (
    %(id)s, (SELECT id FROM books), (SELECT id FROM chapters), 0, 'assessment', '{}', 1,
    'Response to Intervention (RTI) helps.', sha256('')
);
INSERT INTO chunks
    (id, book_id, chapter_id, position, primary_domain, secondary_domains, tokens, content, content_hash)
VALUES (%(id)s, (SELECT id FROM books), (SELECT id FROM chapters), 1, 'assessment', '{}', 1, 'A response.', sha256(''))
"""


def test_stored_passages_are_found_by_the_stems_of_this_version(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, "0025")
    counts = "SELECT stem, chunks FROM stems WHERE chunks > 0 ORDER BY stem"
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        for statement in OLD_PASSAGES.replace("A response.", "Parents/guardians in Tier-2 of PLCs.").split(";"):
            connection.execute(statement.encode(), {"id": ids.new()})
        connection.execute("""
            INSERT INTO stems (stem, chunks)
            SELECT w.lexeme, count(*) FROM chunks AS c, unnest(c.lexical) AS w GROUP BY w.lexeme
        """)
        connection.execute("UPDATE corpora SET chunks = 2, length = 9, average_length = 4.5")
        before = connection.execute(counts).fetchall()
        migrations.upgrade(empty_database_url)
        found = "SELECT lexical::text, length FROM chunk_weights WHERE lexical @@ 'guardian'"
        assert connection.execute(found).fetchall() == [("'2' 'guardian' 'parent' 'plc' 'tier'", 5)]
        after = connection.execute(counts).fetchall()
        assert {("guardian", 1), ("parent", 1), ("2", 1), ("tier", 1), ("plc", 1)} <= {*after}
        migrations.downgrade(empty_database_url, "0025")
        assert connection.execute(counts).fetchall() == before


def test_long_vectors_that_were_indexed_by_their_values_get_an_index_of_their_signs(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, "0026")
    old = [("short", 256, True), ("long", 1536, True), ("few", 3072, False)]
    found = "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE %s AND indexdef LIKE %s"
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        added = {name: ids.new() for name, _, _ in old}
        for name, dimensions, indexed in old:
            connection.execute(
                "INSERT INTO embedding_sets (id, provider, model, dimensions, state, indexed, created_at)"
                " VALUES (%s, 'openai', %s, %s, 'ready', %s, now())",
                (added[name], name, dimensions, indexed),
            )
        migrations.upgrade(empty_database_url)
        kinds = "SELECT model, index_kind FROM embedding_sets ORDER BY model"
        assert connection.execute(kinds).fetchall() == [("few", None), ("long", "signs"), ("short", "values")]
        wanted = ("%bit_hamming_ops%", f"%{added['long']}%")
        assert connection.execute(found, wanted).fetchall() == [(1,)]
        migrations.downgrade(empty_database_url, "0026")
        assert connection.execute(found, wanted).fetchall() == [(0,)]


def test_a_downgrade_keeps_the_last_sign_ins_and_the_visits_of_share_links(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("""
            INSERT INTO users (id, name, role, status, created_at, last_login)
            SELECT gen_random_uuid(), name, 'educator', 'active', '2026-01-01', '2026-02-01'
            FROM unnest(ARRAY['early', 'late', 'never']) AS name
        """)
        connection.execute("""
            INSERT INTO last_sign_ins (user_id, signed_in_at)
            SELECT id, CASE name WHEN 'early' THEN '2026-01-02'::date ELSE '2026-03-01' END
            FROM users WHERE name <> 'never'
        """)
        connection.execute("""
            INSERT INTO conversations (user_id, id, status, created_at, updated_at)
            SELECT id, id, 'active', now(), now() FROM users
        """)
        connection.execute("""
            INSERT INTO shares (token_hash, user_id, conversation_id, opens, created_at)
            SELECT sha256(name::bytea), id, id, 1, now() FROM users
        """)
        # The second number was counted for a link that another one has replaced.
        connection.execute("""
            INSERT INTO share_visits (user_id, conversation_id, token_hash, visits)
            SELECT id, id, sha256(CASE name WHEN 'early' THEN name ELSE 'old link' END::bytea), 2
            FROM users WHERE name <> 'never'
        """)
    migrations.downgrade(empty_database_url, "0019")
    with psycopg.connect(empty_database_url) as connection:
        stored = connection.execute("""
            SELECT u.name, u.last_login::date::text, s.opens
            FROM users AS u INNER JOIN shares AS s ON u.id = s.user_id ORDER BY u.name
        """).fetchall()
    assert stored == [("early", "2026-02-01", 3), ("late", "2026-03-01", 1), ("never", "2026-02-01", 1)]


def test_every_migration_states_the_oldest_revision_that_can_run_on_its_schema() -> None:
    """The revision never goes back: code that a schema excludes stays excluded."""
    known = revisions()
    positions = [known.index(stated_oldest(revision)) for revision in known]
    assert positions == sorted(positions)
    assert all(position <= own for own, position in enumerate(positions))


def test_a_migration_that_excludes_the_version_before_says_why() -> None:
    scripts = ScriptDirectory(str(resources.MIGRATIONS))
    for revision in revisions()[1:]:
        docstring = str(scripts.get_revision(revision).module.__doc__)
        assert ("\nNot online: " in docstring) == (stated_oldest(revision) == revision), revision


@pytest.mark.slow
def test_the_schema_names_the_oldest_revision_after_each_upgrade_and_each_downgrade(empty_database_url: str) -> None:
    assert migrations.state(empty_database_url).oldest is None
    for revision in revisions():
        migrations.upgrade(empty_database_url, revision)
        assert migrations.state(empty_database_url).oldest == stated_oldest(revision)
    for revision in revisions()[-2::-1]:
        migrations.downgrade(empty_database_url, revision)
        assert migrations.state(empty_database_url).oldest == stated_oldest(revision)


def test_a_schema_of_the_version_before_this_rule_gets_the_oldest_revision(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP TABLE schema_compatibility")
    assert migrations.state(empty_database_url).is_behind
    migrations.prepare(empty_database_url)
    assert migrations.state(empty_database_url).can_run
    assert migrations.state(empty_database_url).oldest == stated_oldest(migrations.head())


def test_a_newer_schema_stays_as_it_is_and_is_refused_if_it_needs_newer_code(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        migrations.prepare(empty_database_url)
        connection.execute("UPDATE schema_compatibility SET oldest = '9998'")
        with pytest.raises(migrations.SchemaMismatch, match="revision 9998 or later"):
            migrations.prepare(empty_database_url)
    assert migrations.state(empty_database_url).revision == "9999"


def test_a_migration_waits_two_seconds_for_a_lock_and_tries_again(empty_database_url: str) -> None:
    # The next migration changes a table that the reader holds.
    migrations.upgrade(empty_database_url, "0010")
    with ThreadPoolExecutor(1) as pool, psycopg.connect(empty_database_url) as reader:
        for (table,) in reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            reader.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.Identifier(table)))
        migrating = pool.submit(migrations.upgrade, empty_database_url)
        with psycopg.connect(empty_database_url, autocommit=True) as observer:
            waits = partial(is_waiting_for_a_lock, observer)
            wait_until(waits, "the migration waits for a lock", seconds=10)
            wait_until(lambda: not waits(), "the migration gives up", seconds=4)
            wait_until(waits, "the migration tries again", seconds=4)
        assert not migrating.done()
        reader.rollback()
        migrating.result(timeout=20)
    assert migrations.state(empty_database_url).revision == migrations.head()


def is_waiting_for_a_lock(observer: psycopg.Connection) -> bool:
    waiting = observer.execute("""
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'plccoach-api migrate' AND wait_event_type = 'Lock'
    """)
    return waiting.fetchone() is not None


def test_the_printed_sql_makes_the_same_schema_as_the_migrations(empty_database_url: str, postgres: str) -> None:
    printed = migrations.sql(empty_database_url, "head")
    assert migrations.state(empty_database_url).revision is None
    with database_like(postgres, "template1") as other:
        run_in_psql(other, printed)
        migrations.upgrade(empty_database_url)
        assert schema_dump.dump(other) == schema_dump.dump(empty_database_url)
        assert migrations.state(other) == migrations.state(empty_database_url)
        run_in_psql(other, migrations.sql(other, "base"))
        assert migrations.state(other).revision is None
        assert leftovers(other) == set()


def run_in_psql(database: str, script: str) -> None:
    command = [schema_dump.client_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", database]
    subprocess.run(command, input=script, text=True, check=True, stdout=subprocess.DEVNULL)
