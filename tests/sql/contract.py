"""The contract between a .sql file and the function that runs it. The server describes the file without running it."""

import ast
import inspect
import re
import textwrap
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from pgvector import HalfVector
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.types.json import Jsonb

from plccoach_api.queries.statement import Row, Statement, text_array, uuid_array
from tests.statements import PLACEHOLDER, numbered, statement_of

USER_OWNED = frozenset(
    {
        *("sessions", "personal_tokens", "conversations", "messages", "citations", "idempotency_keys"),
        *("last_sign_ins", "share_visits"),
    }
)

# Statements over the rows of all users, and why; every other statement on a user-owned table binds `user_id`.
ACROSS_USERS = {
    "answers/checkpoint": "each worker stores all answers that it generates; every row of them names its user",
    "answers/end_abandoned": "each worker ends the answers of processes that have died; the users are given",
    "answers/list_abandoned": "each worker looks for these answers when it starts, for whomever",
    "answers/list_followed": "each worker notifies of all answers that it generates; every id comes with its user",
    "answers/list_generating": "each worker looks at the answers that began long ago; every id comes with its user",
    "books/list_loaded": "an operator sees how many passages of a book are cited, by whomever",
    "citations/list_cited": "a passage stays readable while an answer of any user cites it",
    "conversations/delete_expired": "the daily job removes the expired rows of all users",
    "idempotency_keys/delete_expired": "the same",
    "personal_tokens/delete_expired": "the same",
    "sessions/delete_expired": "the same",
    "users/list_by_email": "an operator sees the last sign-in of each user",
    "users/list_by_id": "an administrator sees the last sign-in of each user of a page",
    "users/list_for_admin": "the same",
}

_COMMENT = re.compile(r"--[^\n]*")

# The Python type of each PostgreSQL type; `jsonb` may be anything that JSON holds.
_SCALARS: dict[str, type[Any]] = {
    "bool": bool,
    "bytea": bytes,
    "float8": float,
    "halfvec": HalfVector,
    "int2": int,
    "int4": int,
    "int8": int,
    "interval": timedelta,
    "numeric": Decimal,
    "text": str,
    "varchar": str,
    "timestamptz": datetime,
    "uuid": UUID,
}


def complaints(
    text: str, function: Callable[..., Any], result: Any, connection: psycopg.Connection, *, across_users: bool = False
) -> list[str]:
    """Returns every disagreement between a statement and its function."""
    owner = [] if across_users else _about_owner(text)
    found = [*_about_layout(text), *owner, *_about_names(text, function), *_about_body(function)]
    return found or _about_types(text, function, result, connection)


def unused(folder: Path, statements: Sequence[Statement[Any]]) -> list[str]:
    """Returns the files that no statement runs, and those that several run."""
    files = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.sql")}
    names = [statement.name for statement in statements]
    return sorted(name for name in files if names.count(name) != 1)


def _about_layout(text: str) -> list[str]:
    found = []
    if not text.startswith("-- "):
        found.append("its first line is no comment")
    if any("%" in comment for comment in _COMMENT.findall(text)):
        found.append("a comment holds a percent sign, which psycopg reads as a placeholder")
    if re.search(r"\bSELECT\s+(\w+\.)?\*", text):
        found.append("it selects a star")
    return found + _about_settings(_COMMENT.sub("", text))


def _about_settings(code: str) -> list[str]:
    found = []
    if "set_config" in code:
        found.append("it calls set_config: a setting is changed by SET LOCAL, in a file of its own")
    if re.match(r"\s*SET\s+(?!LOCAL\b)", code):
        found.append("it changes a setting that stays changed after its transaction")
    return found


def _about_owner(text: str) -> list[str]:
    code = _COMMENT.sub("", text)
    tables = set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", code))
    if tables & USER_OWNED and "%(user_id)s" not in code:
        return [f"it touches {', '.join(sorted(tables & USER_OWNED))} without naming the user"]
    return []


