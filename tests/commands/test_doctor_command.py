"""`plccoach-api doctor`, as a process, against real databases and their faults."""

import json
import socket
import time
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from plccoach_api.database import session
from tests.collector import collecting
from tests.commands import forked
from tests.conftest import database_like
from tests.live import environment
from tests.pooler import set_role
from tests.tools.model_server import Fail, Hang, ModelServer

DATABASE = ["database", "extension", "rights", "schema", "clock", "embeddings"]
KEY = "sk-very-private"


def doctor(folder: Path, *arguments: str, **settings: str) -> CompletedProcess[str]:
    return forked.run(["doctor", *arguments], env=environment(**settings), cwd=folder)


def checks(done: CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    assert done.stderr == ""
    listed = json.loads(done.stdout)
    assert all(each.keys() == {"check", "ok", "note", "remedy"} for each in listed)
    assert done.returncode == int(not all(each["ok"] for each in listed))
    return {each["check"]: each for each in listed}


def with_model(model: ModelServer) -> dict[str, str]:
    return {"ANSWERER": "openai", "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": KEY}


def test_an_installation_without_a_fault_passes_every_check(
    database_url: str, model_server: ModelServer, tmp_path: Path
) -> None:
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=database_url, **with_model(model_server)))
    assert list(found) == ["settings", *DATABASE, "model", "disk"]
    assert all(each["ok"] for each in found.values()), found
    assert [request.body["model"] for request in model_server.chats] == ["gpt-4o"]


def test_without_a_model_none_is_asked_and_people_get_a_table(database_url: str, tmp_path: Path) -> None:
    done = doctor(tmp_path, DATABASE_URL=database_url)
    first_words = [line.split()[:2] for line in done.stdout.splitlines()[1:] if not line.startswith("  ")]
    assert [words for words in first_words if "ok" in words] == [
        [name, "ok"] for name in ["settings", *DATABASE, "disk"]
    ]
    assert done.returncode == 0


def test_a_collector_of_traces_is_tried_and_its_refusal_is_told(database_url: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": database_url, "OTEL_EXPORTER_OTLP_HEADERS": f"api-key={KEY}"}
    with collecting() as collector:
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
        assert checks(doctor(tmp_path, "--json", **settings))["traces"]["ok"]
        collector.status = 401
        done = doctor(tmp_path, "--json", **settings)
    assert [request["api-key"] for request in collector.requests] == [KEY, KEY]
    assert collector.spans == []
    traces = checks(done)["traces"]
    assert not traces["ok"]
    assert "code: 401" in traces["note"]
    assert "OTEL_EXPORTER_OTLP_HEADERS" in traces["remedy"]
    assert KEY not in done.stdout


def test_every_setting_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--json", PORT="none", DATABASE_URL=f"mysql://{KEY}@host/db")
    listed = json.loads(done.stdout)
    assert [(each["check"], each["ok"]) for each in listed] == [("settings", False)] * 2
    assert KEY not in done.stdout
    assert done.returncode == 1


def test_a_misspelt_name_in_the_env_file_is_told_without_its_value(database_url: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KYE={KEY}\n")
    done = doctor(tmp_path, "--json", DATABASE_URL=database_url)
    assert "did you mean OPENAI_API_KEY?" in checks(done)["settings"]["note"]
    assert KEY not in done.stdout


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"host": "127.0.0.1", "port": "1"}, "cannot be reached"),
        ({"dbname": "no_such_database"}, "no database of this name"),
        ({"user": "no_such_user"}, "refuses the user"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_what_to_correct(
    database_url: str, tmp_path: Path, changes: dict[str, str], note: str
) -> None:
    parts = {"user": "postgres", "dbname": "postgres"} | conninfo_to_dict(database_url) | changes
    url = f"postgresql://{parts['user']}:{KEY}@/{parts['dbname']}?host={parts['host']}&port={parts.get('port', 5432)}"
    done = doctor(tmp_path, "--json", DATABASE_URL=url)
    found = checks(done)
    assert list(found) == ["settings", "database", "disk"]
    assert note in found["database"]["note"]
    assert "DATABASE_URL" in found["database"]["remedy"]
    assert KEY not in done.stdout


def test_a_server_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"postgresql://coach:{KEY}@127.0.0.1:{silent.getsockname()[1]}/coach"
        started = time.monotonic()
        found = checks(doctor(tmp_path, "--json", DATABASE_URL=url))
    assert "cannot be reached" in found["database"]["note"]
    assert time.monotonic() - started < 30


def test_a_database_without_a_schema_is_told(empty_database_url: str, tmp_path: Path) -> None:
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=empty_database_url))
    assert (found["extension"]["ok"], found["schema"]["ok"]) == (False, False)
    assert "plccoach-api migrate" in found["schema"]["remedy"]
    assert "embeddings" not in found


def test_an_extension_in_a_schema_that_is_not_searched_is_told(empty_database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA extensions")
        connection.execute("CREATE EXTENSION vector SCHEMA extensions")
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=empty_database_url))
    assert "does not search" in found["extension"]["note"]
    assert "search_path" in found["extension"]["remedy"]


def test_a_schema_with_any_name_is_examined(empty_database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA "Our Coach"')
    url = f"{empty_database_url}&options=-csearch_path%3D%22Our\\%20Coach%22"
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=url))
    assert "plccoach-api migrate" in found["schema"]["remedy"]


