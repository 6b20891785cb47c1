"""The log events in docs/runbook.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")


def problems_logged() -> Iterator[str]:
    """Yields the text of every warning and error that the service logs."""
    for file in (ROOT / "plccoach_api").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name("_log"), attr="warning" | "error" | "exception"),
                    args=[ast.Constant(str(event)), *_],
                ):
                    yield event


def test_the_runbook_explains_every_warning_and_error() -> None:
    events = set(problems_logged())
    assert len(events) > 15
    assert {event for event in events if f"`{event}`" not in RUNBOOK} == set()
