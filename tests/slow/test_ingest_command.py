"""`plccoach-api ingest`, as a process."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.live import environment


def run(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("plccoach-api")), "ingest", *arguments]
    return subprocess.run(command, env=environment(**given), capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    # Longer than a line of a terminal that nobody looks at: what is said of a file stays on one line.
    folder = tmp_path / ("books" * 20)
    folder.mkdir()
    (folder / "zebras.md").write_text("# Zebras\n\nby Zoe\n\n## Chapter 1: Stripes\n\nZebras have stripes.")
    (folder / "broken.pdf").write_bytes(b"nothing")
    (folder / "picture.png").write_bytes(b"nothing")
    return folder


def count(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM books").fetchone()
    return row[0] if row else -1


def test_books_come_in_and_what_is_broken_is_told(database_url: str, books: Path) -> None:
    done = run(str(books), DATABASE_URL=database_url)
    assert done.returncode == 1
    assert "Zebras" in done.stdout
    assert "broken.pdf: not loaded, it is a broken PDF" in done.stdout
    assert "1 loaded, 1 failed; 1 chunks" in done.stdout
    assert "picture" not in done.stdout
    assert count(database_url) == 2


def test_a_dry_run_needs_no_database_and_changes_nothing(database_url: str, books: Path) -> None:
    done = run("--dry-run", "--json", str(books / "zebras.md"), DATABASE_URL="postgresql://127.0.0.1:1/nowhere")
    assert done.returncode == 0
    summary = json.loads(done.stdout)
    assert summary["chunks"] == 1
    assert summary["books"][0]["outcome"] == "readable"
    assert count(database_url) == 1


def test_the_summary_is_json_when_asked_for(database_url: str, books: Path) -> None:
    first = run("--json", str(books / "zebras.md"), DATABASE_URL=database_url)
    again = run("--json", str(books / "zebras.md"), DATABASE_URL=database_url)
    assert (first.returncode, again.returncode) == (0, 0)
    assert [json.loads(each.stdout)["books"][0]["outcome"] for each in (first, again)] == ["loaded", "unchanged"]
    assert json.loads(first.stdout)["cost_usd"] == 0


def test_a_database_that_has_no_schema_is_migrated_first(empty_database_url: str, books: Path) -> None:
    assert run(str(books / "zebras.md"), DATABASE_URL=empty_database_url).returncode == 0
    assert count(empty_database_url) == 1


@pytest.mark.parametrize("arguments", [(), ("--help",), ("absent.md",)])
def test_what_is_missing_is_said_without_a_traceback(database_url: str, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, DATABASE_URL=database_url)
    assert done.returncode == (0 if arguments == ("--help",) else 2 if not arguments else 1)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout + done.stderr


def test_an_embedding_service_that_is_away_is_said_in_a_line(database_url: str, books: Path) -> None:
    given = {"EMBEDDINGS": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_TIMEOUT": "1"}
    done = run(str(books / "zebras.md"), DATABASE_URL=database_url, **given)
    assert done.returncode == 1
    assert "the embedding service failed" in done.stderr
    assert "Traceback" not in done.stderr
    assert count(database_url) == 1
