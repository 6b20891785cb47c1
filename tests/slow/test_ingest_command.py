"""`plccoach-api ingest`, run as a process."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from tests.corpus.test_reading_process import readers
from tests.live import environment, wait_until


def run(*arguments: str, command: Sequence[str] = ("ingest",), **settings: str) -> subprocess.CompletedProcess[str]:
    line = [str(Path(sys.executable).with_name("plccoach-api")), *command, *arguments]
    return subprocess.run(line, env=environment(**settings), capture_output=True, text=True, timeout=120, check=False)


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
    assert "1 loaded, 1 failed; 7 tokens, cost $0.0000" in done.stdout
    assert "picture" not in done.stdout
    assert count(database_url) == 2


@pytest.mark.parametrize("command", [["ingest", "--dry-run"], ["books", "check"]])
def test_a_dry_run_needs_no_database_and_changes_nothing(database_url: str, books: Path, command: list[str]) -> None:
    nowhere = "postgresql://127.0.0.1:1/nowhere"
    done = run("--json", str(books / "zebras.md"), command=command, DATABASE_URL=nowhere)
    assert done.returncode == 0
    [report] = json.loads(done.stdout)
    assert report["outcome"] == "readable"
    assert report["chapters"] == [{"number": 1, "title": "Stripes", "pages": None, "begins": "Zebras have stripes."}]
    assert count(database_url) == 1


def test_a_dry_run_shows_the_chapters_and_the_first_words_of_each(books: Path) -> None:
    done = run("--dry-run", str(books / "zebras.md"))
    assert done.returncode == 0
    assert "zebras.md: Zebras, by Zoe (without a year)" in done.stdout
    assert "1  Stripes" in done.stdout
    assert "Zebras have stripes." in done.stdout
    assert "1 readable; 7 tokens" in done.stdout


def test_the_report_can_be_json(database_url: str, books: Path) -> None:
    first = run("--json", str(books / "zebras.md"), DATABASE_URL=database_url)
    again = run("--json", str(books / "zebras.md"), DATABASE_URL=database_url)
    assert (first.returncode, again.returncode) == (0, 0)
    [loaded], [unchanged] = json.loads(first.stdout), json.loads(again.stdout)
    assert (loaded["outcome"], unchanged["outcome"]) == ("loaded", "unchanged")
    assert loaded["book_id"] == unchanged["book_id"]
    assert loaded["share"] == 1
    assert list(loaded) == [
        *("path", "outcome", "reason", "book_id", "title", "authors", "year", "edition", "share", "pages", "tokens"),
        *("chapters", "left_out"),
    ]


def test_the_json_names_missing_files_and_empty_folders_too(tmp_path: Path) -> None:
    done = run("--dry-run", "--json", "absent.md", str(tmp_path))
    assert (done.returncode, done.stderr) == (1, "")
    absent, empty = json.loads(done.stdout)
    assert (absent["outcome"], absent["reason"]) == ("failed", "not found")
    assert "no book is in this folder" in empty["reason"]


def test_a_title_cannot_control_the_terminal(tmp_path: Path) -> None:
    hostile = "[red]Red[/] [/x] \x1b[2J \x9b2J \u202egnp.exe"
    path = tmp_path / "[bold]\x1b[1m.md"
    path.write_text(f"# {hostile}\n\n## Chapter 1: {hostile}\n\n{hostile}", "utf-8")
    table = run("--dry-run", str(path))
    document = run("--dry-run", "--json", str(path))
    for done in (table, document):
        assert done.returncode == 0
        assert not {"\x1b", "\x9b", "\u202e"} & {*done.stdout, *done.stderr}
        assert "[red]Red[/] [/x]" in done.stdout
    # The reader already takes control characters out of a title.
    assert json.loads(document.stdout)[0]["title"] == "[red]Red[/] [/x] [2J ›2J gnp.exe"


def test_an_interrupted_ingest_ends_with_one_line_and_leaves_no_reader(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "slow.md"
    path.write_text("# Slow\n\n" + "a word. " * 1_000_000)
    command = [str(Path(sys.executable).with_name("plccoach-api")), "ingest", str(path)]
    with subprocess.Popen(
        command, env=environment(DATABASE_URL=database_url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_until(lambda: bool(readers(process.pid)), "the reader runs", seconds=20)
        [reader] = readers(process.pid)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors == "plccoach-api: interrupted; run it again to continue\n"
    reader.wait(timeout=5)


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
