"""`plccoach-api books`: what it prints, and what it leaves in the corpus."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from plccoach_api import ids
from plccoach_api.database.locks import Lock
from plccoach_api.embedding.local import LOCAL
from tests.books import ingest_trusted
from tests.commands.command_line import rows, run
from tests.commands.terminal import at_terminal
from tests.live import COMMAND, environment

OLD = (
    "# Zebras\n\nby Zoe\n\n## Chapter 1: Stripes\n\nZebras have stripes.\n\n## Chapter 2: Hooves\n\nZebras have hooves."
)
NEW = OLD.replace("have stripes", "have black stripes")
CITE = """
INSERT INTO users (id, name, role, status, created_at) VALUES ('{id}', 'Ada', 'educator', 'active', now());
INSERT INTO conversations (user_id, id, status, created_at, updated_at) VALUES ('{id}', '{id}', 'active', now(), now());
INSERT INTO messages (user_id, id, conversation_id, role, content, status, citations, domains, created_at)
VALUES ('{id}', '{id}', '{id}', 'assistant', '', 'complete', '[]', '{{}}', now());
INSERT INTO citations (user_id, message_id, chunk_id)
SELECT '{id}', '{id}', c.id FROM chunks AS c WHERE c.content LIKE 'Zebras%' RETURNING 1
"""


@pytest.fixture
def zebras(database_url: str, tmp_path: Path) -> str:
    """The id of a book whose two passages are cited."""
    (tmp_path / "zebras.md").write_text(OLD)
    asyncio.run(ingest_trusted(database_url, [tmp_path / "zebras.md"], LOCAL))
    cite = CITE.format(id=ids.new()).split(";")
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in cite:
            connection.execute(statement.encode())
    [(book_id,)] = rows(database_url, "SELECT id::text FROM books WHERE title = 'Zebras'")
    return str(book_id)


def output(done: subprocess.CompletedProcess[str]) -> Any:
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_books_are_listed_with_the_size_of_their_text(database_url: str, zebras: str, tmp_path: Path) -> None:
    listed = output(run(database_url, "books", "list", "--json", cwd=tmp_path))
    assert [book["title"][:8] for book in listed] == ["Learning", "Zebras"]
    book = listed[1]
    assert [*book] == [
        *("id", "title", "authors", "year", "edition", "chapters", "passages", "tokens", "loaded_at", "cited")
    ]
    assert (book["id"], book["authors"], book["year"], book["edition"]) == (zebras, ["Zoe"], None, None)
    assert (book["chapters"], book["passages"], book["cited"]) == (2, 2, 2)
    assert book["loaded_at"].endswith("Z")
    assert book["tokens"] > 0
    table = run(database_url, "books", "list", cwd=tmp_path)
    assert table.returncode == 0
    assert zebras in table.stdout.splitlines()[-1]


def test_a_book_is_shown_with_its_chapters(database_url: str, zebras: str, tmp_path: Path) -> None:
    book = output(run(database_url, "books", "show", zebras, "--json", cwd=tmp_path))
    assert book["chapters"] == [{"number": 1, "title": "Stripes"}, {"number": 2, "title": "Hooves"}]
    assert "1 Stripes" in run(database_url, "books", "show", zebras, cwd=tmp_path).stdout


@pytest.mark.parametrize("arguments", [["show"], ["remove"], ["remove", "--json"]])
def test_an_id_that_is_no_book_is_reported_in_one_line(database_url: str, tmp_path: Path, arguments: list[str]) -> None:
    unknown = str(ids.new())
    done = run(database_url, "books", *arguments, unknown, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"plccoach-api: there is no book {unknown}\n")


def test_a_removed_book_leaves_its_cited_passages(database_url: str, zebras: str, tmp_path: Path) -> None:
    book = output(run(database_url, "books", "remove", zebras, "--json", cwd=tmp_path))
    assert (book["id"], book["passages"], book["cited"]) == (zebras, 2, 2)
    assert len(output(run(database_url, "books", "list", "--json", cwd=tmp_path))) == 1
    assert rows(database_url, "SELECT count(*) FROM retired_passages") == [(2,)]
    [(counted, true)] = rows(database_url, "SELECT p.chunks, (SELECT count(*) FROM chunks) FROM corpora AS p")
    assert counted == true


def test_a_removal_says_what_it_does_before_and_after(database_url: str, zebras: str, tmp_path: Path) -> None:
    done = run(database_url, "books", "remove", zebras, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "removes “Zebras”, Zoe (2 passages, 2 of them cited in answers)",
        "removed; 2 passages of the old text stay readable, because answers cite them",
    ]


def test_a_book_is_replaced_by_another_edition_and_keeps_its_id(database_url: str, zebras: str, tmp_path: Path) -> None:
    (tmp_path / "second.md").write_text(NEW.replace("# Zebras", "# Zebras and Horses"))
    book = output(run(database_url, "books", "replace", zebras, "second.md", "--json", cwd=tmp_path))
    assert (book["outcome"], book["id"], book["title"]) == ("replaced", zebras, "Zebras and Horses")
    assert (book["cited"], book["superseded"]) == (2, 1)
    retired = rows(database_url, "SELECT book_title, content FROM retired_passages")
    assert retired == [("Zebras", "Zebras have stripes.")]


def test_a_replacement_says_what_it_does_before_and_after(database_url: str, zebras: str, tmp_path: Path) -> None:
    (tmp_path / "second.md").write_text(NEW)
    done = run(database_url, "books", "replace", zebras, "second.md", cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "replaces “Zebras”, Zoe (2 passages, 2 of them cited in answers) with “Zebras”, Zoe (2 passages)",
        "replaced; 1 passage of the old text stays readable, because an answer cites it",
    ]
    again = output(run(database_url, "books", "replace", zebras, "second.md", "--json", cwd=tmp_path))
    assert again["outcome"] == "unchanged"


def test_a_book_cannot_become_a_second_copy_of_another(database_url: str, zebras: str, tmp_path: Path) -> None:
    (tmp_path / "zebras.md").write_text(OLD)
    [(handbook,)] = rows(database_url, "SELECT id::text FROM books WHERE title <> 'Zebras'")
    done = run(database_url, "books", "replace", handbook, "zebras.md", cwd=tmp_path)
    # Nothing is announced that the command does not do.
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"plccoach-api: the file is the book {zebras}, which is in the corpus too; remove it first\n"


def test_a_file_that_cannot_be_read_replaces_nothing(database_url: str, zebras: str, tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_bytes(b"\xff\xfe\xff")
    done = run(database_url, "books", "replace", zebras, "broken.md", "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("plccoach-api: broken.md cannot be read: ")


def test_a_file_that_could_hardly_be_read_replaces_nothing_unless_it_is_accepted(
    database_url: str, zebras: str, tmp_path: Path
) -> None:
    lost = "(cid:12)lost " * 300
    (tmp_path / "second.md").write_text(f"{NEW}\n\n{lost}")
    done = run(database_url, "books", "replace", zebras, "second.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("plccoach-api: second.md replaces nothing: only ")
    book = output(run(database_url, "books", "replace", zebras, "second.md", "--accept", "--json", cwd=tmp_path))
    assert book["outcome"] == "replaced"


def test_a_replacement_obeys_the_limits_of_the_settings(database_url: str, zebras: str, tmp_path: Path) -> None:
    (tmp_path / "second.md").write_text(NEW + " " * 2_000_000)
    (tmp_path / ".env").write_text("INGEST_FILE_MB=1\n")
    done = run(database_url, "books", "replace", zebras, "second.md", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "plccoach-api: second.md cannot be read: it is larger than 1 MB\n")


def test_a_folder_that_is_no_book_replaces_nothing(database_url: str, zebras: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = run(database_url, "books", "replace", zebras, "folder", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("plccoach-api: folder cannot be read: no book is in this folder;")


def test_a_command_says_that_it_waits_for_another_ingest(database_url: str, zebras: str, tmp_path: Path) -> None:
    command = [*COMMAND, "books", "remove", zebras, "--json"]
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (Lock.ingest.value,))
        with subprocess.Popen(
            command,
            env=environment(DATABASE_URL=database_url),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as removing:
            assert removing.stderr
            said = removing.stderr.readline()
            other.execute("SELECT pg_advisory_unlock(%s)", (Lock.ingest.value,))
            printed, _ = removing.communicate(timeout=30)
    assert said == "plccoach-api: another ingest runs; this one begins when it has ended\n"
    assert (removing.returncode, json.loads(printed)["id"]) == (0, zebras)


def change_zebras(database_url: str, folder: Path) -> None:
    (folder / "zebras.md").write_text(NEW)
    asyncio.run(ingest_trusted(database_url, [folder / "zebras.md"], LOCAL))


@pytest.mark.parametrize("arguments", [["remove", "ID"], ["replace", "ID", "second.md"]])
def test_an_ingest_can_run_while_a_person_is_asked(
    database_url: str, zebras: str, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "second.md").write_text(NEW)
    named = [zebras if each == "ID" else each for each in arguments]
    with at_terminal(database_url, "books", *named, cwd=tmp_path) as person:
        person.read_question("Continue? [y/N]: ")
        with psycopg.connect(database_url) as connection:
            assert connection.execute("SELECT pg_try_advisory_lock(%s)", (Lock.ingest.value,)).fetchone() == (True,)
        assert person.reply("y") == (0, "")


@pytest.mark.parametrize("arguments", [["remove", "ID"], ["replace", "ID", "second.md"]])
def test_a_book_that_changes_while_a_person_is_asked_stays_as_it_is(
    database_url: str, zebras: str, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "second.md").write_text(OLD)
    named = [zebras if each == "ID" else each for each in arguments]
    with at_terminal(database_url, "books", *named, cwd=tmp_path) as person:
        person.read_question("Continue? [y/N]: ")
        change_zebras(database_url, tmp_path)
        code, said = person.reply("y")
    # The lock may still be held: the server ends a closed connection a moment later.
    assert (code, said.splitlines()[-1]) == (
        1,
        "plccoach-api: the book was replaced in the meantime; run the command again",
    )
    assert rows(database_url, "SELECT count(*) FROM chunks WHERE content LIKE '%black stripes%'") == [(1,)]


def test_a_file_that_became_another_book_while_a_person_is_asked_replaces_nothing(
    database_url: str, zebras: str, tmp_path: Path
) -> None:
    (tmp_path / "second.md").write_text(OLD.replace("# Zebras", "# Horses"))
    with at_terminal(database_url, "books", "replace", zebras, "second.md", cwd=tmp_path) as person:
        person.read_question("Continue? [y/N]: ")
        asyncio.run(ingest_trusted(database_url, [tmp_path / "second.md"], LOCAL))
        code, said = person.reply("y")
    assert code == 1
    assert "which is in the corpus too; remove it first" in said
    assert rows(database_url, "SELECT count(*) FROM books WHERE title IN ('Zebras', 'Horses')") == [(2,)]


def test_a_person_who_does_not_agree_keeps_the_book(database_url: str, zebras: str, tmp_path: Path) -> None:
    with at_terminal(database_url, "books", "remove", zebras, cwd=tmp_path) as person:
        person.read_question("Continue? [y/N]: ")
        code, _ = person.reply("n")
    assert code == 1
    assert rows(database_url, "SELECT count(*) FROM books") == [(2,)]


def test_ctrl_c_at_the_question_keeps_the_book(database_url: str, zebras: str, tmp_path: Path) -> None:
    with at_terminal(database_url, "books", "remove", zebras, cwd=tmp_path) as person:
        person.read_question("Continue? [y/N]: ")
        code, errors = person.press_ctrl_c()
    assert (code, "Traceback" in errors) == (1, False)
    assert rows(database_url, "SELECT count(*) FROM books") == [(2,)]


def test_a_book_is_removed_also_with_a_closed_standard_input(database_url: str, zebras: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "books", "remove", zebras],
        env=environment(DATABASE_URL=database_url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
