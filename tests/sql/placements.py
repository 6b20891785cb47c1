"""Where each table lies on Citus, read from the SQL that the migrations print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from alembic.config import Config
from pglast import ast, parse_sql

from alembic import command
from plccoach_api import resources

# The line that alembic prints before the statements of a migration.
_STEP = re.compile(r"^-- Running upgrade .*-> (\w+)$", re.MULTILINE)
_PLACED = re.compile(r"create_(?P<how>distributed|reference)_table\('(?P<table>\w+)'")


class Placement(Enum):
    by_user = "distributed by user_id"
    everywhere = "copied to every node"
    coordinator = "only on the coordinator"


@dataclass(slots=True)
class Tables:
    """The placement of each table, and the names of all columns that hold a time with a zone."""

    placements: dict[str, Placement] = field(default_factory=dict)
    times: set[str] = field(default_factory=set)

    def lies(self, table: str | None, placement: Placement) -> bool:
        return table is not None and self.placements.get(table) is placement

    def is_placed(self, table: str | None) -> bool:
        return self.lies(table, Placement.by_user) or self.lies(table, Placement.everywhere)

    def add(self, statement: ast.Node) -> None:
        """Learns from one statement of a migration."""
        if isinstance(statement, ast.CreateStmt):
            self.placements[statement.relation.relname] = Placement.coordinator
        elif found := placed_by(statement):
            self.placements[found[0]] = found[1]
        if isinstance(statement, ast.RenameStmt) and statement.subname in self.times:
            self.times.add(statement.newname)
        self.times |= {
            node.colname
            for node in nodes(statement)
            if isinstance(node, ast.ColumnDef) and node.typeName.names[-1].sval == "timestamptz"
        }


def placed_by(statement: ast.Node) -> tuple[str, Placement] | None:
    """Returns the table that a printed statement places, and where."""
    if not isinstance(statement, ast.DoStmt):
        return None
    found = _PLACED.search(statement.args[0].arg.sval)
    if not found:
        return None
    return found["table"], Placement.by_user if found["how"] == "distributed" else Placement.everywhere


def migrations(scripts: Path = resources.MIGRATIONS) -> dict[str, list[ast.Node]]:
    """Returns the statements of each migration, by its revision."""
    before, *steps = _STEP.split(_printed(scripts))
    texts = dict(zip(steps[::2], steps[1::2], strict=True))
    # The table of the revisions is created before the first migration.
    texts[steps[0]] = before + texts[steps[0]]
    return {revision: _parsed(text) for revision, text in texts.items()}


def after_all(scripts: Path = resources.MIGRATIONS) -> Tables:
    """Returns where the tables lie after all migrations."""
    tables = Tables()
    for statements in migrations(scripts).values():
        for statement in statements:
            tables.add(statement)
    return tables


def _printed(scripts: Path) -> str:
    """Prints all migrations at once, because alembic imports all of them for each command."""
    output = StringIO()
    configuration = Config(output_buffer=output)
    configuration.set_main_option("script_location", str(scripts).replace("%", "%%"))
    command.upgrade(configuration, "base:head", sql=True)
    return output.getvalue()


@cache
def _parsed(text: str) -> list[ast.Node]:
    """Returns the statements of a text. Many tests read the same migrations."""
    return [each.stmt for each in parse_sql(text) if not isinstance(each.stmt, ast.TransactionStmt)]


def nodes(value: Any) -> Iterator[ast.Node]:
    """Yields a node and everything in it, or the nodes of a tuple."""
    if isinstance(value, tuple):
        for each in value:
            yield from nodes(each)
    elif isinstance(value, ast.Node):
        yield value
        for name in value:
            yield from nodes(getattr(value, name))
