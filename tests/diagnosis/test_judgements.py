"""The judgements of `plccoach-api doctor`: each kind of failure is named, with what to do."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from plccoach_api.database.migrations import SchemaState, head
from plccoach_api.diagnosis import judgements
from plccoach_api.diagnosis.check import Check
from plccoach_api.queries.embedding_sets import StoredSet
from plccoach_api.queries.servers import Server
from plccoach_api.rules.embeddings import SetState
from plccoach_api.settings.unknown_names import UnknownName

SERVER = Server(
    installed_vector="0.8.5",
    available_vector="0.8.5",
    lacking=0,
    vector_is_visible=True,
    version_number=170_002,
    read_only=False,
    may_create=True,
    answered_at=datetime.now(UTC),
)
SET = StoredSet(provider="local", model="small", state=SetState.ready, vectors=40, passages=40)


def server(**changes: object) -> Server:
    return msgspec.structs.replace(SERVER, **changes)


def stored(**changes: object) -> StoredSet:
    return msgspec.structs.replace(SET, **changes)


def test_an_installation_without_a_fault_passes_every_check() -> None:
    for check in (
        judgements.judge_names(()),
        judgements.judge_server(SERVER),
        judgements.judge_extension(SERVER),
        judgements.judge_rights(SERVER),
        judgements.judge_schema(SchemaState(head(), head()), head()),
        judgements.judge_clock(timedelta(seconds=-1)),
        judgements.judge_embeddings("local", "small", [SET]),
        judgements.judge_disk(5000, writable=True),
    ):
        assert check.ok, check
        assert check.remedy is None


@pytest.mark.parametrize(
    ("check", "note", "remedy"),
    [
        (judgements.judge_server(server(version_number=140_011)), "PostgreSQL 14.11 is too old", "PostgreSQL 15"),
        (
            judgements.judge_extension(server(vector_is_visible=False)),
            "the extension vector is in a schema that our role does not search",
            "search_path",
        ),
        (
            judgements.judge_extension(server(installed_vector=None, available_vector=None)),
            "the server does not have the extension",
            "install pgvector",
        ),
        (
            judgements.judge_extension(server(installed_vector=None)),
            "the database does not have the extension",
            "CREATE EXTENSION vector",
        ),
        (
            judgements.judge_extension(server(installed_vector="0.8.2")),
            "can damage an index",
            "ALTER EXTENSION vector UPDATE",
        ),
        (judgements.judge_rights(server(read_only=True)), "takes no writes", "name the primary"),
        (judgements.judge_rights(server(lacking=3)), "may not read and change 3 of the tables", "grant it SELECT"),
        (judgements.judge_rights(server(may_create=False)), "may not create tables", "grant CREATE"),
        (judgements.judge_schema(SchemaState(None, None), "0017"), "has revision none", "plccoach-api migrate"),
        (judgements.judge_schema(SchemaState("0001", "0001"), "0017"), "has revision 0001", "plccoach-api migrate"),
        (judgements.judge_schema(SchemaState("9999", "9999"), "0017"), "needs a newer version", "deploy the newer"),
        (judgements.judge_clock(timedelta(seconds=90)), "is 90 s ahead of this one", "synchronize"),
        (judgements.judge_clock(timedelta(seconds=-90)), "is 90 s behind this one", "synchronize"),
        (judgements.judge_embeddings("local", "small", []), "no book is loaded", "plccoach-api ingest"),
        (judgements.judge_embeddings("local", "small", [stored(passages=0)]), "no book is loaded", "ingest"),
        (
            judgements.judge_embeddings("openai", "large", [SET]),
            "no vectors of openai large, only of local small",
            "set EMBEDDINGS",
        ),
        (judgements.judge_embeddings("local", "small", [stored(vectors=39)]), "39 of 40 passages", "ingest the books"),
        (
            judgements.judge_embeddings("local", "small", [stored(state=SetState.loading)]),
            "40 of 40 passages",
            "ingest the books",
        ),
        (judgements.judge_disk(400, writable=True), "only 400 MB are free", "free some space"),
        (judgements.judge_disk(5000, writable=False), "cannot be written", "set DATA_DIR"),
    ],
)
def test_a_fault_is_told_with_what_to_do(check: Check, note: str, remedy: str) -> None:
    assert not check.ok
    assert note in check.note
    assert check.remedy
    assert remedy in check.remedy


def test_an_unknown_name_is_told_but_is_no_failure() -> None:
    check = judgements.judge_names([UnknownName("DATABSE_URL", "DATABASE_URL")])
    assert check.ok
    assert "DATABSE_URL in .env is no setting; did you mean DATABASE_URL?" in check.note
    assert check.remedy == "correct the names in .env"
