"""`plccoach-api users list`, `users promote` and `sessions purge`, run as processes."""

import asyncio
import json
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.database.pool import Database
from plccoach_api.identity.profile import Profile
from plccoach_api.identity.sign_in import sign_in
from plccoach_api.rules.roles import Provider, Role
from tests.commands import forked
from tests.commands.command_line import rows, run
from tests.live import environment
from tests.people import LINCOLN, make_profile


@pytest.fixture(autouse=True)
def people(database_url: str) -> None:
    """Erin is known to two providers by the same email; Ada has signed in once, in Lincoln."""
    profiles = [
        make_profile("erin"),
        make_profile("erin", provider=Provider.google),
        make_profile("ada", provider=Provider.clever, organization=LINCOLN),
    ]
    asyncio.run(_sign_in(database_url, profiles))


async def _sign_in(url: str, profiles: list[Profile]) -> None:
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    for profile in profiles:
        await sign_in(database, profile, user_agent="", previous=None)
    await database.close()


def test_the_list_has_a_line_for_each_user(database_url: str, tmp_path: Path) -> None:
    done = run(database_url, "users", "list", cwd=tmp_path)
    head, *lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert head.split()[:5] == ["id", "name", "email", "role", "status"]
    assert len(lines) == 3
    assert "ada@example.org" in lines[0]
    assert "Lincoln District" in lines[0]


def test_the_list_can_be_filtered_and_written_as_json(database_url: str, tmp_path: Path) -> None:
    done = run(database_url, "users", "list", "--search", "ADA", "--role", "educator", "--json", cwd=tmp_path)
    [user] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (user["name"], user["organization"]["name"], user["sso_provider"]) == ("Ada", "Lincoln District", "clever")
    assert run(database_url, "users", "list", "--role", "admin", "--json", cwd=tmp_path).stdout == ""


def test_a_user_is_promoted_by_email_in_any_case_and_the_change_is_audited(database_url: str, tmp_path: Path) -> None:
    done = run(database_url, "users", "promote", "ADA@example.org", "--role", "admin", cwd=tmp_path)
    [(ada, role, assigned)] = rows(database_url, "SELECT id, role, role_assigned FROM users WHERE name = 'Ada'")
    assert (done.returncode, done.stdout) == (0, f"{ada} is now admin\n")
    assert (role, assigned) == ("admin", True)
    assert rows(database_url, "SELECT actor_id, target_id, action, before, after, address FROM audit_events") == [
        (None, ada, "role_changed", {"role": "educator"}, {"role": "admin"}, None),
    ]


def test_a_user_is_promoted_by_id(database_url: str, tmp_path: Path) -> None:
    [(erin,)] = rows(database_url, "SELECT user_id FROM identities WHERE provider = 'google'")
    assert run(database_url, "users", "promote", str(erin), "--role", "coach", cwd=tmp_path).returncode == 0
    assert rows(database_url, "SELECT id FROM users WHERE role = 'coach'") == [(erin,)]