def _about_names(text: str, function: Callable[..., Any]) -> list[str]:
    placeholders = set(PLACEHOLDER.findall(text))
    # The connection is positional, and so are the rows of a COPY, which has no placeholders.
    parameters = inspect.signature(function).parameters.values()
    keywords = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    if placeholders != set(keywords):
        return [f"placeholders {sorted(placeholders)} are not the function's arguments {sorted(keywords)}"]
    return []


def _about_body(function: Callable[..., Any]) -> list[str]:
    """A decorated function is never called, so a body would be silently ignored."""
    if statement_of(function) is None:
        return []
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.AsyncFunctionDef)
    only_constants = all(
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in definition.body
    )
    return [] if only_constants else ["its body never runs"]


def _about_types(text: str, function: Callable[..., Any], result: Any, connection: psycopg.Connection) -> list[str]:
    numbered_text, order = numbered(text)
    prepared = connection.pgconn.prepare(b"", numbered_text.encode())
    if prepared.status != ExecStatus.COMMAND_OK:
        return [f"the server does not accept it: {prepared.error_message.decode()}"]
    described = connection.pgconn.describe_prepared(b"")
    hints = get_type_hints(function, include_extras=True)
    given = {name: described.param_type(index) for index, name in enumerate(order)}
    found = [
        f"the argument {name} is {hints[name]}, the server wants {_type_name(oid)}"
        for name, oid in given.items()
        if not fits(_type_name(oid), hints[name])
    ]
    if (adapters := getattr(function, "adapters", None)) is not None:
        found += [
            f"the argument {name} is {hints[name]}, which is not sent as {_type_name(oid)}"
            for name, oid in given.items()
            if adapters.get(name) not in _adapters(_type_name(oid))
        ]
    columns = {_column(described, index): described.ftype(index) for index in range(described.nfields)}
    return found + _about_columns(columns, result)


def _about_columns(columns: Mapping[str, int], result: Any) -> list[str]:
    if result is types.NoneType:
        return [f"it returns {sorted(columns)}, which its function throws away"] if columns else []
    if not (isinstance(result, type) and issubclass(result, Row)):
        wrong = len(columns) != 1 or not all(fits(_type_name(oid), result) for oid in columns.values())
        return [f"its columns are not one {result}"] if wrong else []
    fields = {field.name: field.type for field in msgspec.structs.fields(result)}
    if set(columns) != set(fields):
        return [f"its columns {sorted(columns)} are not the fields {sorted(fields)} of {result.__name__}"]
    return [
        f"the column {name} is {_type_name(oid)}, the field {fields[name]}"
        for name, oid in columns.items()
        if not fits(_type_name(oid), fields[name])
    ]


def _adapters(pg_type: str) -> tuple[Callable[..., Any] | None, ...]:
    if pg_type == "jsonb":
        return (Jsonb,)
    if pg_type == "_uuid":
        return (list, uuid_array)
    if pg_type == "_text":
        return (list, text_array)
    return (list,) if pg_type.startswith("_") else (None,)


def fits(pg_type: str, annotation: Any) -> bool:
    """Returns True when the annotation describes the values of a PostgreSQL type. It may also allow None."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, types.UnionType}:
        return all(fits(pg_type, each) for each in get_args(annotation) if each is not types.NoneType)
    if pg_type == "jsonb":
        return True
    if pg_type.startswith("_"):
        is_sequence = get_origin(annotation) in {Sequence, tuple, list}
        return is_sequence and fits(pg_type[1:], get_args(annotation)[0])
    expected = _SCALARS.get(pg_type)
    if expected is None or not isinstance(annotation, type):
        return False
    return annotation is expected or (issubclass(annotation, Enum) and issubclass(annotation, expected))


def _column(described: PGresult, index: int) -> str:
    return (described.fname(index) or b"").decode()


def _type_name(oid: int) -> str:
    info = psycopg.adapters.types.get(oid)
    if info is None:
        return f"type {oid}"
    return f"_{info.name}" if oid == info.array_oid else info.name
