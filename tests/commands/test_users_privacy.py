"""`plccoach-api users export` and `users delete`, which an operator runs when a person asks for it."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest

from plccoach_api.rules.roles import Provider
from tests.commands.command_line import rows, run
from tests.commands.stored_people import LONG, count_mentions, store_people
from tests.commands.terminal import at_terminal
from tests.conftest import database_like
from tests.live import COMMAND, environment, wait_until
from tests.people import LINCOLN, make_profile
from tests.waiting import LOCK_WAITERS

OWNED = {
    "users": 1,
    "identities": 1,
    "last_sign_ins": 1,
    "sessions": 1,
    "personal_tokens": 1,
    "conversations": 3,
    "messages": LONG + 2,
    "citations": LONG // 2 + 1,
    "shares": 1,
    "share_visits": 1,
    "idempotency_keys": 1,
    "rate_limits": 1,
}


@pytest.fixture(scope="module")
def stored(postgres: str, template: str) -> Iterator[tuple[str, dict[str, UUID]]]:
    """The name of a database with Ada and Erin, and with another Erin whose email is the same; and their ids."""
    profiles = [
        make_profile("ada", provider=Provider.clever, organization=LINCOLN),
        make_profile("erin"),
        make_profile("erin", provider=Provider.google),
    ]
    with database_like(postgres, template) as url:
        user_ids = asyncio.run(store_people(url, *profiles))
        yield Path(urlsplit(url).path).name, dict(zip(("ada", "erin", "other erin"), user_ids, strict=True))


@pytest.fixture
def database_url(postgres: str, stored: tuple[str, dict[str, UUID]]) -> Iterator[str]:
    """A clone of that database, which takes far less time than storing 900 rows again."""
    with database_like(postgres, stored[0]) as url:
        yield url


@pytest.fixture
def people(stored: tuple[str, dict[str, UUID]]) -> dict[str, UUID]:
    return stored[1]


def export(database_url: str, email_or_id: str, folder: Path) -> dict[str, Any]:
    done = run(database_url, "users", "export", email_or_id, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout.count("\n"), done.stdout[-1]) == (1, "\n")
    everything: dict[str, Any] = json.loads(done.stdout)
    return everything


def test_the_stored_data_of_a_user_is_one_json_object(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    run(database_url, "users", "promote", "ada@example.org", "--role", "coach", cwd=tmp_path)
    exported = export(database_url, "ADA@example.org", tmp_path)
    user = exported["user"]
    assert (user["id"], user["email"], user["name"]) == (str(people["ada"]), "ada@example.org", "Ada")
    assert (user["role"], user["sso_provider"], user["organization"]["name"]) == ("coach", "clever", "Lincoln District")
    account = exported["account"]
    assert (account["subject"], account["name_chosen"], account["role_assigned"]) == ("ada", False, True)
    assert [session["user_agent"] for session in exported["sessions"]] == ["Firefox"]
    [token] = exported["personal_tokens"]
    assert list(token) == ["id", "name", "hint", "created_at", "last_used_at", "expires_at"]
    assert token["name"] == "Ada's script"
    [link] = exported["shared_links"]
    assert (link["conversation_id"], link["opens"]) == (exported["conversations"][0]["id"], 1)
    [key] = exported["idempotency_keys"]
    assert (key["key"], key["message_id"]) == ("once", exported["conversations"][0]["messages"][1]["id"])
    [counted] = exported["counted_requests"]
    assert (counted["name"], counted["requests"]) == ("coach", 1)
    [event] = exported["audit_events"]
    assert (event["action"], event["before"], event["after"]) == (
        "role_changed",
        {"role": "educator"},
        {"role": "coach"},
    )
    assert [each["title"] for each in exported["conversations"]] == [
        "Ada asks 👩🏽‍🏫",
        "Long ago",
        None,
    ]


def test_every_message_is_exported_with_its_citations_and_its_feedback(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    asked, archived, empty = export(database_url, str(people["ada"]), tmp_path)["conversations"]
    question, answer = asked["messages"]
    assert question["content"] == "Ada wonders: чему мы учим?"
    assert (answer["content"], answer["citations"][0]["pages"]) == ("What matters most [1].", [1, 2])
    feedback = answer["feedback"]
    assert (feedback["score"], feedback["reasons"], feedback["comment"]) == (-1, ["incomplete"], "Ada expected more")
    assert asked["share_opens"] == 1
    assert asked["shared_at"].endswith("Z")
    assert archived["status"] == "archived"
    assert [message["content"] for message in archived["messages"]] == [f"message {n}" for n in range(LONG)]
    assert empty["messages"] == []


def test_an_export_includes_expired_rows_that_are_still_stored(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sessions SET created_at = '2020-01-01', expires_at = '2020-01-02'")
        connection.execute("UPDATE personal_tokens SET created_at = '2020-01-01', expires_at = '2020-01-02'")
        connection.execute("UPDATE shares SET expires_at = '2020-01-02'")
    exported = export(database_url, str(people["ada"]), tmp_path)
    assert [session["expires_at"] for session in exported["sessions"]] == ["2020-01-02T00:00:00Z"]
    assert [token["expires_at"] for token in exported["personal_tokens"]] == ["2020-01-02T00:00:00Z"]
    assert [link["expires_at"] for link in exported["shared_links"]] == ["2020-01-02T00:00:00Z"]


def test_the_list_of_columns_that_refer_to_a_user_is_complete(database_url: str) -> None:
    known = {
        ("audit_events", "actor_id"): "kept when the user is deleted, as evidence of the change",
        ("audit_events", "target_id"): "the same",
        ("citations", "user_id"): "with their messages, which name the same passages",
        ("conversations", "user_id"): "conversations",
        ("idempotency_keys", "user_id"): "idempotency_keys",
        ("identities", "user_id"): "account",
        ("last_sign_ins", "user_id"): "account",
        ("messages", "user_id"): "with their conversations",
        ("personal_tokens", "user_id"): "personal_tokens",
        ("sessions", "user_id"): "sessions",
        ("share_visits", "user_id"): "shared_links",
        ("shares", "user_id"): "shared_links",
        ("unfinished_answers", "user_id"): "until the answer ends; the rescuer deletes a row whose answer is gone",
    }
    columns = rows(
        database_url,
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name IN ('user_id', 'actor_id', 'target_id', 'owner_id', 'reader_id')",
    )
    references = rows(
        database_url,
        "SELECT r.relname, a.attname FROM pg_constraint AS c JOIN pg_class AS r ON c.conrelid = r.oid"
        " JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = ANY (c.conkey)"
        " WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass",
    )
    assert {*columns, *references} == {*known}


def test_an_export_contains_nothing_of_other_users_and_no_secret(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    done = run(database_url, "users", "export", str(people["ada"]), cwd=tmp_path)
    assert "Erin" not in done.stdout
    assert str(people["erin"]) not in done.stdout
    hashes = " UNION ".join(f"SELECT token_hash FROM {table}" for table in ("sessions", "personal_tokens", "shares"))
    for (token_hash,) in rows(database_url, hashes):
        assert token_hash.hex() not in done.stdout
    assert "hash" not in done.stdout


def test_an_export_changes_nothing(database_url: str, people: dict[str, UUID], tmp_path: Path) -> None:
    first = export(database_url, str(people["ada"]), tmp_path)
    assert export(database_url, str(people["ada"]), tmp_path) == first


def test_an_export_whose_reader_closes_the_pipe_ends_without_a_traceback(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    with psycopg.connect(database_url) as connection:
        # The export must be larger than the buffer of a pipe.
        connection.execute("UPDATE messages SET content = repeat('long ', 400)")
    variables = environment(DATABASE_URL=database_url)
    command = [*COMMAND, "users", "export", str(people["ada"])]
    with subprocess.Popen(
        command, env=variables, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(8) == b'{"user":'
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 1


def test_a_deleted_user_leaves_only_an_id_in_the_audit(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    ada = str(people["ada"])
    run(database_url, "users", "promote", ada, "--role", "coach", cwd=tmp_path)
    assert count_mentions(database_url, ada) == OWNED | {"audit_events": 1}
    done = run(database_url, "users", "delete", "Ada@Example.org", "--yes", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{ada} is deleted\n", "")
    assert count_mentions(database_url, ada) == {"audit_events": 1}
    assert count_mentions(database_url, "Ada") == {}
    assert count_mentions(database_url, "ada@example.org") == {}


def test_deleting_a_user_changes_no_other_user(database_url: str, people: dict[str, UUID], tmp_path: Path) -> None:
    run(database_url, "users", "delete", str(people["erin"]), "--yes", cwd=tmp_path)
    assert count_mentions(database_url, str(people["erin"])) == {}
    for other in ("ada", "other erin"):
        assert count_mentions(database_url, str(people[other])) == OWNED
    assert rows(database_url, "SELECT name FROM organizations") == [("Lincoln District",)]


def test_a_user_is_deleted_as_a_whole_or_not_at_all(database_url: str, people: dict[str, UUID], tmp_path: Path) -> None:
    ada = people["ada"]
    with psycopg.connect(database_url) as other:
        other.execute("SELECT FROM shares WHERE user_id = %s FOR UPDATE", (ada,))
        done = run(database_url, "users", "delete", str(ada), "--yes", cwd=tmp_path)
        assert (done.returncode != 0, done.stdout) == (True, "")
        assert done.stderr.count("\n") == 1
        # The database was reached, so the exit code is not the one of a wrong address.
        assert (done.returncode, "answered with an error (LockNotAvailable" in done.stderr) == (1, True)
        assert count_mentions(database_url, str(ada)) == OWNED


def test_a_deletion_is_repeated_when_it_meets_a_request_that_shares_a_conversation(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    ada = people["ada"]
    with psycopg.connect(database_url) as other, ThreadPoolExecutor() as pool:
        # The server then ends the deletion, and not this transaction.
        other.execute("SET deadlock_timeout = '20s'")
        other.execute("UPDATE conversations SET version = version + 1 WHERE user_id = %s", (ada,))
        done = pool.submit(run, database_url, "users", "delete", str(ada), "--yes", cwd=tmp_path)
        wait_until(lambda: bool(rows(database_url, LOCK_WAITERS)), "the command waits for the row", seconds=20)
        other.execute(
            "INSERT INTO shares (token_hash, user_id, conversation_id, opens, created_at) "
            "VALUES (sha256('link'), %s, gen_random_uuid(), 0, now())",
            (ada,),
        )
        other.commit()
        deleted = done.result()
    assert (deleted.returncode, deleted.stderr) == (0, "")
    assert count_mentions(database_url, str(ada)) == {}


def test_a_deletion_may_take_longer_than_a_request(database_url: str, people: dict[str, UUID], tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_sleep(6.5); RETURN OLD; END'"
        )
        other.execute("CREATE TRIGGER linger BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION linger()")
        try:
            done = run(database_url, "users", "delete", str(people["ada"]), "--yes", cwd=tmp_path)
        finally:
            other.execute("DROP FUNCTION linger CASCADE")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("reply", "remaining"), [("y", {}), ("n", OWNED), ("", OWNED)])
def test_a_person_at_a_terminal_must_confirm_a_deletion(
    database_url: str, people: dict[str, UUID], tmp_path: Path, reply: str, remaining: dict[str, int]
) -> None:
    with at_terminal(database_url, "users", "delete", "ada@example.org", cwd=tmp_path) as person:
        question = person.read_question("[y/N]: ")
        code, errors = person.reply(reply)
    assert question.startswith(f"Delete {people['ada']} (clever, Ada) and all their data?")
    assert (bool(code), "Traceback" in errors) == (bool(remaining), False)
    assert count_mentions(database_url, str(people["ada"])) == remaining


def test_ctrl_c_at_the_question_deletes_nobody(database_url: str, people: dict[str, UUID], tmp_path: Path) -> None:
    with at_terminal(database_url, "users", "delete", "ada@example.org", cwd=tmp_path) as person:
        person.read_question("[y/N]: ")
        code, errors = person.press_ctrl_c()
    assert (code, "Traceback" in errors) == (1, False)
    assert count_mentions(database_url, str(people["ada"])) == OWNED


@pytest.mark.parametrize("reply", ["", "y\n"])
def test_a_deletion_without_a_terminal_needs_yes(
    database_url: str, people: dict[str, UUID], tmp_path: Path, reply: str
) -> None:
    done = run(database_url, "users", "delete", "ada@example.org", cwd=tmp_path, reply=reply)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "plccoach-api: --yes is missing: this cannot be undone, and there is no terminal to ask at\n"
    )
    assert count_mentions(database_url, str(people["ada"])) == OWNED


def test_a_deletion_with_a_closed_standard_input_needs_yes(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "users", "delete", "ada@example.org"],
        env=environment(DATABASE_URL=database_url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert count_mentions(database_url, str(people["ada"])) == OWNED


def test_a_user_who_is_gone_before_the_confirmation_is_reported(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    with at_terminal(database_url, "users", "delete", "ada@example.org", cwd=tmp_path) as person:
        person.read_question("[y/N]: ")
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM users WHERE id = %s", (people["ada"],))
        said = person.reply("y")
    assert said == (1, "plccoach-api: the user 'ada@example.org' was deleted in the meantime\n")


def test_a_user_who_is_deleted_during_a_change_is_reported(
    database_url: str, people: dict[str, UUID], tmp_path: Path
) -> None:
    with psycopg.connect(database_url) as other, ThreadPoolExecutor() as pool:
        other.execute("DELETE FROM users WHERE id = %s", (people["ada"],))
        done = pool.submit(run, database_url, "users", "promote", "ada@example.org", "--role", "coach", cwd=tmp_path)
        wait_until(lambda: bool(rows(database_url, LOCK_WAITERS)), "the command waits for the row", seconds=20)
        other.commit()
        failed = done.result()
    said = "plccoach-api: the user 'ada@example.org' was deleted in the meantime\n"
    assert (failed.returncode, failed.stdout, failed.stderr) == (1, "", said)


@pytest.mark.parametrize("arguments", [("export",), ("delete", "--yes")])
def test_an_email_that_several_accounts_share_is_refused_with_their_ids(
    database_url: str, people: dict[str, UUID], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run(database_url, "users", *arguments, "ERIN@example.org", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{people['erin']}  development" in done.stderr
    assert f"{people['other erin']}  google" in done.stderr
    assert str(people["ada"]) not in done.stderr
    for name in ("erin", "other erin"):
        assert count_mentions(database_url, str(people[name])) == OWNED


@pytest.mark.parametrize("arguments", [("export",), ("delete", "--yes")])
@pytest.mark.parametrize("name", ["nobody@example.org", "01a209de-8c09-76f6-baa4-77e106cf2850", "", "%"])
def test_an_unknown_user_is_reported_in_one_line(
    database_url: str, tmp_path: Path, arguments: tuple[str, ...], name: str
) -> None:
    done = run(database_url, "users", *arguments, name, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"plccoach-api: there is no user {name!r}\n")
