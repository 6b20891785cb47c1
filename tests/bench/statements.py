"""The service's own SQL texts, in the dialects of those it is compared with."""

from collections.abc import Mapping

from tests import statements
from tests.statements import PLACEHOLDER, STATEMENTS

TEXTS: Mapping[str, bytes] = {statement.name: statement.text for statement in STATEMENTS}


def numbered(name: str) -> tuple[str, tuple[str, ...]]:
    """The text with `$1` for the first name, as asyncpg wants it, and the names in that order."""
    return statements.numbered(TEXTS[name].decode())


def filled(name: str, expressions: Mapping[str, str]) -> str:
    """The text with an SQL expression for each name, as a line of a pgbench script."""
    return PLACEHOLDER.sub(lambda match: expressions[match[1]], TEXTS[name].decode()) + ";"
