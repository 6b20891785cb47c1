"""Every .sql file agrees with the function that runs it."""

import importlib
from collections.abc import Iterator
from functools import partial
from types import NoneType
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types import TypeInfo

from plccoach_api import resources
from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Row, Statement, one, one_or_none
from tests import sql_coverage
from tests.sql.contract import ACROSS_USERS, complaints, unused
from tests.statements import STATEMENTS, in_module, statement_of


@pytest.fixture(scope="module")
def server(shared_database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_database_url, autocommit=True) as connection:
        halfvec = TypeInfo.fetch(connection, "halfvec")
        assert halfvec is not None
        # The type of an extension has no fixed number: the contract looks its name up.
        halfvec.register()
        yield connection


@pytest.mark.parametrize("name", sorted(sql_coverage.files()))
def test_a_file_agrees_with_its_function(name: str, server: psycopg.Connection) -> None:
    noun, verb = name.split("/")
    function = getattr(importlib.import_module(f"plccoach_api.queries.{noun}"), verb)
    text = (resources.SQL / f"{name}.sql").read_text()
    [statement] = [each for each in STATEMENTS if each.name == name]
    assert statement_of(function) is statement, "the function does not run the statement of its name"
    assert complaints(text, function, statement.result, server, across_users=name in ACROSS_USERS) == []


def test_each_statement_that_is_excused_from_naming_its_user_names_none() -> None:
    texts = {name: (resources.SQL / f"{name}.sql").read_text() for name in ACROSS_USERS}
    assert [name for name, text in texts.items() if "%(user_id)s" in text] == []


def test_every_file_is_used_exactly_once() -> None:
    assert unused(resources.SQL, STATEMENTS) == []


class Person(Row, frozen=True):
    id: UUID
    name: str


async def get(connection: Connection, *, id: UUID) -> Person:
    raise NotImplementedError


_GOOD = "-- A person.\nSELECT u.id, u.name FROM users AS u WHERE u.id = %(id)s"


def test_the_contract_accepts_a_good_file(server: psycopg.Connection) -> None:
    assert complaints(_GOOD, get, Person, server) == []


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("u.name FROM", "u.nome FROM", "the server does not accept it"),
        ("u.name FROM", "u.name AS nome FROM", "are not the fields"),
        ("u.name FROM", "u.name, u.role FROM", "are not the fields"),
        ("u.name FROM", "u.created_at AS name FROM", "the column name is timestamptz"),
        ("%(id)s", "%(ident)s", "are not the function's arguments"),
        ("= %(id)s", "= 'x' OR %(id)s IS NULL", "the server does not accept it"),
        ("u.id = %(id)s", "u.name = %(id)s", "the argument id is"),
        ("-- A person.\n", "", "no comment"),
        ("A person", "100% a person", "percent sign"),
        ("u.id, u.name FROM", "u.* FROM", "star"),
        ("SELECT u.id", "SELECT set_config('jit', 'off', TRUE), u.id", "set_config"),
        ("SELECT u.id", "SET jit = off; SELECT u.id", "after its transaction"),
        ("FROM users AS u", "FROM users AS u JOIN sessions AS s ON s.user_id = u.id", "without naming the user"),
    ],
)
def test_the_contract_reports_each_fault(before: str, after: str, complaint: str, server: psycopg.Connection) -> None:
    assert before in _GOOD
    assert complaint in " ".join(complaints(_GOOD.replace(before, after), get, Person, server))


def test_a_body_that_never_runs_is_found(server: psycopg.Connection) -> None:
    assert complaints(_GOOD, one(in_module("conversations", get)), Person, server) == ["its body never runs"]


def test_an_array_or_json_that_is_not_sent_as_such_is_found(server: psycopg.Connection) -> None:
    @one_or_none
    @partial(in_module, "conversations")
    async def get(connection: Connection, *, ids: tuple[UUID, ...], data: str) -> UUID | None: ...

    text = f"{_GOOD.replace('u.id, u.name', 'u.id')} OR u.id = any(%(ids)s::uuid[]) OR to_jsonb(u.name) = %(data)s"
    assert complaints(text.replace("u.id = %(id)s OR ", ""), get, UUID, server) == [
        "the argument ids is tuple[uuid.UUID, ...], which is not sent as _uuid",
        "the argument data is <class 'str'>, which is not sent as jsonb",
    ]


def test_a_result_that_nobody_reads_is_found(server: psycopg.Connection) -> None:
    assert "throws away" in " ".join(complaints(_GOOD, get, NoneType, server))


def test_a_file_that_no_function_runs_is_found(tmp_path: Any) -> None:
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "create.sql").write_text(_GOOD)
    (tmp_path / "users" / "planted.sql").write_text(_GOOD)
    assert unused(tmp_path, STATEMENTS) == ["users/planted"]


def test_a_missing_file_stops_the_import() -> None:
    with pytest.raises(FileNotFoundError):
        Statement("users/never_written", Person)
