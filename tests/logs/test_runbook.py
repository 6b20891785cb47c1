"""The log events in docs/runbook.md."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from plccoach_api.rules.roles import AuditAction

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")

ALARMS = {"warning", "error", "exception"}
# identity/administration.py makes the names of these from the action.
OF_AUDIT = {action.value.replace("_", " ") for action in AuditAction}
# logs/writer.py writes it without a logger.
OF_WRITER = {"log lines dropped"}
# Logged by granian, by psycopg and by OpenTelemetry's SDK.
OF_LIBRARIES = {
    "Queue full, dropping Span.",
    "error connecting in 'plccoach-api'",
    "error connecting in 'plccoach-api primary check'",
    "error connecting in 'plccoach-api replica'",
    "error connecting in 'plccoach-api replica check'",
    "Unexpected exit from worker-N",
    "Worker crash loop detected, exiting",
    "Killing worker-N after it refused to gracefully stop",
}


@cache
def logged() -> list[tuple[str, str]]:
    """Returns the level and the text of every event that the service logs."""
    return list(_logged())


def _logged() -> Iterator[tuple[str, str]]:
    for file in (ROOT / "plccoach_api").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name("_log"), attr=level), args=[ast.Constant(str(event)), *_]
                ):
                    yield level, event


def explained() -> Iterator[str]:
    """Yields the events in the first column of the runbook's table."""
    for line in RUNBOOK.splitlines():
        if re.match(r"\| `[^|]*\| (?:info|warning|error)[ ,|]", line):
            yield from re.findall(r"`([^`]+)`", line.split("|")[1])


def test_the_runbook_explains_every_warning_and_error() -> None:
    events = {event for level, event in logged() if level in ALARMS}
    assert len(events) > 15
    assert events - set(explained()) == set()


def test_the_runbook_explains_no_event_that_nothing_logs() -> None:
    assert set(explained()) - {event for _, event in logged()} - OF_AUDIT - OF_WRITER - OF_LIBRARIES == set()
