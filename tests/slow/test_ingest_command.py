"""`plccoach-api ingest`, run as a process."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.live import environment


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("plccoach-api")), "ingest", *arguments]
    return subprocess.run(
        command, env=environment(**settings), capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def books(tmp_path: Path) -> Path:
    # The name is longer than a line of the terminal, because a path in the output must not be wrapped.
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


def test_books_are_loaded_and_a_broken_book_is_reported(database_url: str, books: Path) -> None:
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


def test_the_summary_can_be_json(database_url: str, books: Path) -> None:
    first = run("--json", str(books / "zebras.md"), DATABASE_URL=database_url)
    again = run("--json", str(books / "zebras.md"), DATABASE_URL=database_url)
    assert (first.returncode, again.returncode) == (0, 0)
    assert [json.loads(each.stdout)["books"][0]["outcome"] for each in (first, again)] == ["loaded", "unchanged"]
    assert json.loads(first.stdout)["cost_usd"] == 0


def test_a_database_without_the_schema_is_migrated_first(empty_database_url: str, books: Path) -> None:
    assert run(str(books / "zebras.md"), DATABASE_URL=empty_database_url).returncode == 0
    assert count(empty_database_url) == 1


@pytest.mark.parametrize("arguments", [(), ("--help",), ("absent.md",)])
def test_help_a_missing_argument_and_a_missing_file_print_no_traceback(
    database_url: str, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments, DATABASE_URL=database_url)
    assert done.returncode == (0 if arguments == ("--help",) else 2 if not arguments else 1)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout + done.stderr


def test_an_unreachable_embedding_service_is_reported_without_a_traceback(database_url: str, books: Path) -> None:
    settings = {"EMBEDDINGS": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_TIMEOUT": "1"}
    done = run(str(books / "zebras.md"), DATABASE_URL=database_url, **settings)
    assert done.returncode == 1
    assert "the embedding service failed" in done.stderr
    assert "Traceback" not in done.stderr
    assert count(database_url) == 1
