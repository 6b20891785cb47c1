"""The rules of Citus that a statement can break without an error on a plain PostgreSQL.

docs/decisions/citus.md says what each of them is for. A rule is a function that returns what it complains about.
"""

from collections.abc import Callable, Iterator
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import OnConflictAction

from tests.sql.placements import Placement, Tables, nodes
from tests.sql.query_levels import tables_of, unbound
from tests.statements import numbered

Rule = Callable[[ast.Node, Tables], list[str]]

# Functions that return the same for the same arguments, whatever the settings. All others count as not immutable.
_IMMUTABLE = frozenset({"lower", "timezone"})


def statement(text: str) -> ast.Node:
    """Parses the text of a .sql file."""
    [parsed] = parse_sql(numbered(text)[0])
    return parsed.stmt


def simple_cases(tree: ast.Node, _: Tables) -> list[str]:
    """In an UPDATE, the nodes of Citus read `CASE a WHEN b` as `CASE a WHEN a = b`."""
    return ["it has a simple CASE: write CASE WHEN a = b"] * sum(
        isinstance(node, ast.CaseExpr) and node.arg is not None for node in nodes(tree)
    )


def new_values(tree: ast.Node, tables: Tables) -> list[str]:
    """UPDATE … SET may call a function that is not immutable only without columns, and not in CASE or coalesce."""
    return [
        complaint
        for change in _changes(tree, tables)
        if isinstance(change, ast.UpdateStmt)
        for target in change.targetList
        for complaint in (*_calls_with_columns(target.val), *_moved_times(target.val, tables))
    ]


def conflict_values(tree: ast.Node, tables: Tables) -> list[str]:
    """ON CONFLICT … DO UPDATE may call immutable functions only. The times are values of the INSERT."""
    clauses = [
        change.onConflictClause
        for change in _changes(tree, tables)
        if isinstance(change, ast.InsertStmt) and _is_upsert(change)
    ]
    return [
        complaint
        for clause in clauses
        for part in (clause.targetList, clause.whereClause)
        for complaint in (*_calls(part, "DO UPDATE"), *_moved_times(part, tables))
    ]


def returned_values(tree: ast.Node, tables: Tables) -> list[str]:
    """RETURNING may call immutable functions only."""
    return [
        complaint
        for change in _changes(tree, tables)
        if change.returningClause
        for complaint in (
            *_calls(change.returningClause, "RETURNING"),
            *_moved_times(change.returningClause, tables),
        )
    ]


def locks_of_all_copies(tree: ast.Node, tables: Tables) -> list[str]:
    """Any write but a plain INSERT locks a table that is copied to every node, on every node."""
    written = [
        change.relation.relname
        for change in _changes(tree, tables)
        if not isinstance(change, ast.InsertStmt) or change.onConflictClause
    ]
    locked = [
        table.relname
        for select in nodes(tree)
        if isinstance(select, ast.SelectStmt) and select.lockingClause
        for table in tables_of(select)
    ]
    return [
        f"it locks {table} on every node" for table in (*written, *locked) if tables.lies(table, Placement.everywhere)
    ]


def mixtures(tree: ast.Node, tables: Tables) -> list[str]:
    """A table of the coordinator is not joined with shards, and not written together with a placed table."""
    named = {node.relname for node in nodes(tree) if isinstance(node, ast.RangeVar)}
    own = {table for table in named if tables.lies(table, Placement.coordinator)}
    distributed = {table for table in named if tables.lies(table, Placement.by_user)}
    written = {change.relation.relname for change in nodes(tree) if isinstance(change, _CHANGES)}
    is_mixed = own and (distributed or (written & own and any(map(tables.is_placed, written))))
    return (
        [f"it mixes {', '.join(sorted(own))}, which is only on the coordinator, with other tables"] if is_mixed else []
    )


def unbound_users(tree: ast.Node, tables: Tables) -> list[str]:
    """Each level of a query binds the user of each distributed table, or all shards are asked."""
    return [
        f"it asks all shards of {table.relname}"
        for level in nodes(tree)
        if isinstance(level, (ast.SelectStmt, ast.UpdateStmt, ast.DeleteStmt))
        for table in unbound(level, tables)
    ]


RULES: tuple[Rule, ...] = (
    simple_cases,
    new_values,
    conflict_values,
    returned_values,
    locks_of_all_copies,
    mixtures,
    unbound_users,
)

_CHANGES = (ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt)


def _changes(tree: ast.Node, tables: Tables) -> Iterator[Any]:
    """Yields the INSERTs, UPDATEs and DELETEs of placed tables."""
    for node in nodes(tree):
        if isinstance(node, _CHANGES) and tables.is_placed(node.relation.relname):
            yield node


def _is_upsert(change: ast.InsertStmt) -> bool:
    clause = change.onConflictClause
    return clause is not None and clause.action == OnConflictAction.ONCONFLICT_UPDATE


def _is_immutable(node: ast.Node) -> bool:
    if isinstance(node, ast.FuncCall):
        return node.funcname[-1].sval in _IMMUTABLE
    return not isinstance(node, ast.SQLValueFunction)


def _calls(part: Any, where: str) -> Iterator[str]:
    for node in nodes(part):
        if not _is_immutable(node):
            yield f"it calls {_name(node)} in {where}"


def _calls_with_columns(value: ast.Node) -> Iterator[str]:
    for node in nodes(value):
        if isinstance(node, ast.FuncCall) and not _is_immutable(node) and _has_columns(node.args):
            yield f"it calls {_name(node)} with a column in SET"
        if isinstance(node, (ast.CaseExpr, ast.CoalesceExpr)):
            yield from _calls(node.args, "a CASE or coalesce of SET")


def _has_columns(part: Any) -> bool:
    return any(isinstance(node, ast.ColumnRef) for node in nodes(part))


def _name(node: ast.Node) -> str:
    return str(node.funcname[-1].sval) if isinstance(node, ast.FuncCall) else "the current time"


def _moved_times(part: Any, tables: Tables) -> Iterator[str]:
    """A time plus an interval depends on the time zone of the session. The difference of two times does not."""
    for node in nodes(part):
        if isinstance(node, ast.A_Expr) and node.name[-1].sval in {"+", "-"}:
            sides = [_is_time(side, tables) for side in (node.lexpr, node.rexpr)]
            if sides.count(True) == 1 and _has_columns((node.lexpr, node.rexpr)):
                yield "it adds to a time with a zone: add AT TIME ZONE 'UTC', before and after"


def _is_time(side: ast.Node, tables: Tables) -> bool:
    match side:
        case ast.ColumnRef():
            return side.fields[-1].sval in tables.times
        case ast.CoalesceExpr() | ast.MinMaxExpr():
            return any(_is_time(each, tables) for each in side.args)
        case ast.TypeCast():
            return bool(side.typeName.names[-1].sval == "timestamptz")
        case ast.FuncCall():
            return bool(side.funcname[-1].sval == "now")
    return False
