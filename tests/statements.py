"""The statements of all query modules, their texts with numbered placeholders, and their plans."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from psycopg import sql

from plccoach_api import queries
from plccoach_api.database.pool import Connection
from plccoach_api.queries.statement import Statement

Stub = TypeVar("Stub", bound=Callable[..., Any])

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def statement_of(value: object) -> Statement[Any] | None:
    """Returns the statement that a query function runs, or a statement itself."""
    statement = getattr(value, "statement", value)
    return statement if isinstance(statement, Statement) else None


STATEMENTS: tuple[Statement[Any], ...] = tuple(
    statement
    for module in pkgutil.iter_modules(queries.__path__)
    for value in vars(importlib.import_module(f"plccoach_api.queries.{module.name}")).values()
    if (statement := statement_of(value))
)


def in_module(noun: str, stub: Stub) -> Stub:
    """Moves a stub into a query module, so that its decorator finds a .sql file of its name."""
    stub.__module__ = f"{queries.__name__}.{noun}"
    return stub


def numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """Returns the text with `$1` for its first placeholder and so on, and the names of the placeholders in order."""
    order = tuple(dict.fromkeys(PLACEHOLDER.findall(text)))
    return PLACEHOLDER.sub(lambda match: f"${order.index(match[1]) + 1}", text), order


async def fill(connection: Connection, statements: Iterable[str], parameters: Mapping[str, object]) -> None:
    """Runs the statements in turn. A statement without placeholders, such as ANALYZE, gets no parameters."""
    for statement in statements:
        await connection.execute(statement.encode(), parameters if PLACEHOLDER.search(statement) else None)


async def explain(
    connection: Connection, name: str, parameters: Mapping[str, object], *, mode: str = "force_generic_plan"
) -> dict[str, Any]:
    """Runs a statement and returns its plan: by default the generic plan, which PostgreSQL uses after a few runs."""
    await connection.execute(f"SET LOCAL plan_cache_mode = {mode}".encode())
    text, names = numbered(next(each.text.decode() for each in STATEMENTS if each.name == name))
    await connection.execute(f"PREPARE planned AS {text}".encode())
    values = sql.SQL(", ").join(sql.Literal(parameters.get(each)) for each in names)
    command = sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE planned ({})").format(values)
    [[[answer]]] = await (await connection.execute(command)).fetchall()
    await connection.execute("DEALLOCATE planned")
    plan: dict[str, Any] = answer["Plan"]
    return plan


def rows_read(plan: dict[str, Any], table: str) -> float:
    """Returns the number of rows of the table that the plan read."""
    rows: float = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in _nodes(plan)
        if node.get("Relation Name") == table and node["Node Type"] != "ModifyTable"
    )
    return rows


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)
