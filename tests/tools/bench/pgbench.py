"""The statements of a request, run by PostgreSQL's own client: the rate that the database alone can reach."""

import asyncio
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from plccoach_api.rules.messages import CONTEXT_MESSAGES, FIRST_MESSAGES, LEASE, PREVIEW_CHARACTERS
from plccoach_api.rules.questions.spelling import other_spellings
from plccoach_api.rules.searching import Words
from plccoach_api.rules.sessions import IDLE, TOUCH_EVERY, SessionToken
from plccoach_api.structs.page import DEFAULT_LIMIT
from tests.tools.bench import questions
from tests.tools.bench.seed import PLACES, QUESTION, SEARCH, Prepared
from tests.tools.bench.statements import filled, nearest_parameters, search_parameters
from tests.tools.schema_dump import client_program

_CLIENTS = 256
_QUESTIONS = 20

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
_SEARCH = {
    "user_id": ":user_id",
    "status": "'active'",
    "words": ":words",
    "after_rank": "NULL",
    "after_id": "NULL",
    "preview_characters": str(PREVIEW_CHARACTERS),
    "limit": str(DEFAULT_LIMIT + 1),
}
_MESSAGES = {
    "user_id": ":user_id",
    "conversation_id": ":longest",
    "after_time": "NULL",
    "after_id": "NULL",
    "limit": str(FIRST_MESSAGES + 1),
}


def _uuid(variable: str) -> str:
    return f"lpad(to_hex(:{variable}::bigint), 32, '0')::uuid"


_EARLIER_MESSAGES = {
    "user_id": ":user_id",
    "conversation_id": _uuid("number"),
    "answer_id": _uuid("answer_number"),
    "limit": str(CONTEXT_MESSAGES),
}


def _finding(question: str) -> tuple[str, ...]:
    """The statements that find the passages for a question. The nearest ones are found within the search."""
    parameters = asyncio.run(nearest_parameters(question))
    embedding = f"'{parameters['embedding'].to_text()}'"
    named = {name: _text(value) for name, value in parameters.items() if isinstance(value, str)}
    model = {**named, "dimensions": str(parameters["dimensions"]), "embedding": embedding}
    nearest = filled("embeddings/nearest", model).removesuffix(";")
    search = {
        name: str(value)
        for name, value in search_parameters(question, parameters["embedding"], {"id": "", "nearest": ""}).items()
        if isinstance(value, int | float)
    } | {
        "question": _text(question),
        "embedding": embedding,
        # The only set is that of the embedder that ships with the service.
        "set_id": "(SELECT id FROM embedding_sets)",
        "nearest": f"(SELECT nearest FROM ({nearest}\n) AS found)",
        "domains": "'{}'",
        "book_ids": "NULL",
    }
    asked = set(re.findall(r"[a-z]{4,}", question.lower()))
    spellings = {word: others for word in asked if (others := other_spellings(word))}
    words = {
        "words": _array(asked),
        "spellings": _array({*spellings}.union(*spellings.values())),
        "acronyms": "'{}'",
        "phrases": "'{}'",
        "asks_for_meaning": "FALSE",
    }
    return (filled("words/get_for_question", words), filled("chunks/search", search))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _array(words: Iterable[str]) -> str:
    return f"ARRAY[{','.join(map(_text, sorted(words)))}]::text[]"


