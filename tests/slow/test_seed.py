"""`just seed` fills a database with realistic data."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from plccoach_api import resources
from plccoach_api.identity.development import DEFAULT_EMAIL
from tests.conftest import database_like
from tests.live import Service, environment
from tests.tools.seed.people import colleagues

ROOT = resources.MIGRATIONS.parent
_MAIN_USER = "(SELECT user_id FROM identities WHERE provider = 'development' AND subject = 'educator@example.org')"


def seed(database_url: str, cwd: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    variables = environment(DATABASE_URL=database_url, PYTHONPATH=str(ROOT), **settings)
    return subprocess.run(
        [sys.executable, "-m", "tests.tools.seed", *arguments],
        env=variables,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.fixture(scope="module")
def seeded(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that is filled once, for all tests that only read it."""
    with database_like(postgres, template) as url:
        done = seed(url, tmp_path_factory.mktemp("seeded"), "--conversations", "200")
        assert done.returncode == 0, done.stderr
        yield url


def test_an_empty_database_is_migrated_and_filled_with_people_and_conversations(
    empty_database_url: str, tmp_path: Path
) -> None:
    done = seed(empty_database_url, tmp_path, "--conversations", "60")
    assert done.returncode == 0, done.stderr
    people = len(colleagues()) + 1
    assert done.stdout.startswith(f"{people} people, 90 conversations, ")
    assert "90/90" in done.stderr
    assert rows(empty_database_url, "SELECT count(*) FROM users") == [(people,)]
    assert rows(empty_database_url, "SELECT provider, count(*) FROM organizations GROUP BY 1 ORDER BY 1") == [
        ("clever", 3),
        ("google", 1),
    ]
    assert rows(empty_database_url, "SELECT DISTINCT role FROM users ORDER BY 1") == [
        ("admin",),
        ("coach",),
        ("educator",),
    ]
    assert rows(empty_database_url, "SELECT action FROM audit_events ORDER BY 1") == [
        ("role_changed",),
        ("status_changed",),
    ]
    assert rows(empty_database_url, f"SELECT count(*) FROM conversations WHERE user_id = {_MAIN_USER}") == [(60,)]


def test_the_conversations_are_of_all_kinds_and_none_is_in_the_future(seeded: str) -> None:
    lengths = rows(seeded, "SELECT count(*) FROM messages GROUP BY conversation_id")
    assert {2, 4, 50} <= {length for (length,) in lengths}
    [(failed, generating, rated, refused)] = rows(
        seeded,
        "SELECT count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'generating'),"
        " count(feedback_score), count(*) FILTER (WHERE kind = 'refusal') FROM messages",
    )
    assert failed
    assert generating == 0
    assert rated > 20
    assert refused
    [(shared, opened)] = rows(
        seeded,
        "SELECT count(*), sum(v.visits) FROM shares AS s LEFT JOIN share_visits AS v ON s.token_hash = v.token_hash",
    )
    assert opened > shared > 5
    assert len(rows(seeded, "SELECT FROM conversations WHERE status = 'archived'")) > 20
    assert (
        rows(
            seeded,
            "SELECT FROM conversations WHERE updated_at > now() OR created_at > updated_at OR archived_at > now()"
            " OR created_at < (SELECT u.created_at FROM users AS u WHERE u.id = user_id)",
        )
        == []
    )
    assert rows(seeded, "SELECT FROM messages AS m WHERE m.created_at > now() OR m.feedback_at > now()") == []


def test_the_answers_are_extractive_and_have_citations(seeded: str) -> None:
    answers = rows(seeded, "SELECT content, citations FROM messages WHERE kind = 'answer'")
    assert answers
    assert all(f"[{len(citations)}]" in content and citations[0]["quote"] for content, citations in answers)


def test_a_developer_sees_the_data_in_the_service(seeded: str, start: Callable[..., Service]) -> None:
    service = start(DATABASE_URL=seeded)
    service.wait_for()
    with service.client() as client:
        assert client.get("/auth/dev/login", params={"email": DEFAULT_EMAIL}).status_code == httpx.codes.FOUND
        listed = client.get("/api/conversations").json()
        found = client.get("/api/conversations", params={"search": "team"}).json()
    assert len(listed["items"]) == 20
    assert listed["next_cursor"]
    assert found["items"]


def test_the_same_random_seed_draws_the_same_data_and_another_does_not(database_url: str, tmp_path: Path) -> None:
    drawn = []
    for number in ("7", "7", "8"):
        assert seed(database_url, tmp_path, "--conversations", "4", "--again", "--random", number).returncode == 0
        drawn.append(
            rows(
                database_url,
                "SELECT m.content, c.created_at::time FROM messages AS m JOIN conversations AS c"
                " ON c.user_id = m.user_id AND c.id = m.conversation_id"
                " WHERE m.role = 'user' ORDER BY 1, 2",
            )
        )
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("DELETE FROM conversations")
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_filled_database_is_filled_again_only_on_request(database_url: str, tmp_path: Path) -> None:
    assert seed(database_url, tmp_path, "--conversations", "2").returncode == 0
    refused = seed(database_url, tmp_path, "--conversations", "2")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--again" in refused.stderr
    assert refused.stderr.count("\n") == 1
    people = rows(database_url, "SELECT count(*) FROM users")
    assert seed(database_url, tmp_path, "--conversations", "2", "--again").returncode == 0
    assert rows(database_url, "SELECT count(*) FROM conversations") == [(6,)]
    assert rows(database_url, "SELECT count(*) FROM users") == people


def test_production_is_refused_and_nothing_is_written(database_url: str, tmp_path: Path) -> None:
    done = seed(
        database_url,
        tmp_path,
        ENVIRONMENT="production",
        PUBLIC_URL="https://coach.example.org",
        FRONTEND_URL="https://coach.example.org",
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "production" in done.stderr
    assert rows(database_url, "SELECT count(*) FROM users") == [(0,)]


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_an_invalid_number_is_refused(tmp_path: Path, number: str) -> None:
    assert seed("postgresql://127.0.0.1:1/coach", tmp_path, "--conversations", number).returncode == 2
