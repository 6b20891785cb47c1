"""The levels of a query: each SELECT, UPDATE or DELETE is one, also inside another. Which users does a level name?"""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType

from tests.sql.placements import Placement, Tables


def unbound(level: Any, tables: Tables) -> list[ast.RangeVar]:
    """Returns the distributed tables of a level whose users are neither given nor those of a table with given users."""
    distributed = [table for table in tables_of(level) if tables.lies(table.relname, Placement.by_user)]
    alone = _alias(distributed[0]) if len(distributed) == 1 else None
    bound: set[str] = set()
    pairs = []
    for condition in _conditions(level):
        left, right = (_user_of(side, alone) for side in (condition.lexpr, condition.rexpr))
        if left and right:
            pairs.append({left, right})
        elif left and _is_given(condition.rexpr):
            bound.add(left)
    for _ in pairs:
        bound.update(*(pair for pair in pairs if pair & bound))
    return [table for table in distributed if _alias(table) not in bound]


def tables_of(level: Any) -> list[ast.RangeVar]:
    """Returns the tables of one level, without those of its subqueries and of its WITH."""
    relation = () if isinstance(level, ast.SelectStmt) else (level.relation,)
    found = []
    pending = [*relation, *(_sources(level) or ())]
    while pending:
        item = pending.pop()
        if isinstance(item, ast.JoinExpr):
            pending += [item.larg, item.rarg]
        elif isinstance(item, ast.RangeVar):
            found.append(item)
    return found


def _sources(level: Any) -> Any:
    return level.usingClause if isinstance(level, ast.DeleteStmt) else level.fromClause


def _conditions(level: Any) -> Iterator[ast.A_Expr]:
    """Yields the equations that hold for every row of a level, in WHERE and in its joins."""
    pending = [level.whereClause]
    joins = list(_sources(level) or ())
    while joins:
        if isinstance(join := joins.pop(), ast.JoinExpr):
            pending.append(join.quals)
            joins += [join.larg, join.rarg]
    while pending:
        condition = pending.pop()
        if isinstance(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
            pending += condition.args
        elif _is_equation(condition):
            yield condition


def _is_equation(condition: Any) -> bool:
    kinds = {A_Expr_Kind.AEXPR_OP, A_Expr_Kind.AEXPR_OP_ANY}
    return isinstance(condition, ast.A_Expr) and condition.name[-1].sval == "=" and condition.kind in kinds


def _alias(table: ast.RangeVar) -> str:
    return str(table.alias.aliasname if table.alias else table.relname)


def _user_of(side: Any, alone: str | None) -> str | None:
    """Returns the alias of a table whose `user_id` this is. `alone` is the only table that may be meant without one."""
    if not isinstance(side, ast.ColumnRef) or side.fields[-1].sval != "user_id":
        return None
    return str(side.fields[0].sval) if len(side.fields) > 1 else alone


def _is_given(side: Any) -> bool:
    return isinstance(side.arg if isinstance(side, ast.TypeCast) else side, ast.ParamRef)
