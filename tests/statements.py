"""Every statement of the query modules, and their texts in the dialect of the server."""

import importlib
import pkgutil
import re
from typing import Any

from plccoach_api import queries
from plccoach_api.queries.statement import Statement

PLACEHOLDER = re.compile(r"%\((\w+)\)s")

STATEMENTS: tuple[Statement[Any], ...] = tuple(
    value
    for module in pkgutil.iter_modules(queries.__path__)
    for value in vars(importlib.import_module(f"plccoach_api.queries.{module.name}")).values()
    if isinstance(value, Statement)
)


def numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with `$1` for its first name, and the names in that order."""
    order = tuple(dict.fromkeys(PLACEHOLDER.findall(text)))
    return PLACEHOLDER.sub(lambda match: f"${order.index(match[1]) + 1}", text), order