def test_an_email_that_several_accounts_share_is_refused_with_their_ids(database_url: str, tmp_path: Path) -> None:
    done = run(database_url, "users", "promote", "erin@example.org", "--role", "admin", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    for user_id, provider in rows(database_url, "SELECT user_id, provider FROM identities WHERE subject = 'erin'"):
        assert f"{user_id}  {provider}" in done.stderr
    assert rows(database_url, "SELECT count(*) FROM users WHERE role = 'admin'") == [(0,)]


@pytest.mark.parametrize("name", ["nobody@example.org", "01a209de-8c09-76f6-baa4-77e106cf2850", "", "x' OR 1=1--"])
def test_an_unknown_user_is_reported_in_one_line(database_url: str, tmp_path: Path, name: str) -> None:
    done = run(database_url, "users", "promote", name, "--role", "admin", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"plccoach-api: there is no user {name!r}\n")


def test_the_last_administrator_cannot_be_demoted_by_command_either(database_url: str, tmp_path: Path) -> None:
    run(database_url, "users", "promote", "ada@example.org", "--role", "admin", cwd=tmp_path)
    done = run(database_url, "users", "promote", "ada@example.org", "--role", "educator", cwd=tmp_path)
    assert done.returncode == 1
    assert "last active administrator" in done.stderr


def test_a_role_is_required_and_must_exist(database_url: str, tmp_path: Path) -> None:
    for arguments in ((), ("--role", "owner")):
        assert run(database_url, "users", "promote", "ada@example.org", *arguments, cwd=tmp_path).returncode == 2


def test_a_database_without_the_schema_is_reported_in_one_line(empty_database_url: str, tmp_path: Path) -> None:
    done = run(empty_database_url, "users", "list", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "plccoach-api migrate" in done.stderr


def test_a_database_that_cannot_be_reached_is_reported_in_one_line(tmp_path: Path) -> None:
    done = run("postgresql://coach:hush@127.0.0.1:1/coach", "users", "list", cwd=tmp_path)
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr


def test_expired_sessions_are_purged(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE sessions SET last_accessed_at = now() - interval '1 hour'"
            " WHERE user_id IN (SELECT id FROM users WHERE name = 'Erin')"
        )
    done = run(database_url, "sessions", "purge", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "2 sessions removed\n")
    assert run(database_url, "sessions", "purge", cwd=tmp_path).stdout == "0 sessions removed\n"


@pytest.mark.parametrize("json_or_table", [["--json"], []])
def test_a_name_cannot_control_the_terminal_and_is_no_markup(
    database_url: str, tmp_path: Path, json_or_table: list[str]
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE users SET name = %s", ("[red]Ada[/] \x9b31m\u202e",))
    shown = run(database_url, "users", "list", *json_or_table, cwd=tmp_path).stdout
    assert "[red]Ada[/]" in shown
    assert "\x9b" not in shown
    assert "\u202e" not in shown


def test_a_user_is_created_before_the_first_sign_in_which_finds_it(database_url: str, tmp_path: Path) -> None:
    done = run(database_url, "users", "create", "Nora@example.org", "--role", "admin", cwd=tmp_path)
    [(nora,)] = rows(database_url, "SELECT id FROM users WHERE email = 'Nora@example.org'")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{nora} is created as admin\n", "")
    profile = Profile(
        provider=Provider.development,
        subject="nora@example.org",
        name="Nora",
        email="nora@example.org",
        role=Role.educator,
        organization=None,
    )
    assert rows(database_url, f"SELECT last_login FROM users WHERE id = '{nora}'") == [(None,)]
    asyncio.run(_sign_in(database_url, [profile]))
    assert rows(database_url, "SELECT id, name, role FROM users WHERE email = 'nora@example.org'") == [
        (nora, "Nora", "admin")
    ]
    assert rows(database_url, "SELECT actor_id, target_id, action, before, after FROM audit_events") == [
        (None, nora, "role_changed", {}, {"role": "admin"})
    ]


def test_in_production_nobody_is_created_who_could_not_sign_in(database_url: str, tmp_path: Path) -> None:
    variables = environment(
        DATABASE_URL=database_url,
        ENVIRONMENT="production",
        PUBLIC_URL="https://api.example.org",
        FRONTEND_URL="https://coach.example.org",
    )
    done = forked.run(["users", "create", "nora@example.org", "--role", "admin"], env=variables, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "plccoach-api: --provider and --subject are missing: nobody signs in as `development` in production\n",
    )
    assert rows(database_url, "SELECT FROM users WHERE email = 'nora@example.org'") == []


def test_the_log_of_a_command_is_not_in_the_list_that_a_program_reads(database_url: str, tmp_path: Path) -> None:
    role = f"one_{uuid4().hex}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        # The pool opens two connections, and the second one fails.
        connection.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1 IN ROLE pg_read_all_data".encode())
        try:
            done = run(database_url.replace("postgres:@", f"{role}:@"), "users", "list", "--json", cwd=tmp_path)
        finally:
            connection.execute(f"DROP ROLE {role}".encode())
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == ["Ada", "Erin", "Erin"]
    assert (done.returncode, "too many connections for role" in done.stderr) == (0, True)


def test_a_user_of_a_provider_is_created_by_the_id_there(database_url: str, tmp_path: Path) -> None:
    person = ["users", "create", "nora@example.org", "--provider", "google"]
    refused = run(database_url, *person, cwd=tmp_path)
    assert (refused.returncode, refused.stderr.splitlines()) == (
        1,
        ["plccoach-api: --subject is missing: the person's id at google; an email does not identify anybody"],
    )
    assert run(database_url, *person, "--subject", "1077", "--name", "Nora", cwd=tmp_path).returncode == 0
    assert rows(database_url, "SELECT provider FROM identities WHERE subject = '1077'") == [("google",)]
    again = run(database_url, *person, "--subject", "1077", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (
        1,
        "plccoach-api: there is a user with this account of google already\n",
    )
    assert rows(database_url, "SELECT count(*) FROM audit_events") == [(1,)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody"], "EMAIL: This must be an email address"),
        (["a b@example.org"], "EMAIL: This must be an email address"),
        (["x" * 250 + "@example.org"], "EMAIL: This has 262 characters; at most 254 are allowed."),
        (["nora@example.org", "--name", "a\nb"], "--name: This must not contain line breaks"),
        (["nora@example.org", "--name", "x" * 201], "--name: This has 201 characters; at most 200 are allowed."),
    ],
)
def test_a_user_with_an_invalid_email_or_name_is_refused_in_one_line(
    database_url: str, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = run(database_url, "users", "create", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"plccoach-api: {message}")
    assert rows(database_url, "SELECT count(*) FROM users") == [(3,)]


def test_a_deactivated_user_is_signed_out_and_the_change_is_audited(database_url: str, tmp_path: Path) -> None:
    [(ada,)] = rows(database_url, "SELECT id FROM users WHERE name = 'Ada'")
    assert rows(database_url, f"SELECT count(*) FROM sessions WHERE user_id = '{ada}'") == [(1,)]
    done = run(database_url, "users", "deactivate", "ada@example.org", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{ada} is now inactive\n")
    assert rows(database_url, f"SELECT count(*) FROM sessions WHERE user_id = '{ada}'") == [(0,)]
    assert rows(database_url, "SELECT target_id, action, before, after FROM audit_events") == [
        (ada, "status_changed", {"status": "active"}, {"status": "inactive"})
    ]


def test_the_last_active_administrator_of_an_organization_is_kept(database_url: str, tmp_path: Path) -> None:
    assert run(database_url, "users", "promote", "ada@example.org", "--role", "admin", cwd=tmp_path).returncode == 0
    done = run(database_url, "users", "deactivate", "ada@example.org", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "last active administrator" in done.stderr
    assert rows(database_url, "SELECT status FROM users WHERE name = 'Ada'") == [("active",)]
