"""Runs `plccoach-api model check` as a process, and replies to it like a service."""

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from tests.commands import forked
from tests.live import environment
from tests.tools.model_server import ROUTED, Received, Say

KEY = "sk-very-private"
CITED = "A norm is a promise about conduct that every member of the team agreed to [1]."


def replies(request: Received, *, answer: str = CITED, routed: str = ROUTED, cut_at: int | None = None) -> Say:
    """Replies like a service that reports as many tokens as it read, or as its context has."""
    characters = sum(len(str(message["content"])) for message in request.messages)
    read = min(characters // 5, cut_at or characters)
    if "Question to sort" in str(request.messages[-1]["content"]):
        return Say([routed], usage=(read, 50))
    return Say(answer.split(" ")[:1] + [" " + word for word in answer.split(" ")[1:]], usage=(read, 30))


def is_long(request: Received) -> bool:
    """Returns whether it is the request that tries the context."""
    return len(str(request.messages[-1]["content"])) > 10_000


def run(url: str, folder: Path, *arguments: str, **changes: str) -> CompletedProcess[str]:
    variables = {"ANSWERER": "openai", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY} | changes
    return forked.run(["model", "check", *arguments], env=environment(**variables), cwd=folder)


def checks(done: CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    assert KEY not in done.stdout + done.stderr
    listed = json.loads(done.stdout)
    assert all(each.keys() == {"check", "ok", "note", "setting"} for each in listed)
    return {each["check"]: each for each in listed}