def test_a_role_that_may_only_read_is_told(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE doctor_reader LOGIN")
        try:
            connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO doctor_reader")
            url = database_url.replace("postgres:@", "doctor_reader:@")
            found = checks(doctor(tmp_path, "--json", DATABASE_URL=url))
        finally:
            connection.execute("DROP OWNED BY doctor_reader")
            connection.execute("DROP ROLE doctor_reader")
    assert not found["rights"]["ok"]
    assert "may not read and change" in found["rights"]["note"]


def test_a_database_that_takes_no_writes_is_told(postgres: str, template: str, tmp_path: Path) -> None:
    with database_like(postgres, template) as url, psycopg.connect(url, autocommit=True) as connection:
        database = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(database))
        found = checks(doctor(tmp_path, "--json", DATABASE_URL=url))
    assert found["rights"]["note"] == "the server takes no writes"


def test_books_without_vectors_of_the_embedder_are_told(database_url: str, tmp_path: Path) -> None:
    settings = {"EMBEDDINGS": "openai", "OPENAI_API_KEY": KEY, "DATABASE_URL": database_url}
    found = checks(doctor(tmp_path, "--json", **settings))
    assert "no vectors of openai text-embedding-3-large" in found["embeddings"]["note"]


@pytest.mark.parametrize(
    ("reply", "remedy"), [(Fail(401), "check OPENAI_API_KEY"), (Fail(404), "check OPENAI_MODEL, or OPENAI_BASE_URL")]
)
def test_a_model_that_cannot_be_used_is_told_with_the_setting_to_check(
    database_url: str, model_server: ModelServer, tmp_path: Path, reply: Fail, remedy: str
) -> None:
    model_server.otherwise = reply
    done = doctor(tmp_path, "--json", DATABASE_URL=database_url, **with_model(model_server))
    found = checks(done)
    assert not found["model"]["ok"]
    assert found["model"]["remedy"].startswith(remedy)
    assert KEY not in done.stdout


def test_a_model_that_does_not_reply_is_given_up(database_url: str, model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = Hang()
    settings = {"DATABASE_URL": database_url, "ANSWER_TIMEOUT": "1"} | with_model(model_server)
    found = checks(doctor(tmp_path, "--json", **settings))
    assert found["model"]["note"] == "the deadline passed"


def test_without_a_database_of_its_own_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = checks(doctor(tmp_path, "--json", DATA_DIR=str(tmp_path / "file" / "data")))
    assert not found["database"]["ok"]
    assert "DATA_DIR" in found["database"]["remedy"]


def test_the_sessions_of_a_pooler_are_checked(database_url: str, tmp_path: Path) -> None:
    behind = {"DATABASE_URL": f"{database_url}&application_name=pooler", "DATABASE_DIRECT_URL": database_url}
    lacking = checks(doctor(tmp_path, "--json", **behind))["pooler"]
    assert "statement_timeout" in lacking["note"]
    assert "docs/operating/pooler.md" in lacking["remedy"]
    set_role(database_url, session.SETTINGS)
    found = checks(doctor(tmp_path, "--json", **behind))
    assert list(found) == ["settings", *DATABASE[:-1], "pooler", DATABASE[-1], "disk"]
    assert found["pooler"]["ok"]


def test_a_pooler_that_cannot_be_reached_is_told_apart_from_the_database(database_url: str, tmp_path: Path) -> None:
    nowhere = f"postgresql://postgres:{KEY}@127.0.0.1:1/coach"
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=nowhere, DATABASE_DIRECT_URL=database_url))
    assert [name for name, each in found.items() if not each["ok"]] == ["pooler"]
    assert "DATABASE_URL" in found["pooler"]["remedy"]
    swapped = checks(doctor(tmp_path, "--json", DATABASE_URL=database_url, DATABASE_DIRECT_URL=nowhere))
    assert "DATABASE_DIRECT_URL" in swapped["database"]["remedy"]
    assert KEY not in f"{found}{swapped}"


def test_a_read_replica_that_cannot_be_reached_and_one_that_is_no_standby_are_told(
    database_url: str, tmp_path: Path
) -> None:
    nowhere = f"postgresql://postgres:{KEY}@127.0.0.1:1/coach"
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=database_url, DATABASE_READ_URL=nowhere))
    assert list(found) == ["settings", *DATABASE[:-1], "replica", DATABASE[-1], "disk"]
    assert [name for name, each in found.items() if not each["ok"]] == ["replica"]
    assert "DATABASE_READ_URL" in found["replica"]["remedy"]
    assert KEY not in f"{found}"
    same = f"{database_url}&connect_timeout=9"
    found = checks(doctor(tmp_path, "--json", DATABASE_URL=database_url, DATABASE_READ_URL=same))
    assert found["replica"]["note"] == "DATABASE_READ_URL leads to a server that is no standby of the database"


@pytest.mark.slow
def test_a_pooler_and_a_read_replica_that_do_not_answer_are_told_apart_from_the_database(
    database_url: str, tmp_path: Path
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"postgresql://postgres:{KEY}@127.0.0.1:{silent.getsockname()[1]}/coach"
        behind = {"DATABASE_URL": url, "DATABASE_DIRECT_URL": database_url}
        found = checks(doctor(tmp_path, "--json", **behind, DATABASE_READ_URL=f"{url}?application_name=replica"))
    assert list(found) == ["settings", *DATABASE[:-1], "pooler", "replica", DATABASE[-1], "disk"]
    assert [name for name, each in found.items() if not each["ok"]] == ["pooler", "replica"]
    assert "DATABASE_URL" in found["pooler"]["remedy"]
    assert "DATABASE_READ_URL" in found["replica"]["remedy"]
    assert KEY not in f"{found}"
