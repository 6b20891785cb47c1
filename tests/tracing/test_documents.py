"""docs/operating/traces.md names every attribute of our spans, and its example has names that exist."""

import re
from pathlib import Path

from plccoach_api import resources
from plccoach_api.tracing import conventions

PAGE = (Path(__file__).parents[2] / "docs" / "operating" / "traces.md").read_text("utf-8")


def test_the_page_names_every_attribute_and_the_version_of_the_conventions() -> None:
    names = {value for name, value in vars(conventions).items() if name.startswith(("HTTP_", "DB_", "GEN_AI_"))}
    assert len(names) > 10
    assert {name for name in {*names, conventions.ERROR_TYPE} if f"`{name}`" not in PAGE} == set()
    assert conventions.SCHEMA.rpartition("/")[2] in PAGE


def test_the_statements_of_the_example_are_files() -> None:
    statements = re.findall(r"^[├└]─ (\w+/\w+)", PAGE, re.MULTILINE)
    assert len(statements) > 5
    assert [name for name in statements if not (resources.SQL / f"{name}.sql").is_file()] == []
