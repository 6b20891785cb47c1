"""The rules of Citus for the statements of migrations."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType

from tests.sql import citus
from tests.sql.placements import Placement, Tables, nodes, placed_by

_KEYS = {ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE}
_REFUSED = {
    AlterTableType.AT_SetStorage: "sets the storage of a column: call placement.set_storage",
    AlterTableType.AT_AlterConstraint: "alters a constraint: drop it and add another",
}


def complaints(statements: Sequence[ast.Node], tables: Tables, unplaced: Collection[str]) -> list[str]:
    """Returns what Citus refuses in the statements of one migration. `tables` learns from them.

    `unplaced` has the tables that stay on the coordinator.
    """
    found: list[str] = []
    for statement, next_ in zip(statements, (*statements[1:], None), strict=True):
        placed = placed_by(next_) if next_ else None
        if isinstance(statement, ast.CreateStmt):
            found += _about_placement(statement.relation.relname, placed, unplaced)
        if placed:
            tables.add(next_)
        else:
            tables.add(statement)
        found += [*_about_changes(statement, tables), *_about_keys(statement, tables), *_about_refused(statement)]
    return found


def _about_placement(table: str, placed: tuple[str, Placement] | None, unplaced: Collection[str]) -> list[str]:
    is_placed = placed is not None and placed[0] == table
    if is_placed == (table in unplaced):
        return [f"{table} is not placed right after it is created" if not is_placed else f"{table} is placed"]
    return []


def _about_changes(statement: ast.Node, tables: Tables) -> list[str]:
    if not isinstance(statement, (ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt)):
        return []
    rules = (citus.simple_cases, citus.new_values, citus.conflict_values, citus.returned_values, citus.mixtures)
    return [complaint for rule in rules for complaint in rule(statement, tables)]


def _about_refused(statement: ast.Node) -> Iterator[str]:
    if isinstance(statement, ast.CreateTrigStmt):
        yield f"{statement.relation.relname} gets a trigger"
    if isinstance(statement, ast.AlterTableStmt):
        subtypes = [command.subtype for command in statement.cmds]
        yield from (f"{statement.relation.relname} {_REFUSED[each]}" for each in subtypes if each in _REFUSED)
        if AlterTableType.AT_AddConstraint in subtypes[:-1] or AlterTableType.AT_AddConstraint in subtypes[1:]:
            yield f"{statement.relation.relname} gets a constraint and more in one statement"


def _about_keys(statement: Any, tables: Tables) -> Iterator[str]:
    """Keys and unique indexes of a distributed table contain `user_id`, and a foreign key leads to its shard."""
    if isinstance(statement, ast.IndexStmt) and statement.unique:
        yield from _about_unique(statement.relation.relname, [item.name for item in statement.indexParams], tables)
    if not isinstance(statement, (ast.CreateStmt, ast.AlterTableStmt)):
        return
    table = statement.relation.relname
    for constraint, column in _constraints(statement):
        if constraint.contype in _KEYS:
            yield from _about_unique(table, _names(constraint.keys) or [column], tables)
        if constraint.contype == ConstrType.CONSTR_FOREIGN:
            yield from _about_reference(table, _names(constraint.fk_attrs) or [column], constraint, tables)


def _constraints(statement: Any) -> Iterator[tuple[ast.Constraint, str]]:
    """Yields each constraint, with the column that it stands behind."""
    columns = [node for node in nodes(statement) if isinstance(node, ast.ColumnDef)]
    behind = {id(each): column.colname for column in columns for each in column.constraints or ()}
    for column in columns:
        yield from ((each, column.colname) for each in column.constraints or ())
    for node in nodes(statement):
        if isinstance(node, ast.Constraint) and id(node) not in behind:
            yield node, ""


def _names(keys: Any) -> list[str]:
    return [key.sval for key in keys or ()]


def _about_unique(table: str, columns: Collection[str], tables: Tables) -> Iterator[str]:
    if tables.lies(table, Placement.by_user) and "user_id" not in columns:
        yield f"{table} has a unique key without user_id: {', '.join(columns)}"


def _about_reference(table: str, columns: Collection[str], key: ast.Constraint, tables: Tables) -> Iterator[str]:
    """A row may refer to a copy on its own node, or to the shard of its user."""
    target = key.pktable.relname
    is_copied = tables.lies(target, Placement.everywhere)
    is_beside = tables.placements.get(table) is tables.placements.get(target)
    if not is_copied and not is_beside:
        yield f"{table} refers to {target}, which is not on the same node"
    elif tables.lies(target, Placement.by_user) and "user_id" not in columns:
        yield f"{table} refers to {target} without user_id"
    if key.fk_del_action == "n" and "user_id" in columns:
        yield f"{table} refers to {target} with SET NULL, but user_id never changes"