def _question_and_answer(
    question_text: str, conversation_id: str, conversation_statement: str, *before_search: str
) -> tuple[str, ...]:
    """A question and its answer, as plccoach_api/coach/runs stores them."""
    where = {"user_id": ":user_id", "conversation_id": conversation_id}
    run = {"run_id": _uuid("answer_number")}
    lease = {"lease": f"'{LEASE.total_seconds()} s'"}
    text = {"question": _text(question_text)}
    question = {"question_id": "gen_random_uuid()", "asked_at": "now()"} | text | run | lease
    answer = {
        "status": "'complete'",
        "content": ":answer",
        "kind": "'answer'",
        "citations": ":citations",
        "domains": "'{}'",
        "suggestions": "'{}'",
        "stopped_early": "NULL",
    }
    cost = dict.fromkeys(("input_tokens", "output_tokens", "cost_usd", "response_time_ms"), "0")
    conversation = {
        "user_id": ":user_id",
        "id": conversation_id,
        "title": text["question"],
        "asked_at": "now()",
        "now": "now()",
    }
    return (
        r"\set answer_number random(1, 9000000000000000000)",
        filled("sessions/get", _SESSION),
        "BEGIN;",
        filled(conversation_statement, conversation),
        filled("answers/create", where | question | {"answer_id": _uuid("answer_number")}),
        filled("rate_limits/count", {"name": "'coach'", "key": ":user_id", "duration": "'1 hour'"}),
        "COMMIT;",
        *before_search,
        *_finding(question_text),
        filled("answers/finish", where | answer | cost | run | {"id": _uuid("answer_number")}),
    )


SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "/ready": (filled("schema/get", {}),),
    "/auth/me": (filled("sessions/get", _SESSION),),
    "/api/conversations": (filled("sessions/get", _SESSION), filled("conversations/list_for_user", _LIST)),
    "/api/conversations/{id}": (
        filled("sessions/get", _SESSION),
        filled("conversations/get", {"user_id": ":user_id", "id": ":longest"}),
        filled("messages/list_for_conversation", _MESSAGES),
    ),
    "/api/conversations?search=": (filled("sessions/get", _SESSION), filled("conversations/search", _SEARCH)),
}


def _asking(question: str) -> tuple[str, ...]:
    return (
        r"\set number random(1, 9000000000000000000)",
        *_question_and_answer(question, _uuid("number"), "conversations/create"),
    )


def _asking_more(question: str) -> tuple[str, ...]:
    return (
        # Each client posts in conversations of its own: a second question during an answer is refused.
        rf"\set number 1 + :client_id + {_CLIENTS} * random(0, {PLACES // _CLIENTS - 1})",
        *_question_and_answer(
            question, _uuid("number"), "conversations/resume", filled("messages/list_before", _EARLIER_MESSAGES)
        ),
    )


def scripts(row: str) -> list[tuple[str, ...]]:
    """Returns the scripts of a row, which run in turn: one for each of some questions, or none without SQL."""
    match row:
        case "/api/coach/query":
            return [*map(_asking, questions.asked()[:_QUESTIONS])]
        case "/api/coach/query, repeated":
            return [_asking(QUESTION)]
        case "/api/conversations/{id}/messages":
            return [*map(_asking_more, questions.asked()[:_QUESTIONS])]
        case _:
            return [SCRIPTS[row]] if row in SCRIPTS else []


def variables(token: SessionToken | None, prepared: Prepared) -> dict[str, str]:
    if token is None:
        return {}
    return {
        "user_id": str(token.user_id),
        "token_hash": rf"\x{token.hash.hex()}",
        "answer": prepared.answer.content,
        "citations": msgspec.json.encode(prepared.answer.citations).decode(),
        "longest": str(prepared.longest),
        "words": str(Words.of(SEARCH)),
    }


def rate(row: str, values: Mapping[str, str], *, database: str, folder: Path, connections: int, seconds: int) -> float:
    """Returns how often per second a script of this row runs."""
    files = []
    for number, script in enumerate(scripts(row)):
        file = folder / f"pgbench-{number}.sql"
        file.write_text("\n".join(script))
        files.append(f"--file={file}")
    command = [
        client_program("pgbench"),
        "--no-vacuum",
        "--protocol=prepared",
        f"--client={connections}",
        f"--time={seconds}",
    ]
    settings = [f"--define={name}={value}" for name, value in values.items()]
    done = subprocess.run([*command, *settings, *files, database], capture_output=True, text=True, check=False)
    tps = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or tps is None or "number of failed transactions: 0 " not in done.stdout:
        raise SystemExit(f"bench: pgbench failed on {row}:\n{done.stdout}{done.stderr}")
    return float(tps[1])
