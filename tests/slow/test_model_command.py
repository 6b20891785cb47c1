"""`plccoach-api model check`, as a process, against services of different dialects and faults."""

import json
from pathlib import Path

import pytest

from tests.commands.model_check import KEY, checks, replies, run
from tests.tools.dialects.wire import chunk, sse
from tests.tools.model_server import Fail, ModelServer, Parts, Received, Reply


def test_people_get_a_table(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    done = run(model_server.url, tmp_path)
    assert done.returncode == 0
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:3]] == [["connection", "ok"], ["request", "ok"]]
    assert KEY not in done.stdout + done.stderr


def test_what_was_adapted_is_told(model_server: ModelServer, tmp_path: Path) -> None:
    error = {"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens"}}

    def picky(request: Received) -> Reply:
        return Fail(400, body=json.dumps(error)) if "max_tokens" in request.body else replies(request)

    model_server.otherwise = picky
    done = run(model_server.url, tmp_path, "--json")
    assert "token_limit: max_completion_tokens" in checks(done)["request"]["note"]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("reply", "setting"),
    [
        (Fail(401, body=f'{{"error": "{KEY}"}}'), "OPENAI_API_KEY"),
        (Fail(404), "OPENAI_MODEL, or OPENAI_BASE_URL, which most often ends in /v1"),
        (Fail(307, {"Location": "http://127.0.0.1:9/v1/chat/completions"}), "OPENAI_BASE_URL"),
    ],
)
def test_without_a_reply_the_setting_to_look_at_is_named(
    model_server: ModelServer, tmp_path: Path, reply: Reply, setting: str
) -> None:
    model_server.otherwise = reply
    done = run(model_server.url, tmp_path, "--json")
    found = checks(done)
    assert list(found) == ["connection"]
    assert (found["connection"]["ok"], found["connection"]["setting"]) == (False, setting)
    assert done.returncode == 1


def test_a_server_that_cuts_a_long_prompt_fails_the_check_of_the_context(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.otherwise = lambda request: replies(request, cut_at=2048)
    done = run(model_server.url, tmp_path, "--json")
    context = checks(done)["context"]
    assert (context["ok"], context["setting"]) == (False, "OPENAI_CONTEXT_TOKENS=2048")
    assert done.returncode == 1


def test_a_model_that_cites_nothing_fails_and_a_model_that_writes_no_json_does_not(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.otherwise = lambda request: replies(request, routed="I think it is about teams.")
    done = run(model_server.url, tmp_path, "--json")
    assert (checks(done)["routing"]["ok"], done.returncode) == (False, 0)
    model_server.otherwise = lambda request: replies(request, answer="A norm is a rule.")
    done = run(model_server.url, tmp_path, "--json")
    assert (checks(done)["answer"]["ok"], done.returncode) == (False, 1)


def test_a_model_whose_thoughts_use_up_its_tokens_needs_more_of_them(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = Parts([sse([chunk({"reasoning_content": "So"}), chunk(finish="length")])])
    done = run(model_server.url, tmp_path, "--json")
    thoughts = checks(done)["thoughts"]
    assert (thoughts["ok"], thoughts["setting"]) == (False, "OPENAI_MAX_TOKENS=4000")
    assert done.returncode == 1
