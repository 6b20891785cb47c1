"""`plccoach-api model check`, as a process, against services of different dialects and faults."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.model_check import KEY, checks, is_long, replies, run
from tests.tools.dialects.wire import chunk, sse
from tests.tools.model_server import Fail, Hang, HangUp, ModelServer, Parts, Raw, Received, Reply, Say


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


def test_an_answer_that_does_not_end_in_time_needs_more_time(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = lambda request: (
        Hang(head=True) if "passage-" in str(request.messages) else replies(request)
    )
    done = run(model_server.url, tmp_path, "--json", ANSWER_TIMEOUT="3")
    answer = checks(done)["answer"]
    assert (answer["ok"], answer["note"]) == (False, "the model did not end its answer within 3 s")
    assert answer["setting"] == "a longer ANSWER_TIMEOUT, or a smaller OPENAI_MAX_TOKENS"
    assert done.returncode == 1


def test_a_model_whose_thoughts_use_up_its_tokens_needs_more_of_them(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = Parts([sse([chunk({"reasoning_content": "So"}), chunk(finish="length")])])
    done = run(model_server.url, tmp_path, "--json")
    thoughts = checks(done)["thoughts"]
    assert (thoughts["ok"], thoughts["setting"]) == (False, "OPENAI_MAX_TOKENS=4000")
    assert done.returncode == 1


def test_a_model_that_is_too_slow_to_route_is_told_as_such(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = lambda request: Hang() if "response_format" in request.body else replies(request)
    done = run(model_server.url, tmp_path, "--json", ANSWER_TIMEOUT="60")
    note = "the model needs more than 5 s to route a question; questions are routed without it"
    assert checks(done)["routing"] == {"check": "routing", "ok": False, "note": note, "setting": None}
    assert done.returncode == 0


def test_the_seconds_of_reading_a_long_prompt_are_told(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    context = checks(run(model_server.url, tmp_path, "--json"))["context"]
    assert context["ok"]
    assert re.search(r"is read \(\d+ by its own count\); \d\.\d s to the first words$", context["note"])


def test_a_model_that_reads_a_long_prompt_slowly_gets_a_shorter_context_or_a_longer_time(
    model_server: ModelServer, tmp_path: Path
) -> None:
    slow = Say(["A team ", "is a group."], delay=4, usage=None)
    model_server.otherwise = lambda request: slow if is_long(request) else replies(request)
    done = run(model_server.url, tmp_path, "--json", ANSWER_TIMEOUT="10")
    context = checks(done)["context"]
    assert not context["ok"]
    assert context["note"].endswith(" s to the first words, which is more than a quarter of ANSWER_TIMEOUT")
    setting = re.fullmatch(r"OPENAI_CONTEXT_TOKENS=(\d+), or ANSWER_TIMEOUT=(\d+)", context["setting"])
    assert setting
    tokens, seconds = map(int, setting.groups())
    # A quarter of 10 s is less than two thirds of the time; 1,000 tokens are for the answer.
    assert 2000 <= tokens < 6000
    assert 16 < seconds < 40
    assert done.returncode == 0


def test_a_model_that_thinks_before_every_reply_does_not_read_slowly(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = lambda request: replace(replies(request), delay=1.5)
    done = run(model_server.url, tmp_path, "--json", ANSWER_TIMEOUT="5")
    assert checks(done)["context"]["ok"]
    assert not checks(done)["speed"]["ok"]


def test_words_that_come_before_the_deadline_tell_how_long_the_prompt_took_to_be_read(
    model_server: ModelServer, tmp_path: Path
) -> None:
    endless = Say(["A team "] * 1000, delay=2, interval=0.1)
    model_server.otherwise = lambda request: endless if is_long(request) else replies(request)
    done = run(model_server.url, tmp_path, "--json", ANSWER_TIMEOUT="5")
    context = checks(done)["context"]
    assert re.search(r"; [2-4]\.\d s to the first words, which is more than a quarter", context["note"])
    assert done.returncode == 0


def test_a_prompt_that_is_not_read_in_time_needs_a_shorter_context(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = lambda request: Hang() if is_long(request) else replies(request)
    done = run(model_server.url, tmp_path, "--json", ANSWER_TIMEOUT="5")
    context = checks(done)["context"]
    assert re.fullmatch(r"a prompt of about 79\d\d tokens has no answer after 5 s", context["note"])
    assert context["setting"] == "OPENAI_CONTEXT_TOKENS=2900, or a longer ANSWER_TIMEOUT"
    done = run(model_server.url, tmp_path, "--json", OPENAI_TIMEOUT="2")
    context = checks(done)["context"]
    assert re.fullmatch(r"a prompt of about 79\d\d tokens has no reply after 2 s", context["note"])
    assert done.returncode == 1


@pytest.mark.parametrize("broken_off", [Raw(b""), HangUp(), Say(["A", " team"], cut=1)], ids=repr)
def test_a_service_that_breaks_off_a_long_prompt_is_told_as_such(
    model_server: ModelServer, tmp_path: Path, broken_off: Reply
) -> None:
    model_server.otherwise = lambda request: broken_off if is_long(request) else replies(request)
    done = run(model_server.url, tmp_path, "--json")
    context = checks(done)["context"]
    note = r"the service broke off the reply to a prompt of about 79\d\d tokens; it may have less context"
    assert re.fullmatch(note, context["note"])
    assert (context["ok"], context["setting"]) == (False, "OPENAI_CONTEXT_TOKENS")
    assert done.returncode == 1


def test_a_service_with_less_context_is_told_with_the_setting_that_fits(
    model_server: ModelServer, tmp_path: Path
) -> None:
    too_long = Fail(400, body='{"error": {"message": "the prompt is longer than the context length"}}')

    def reply(request: Received) -> Reply:
        tokens = len(request.messages[-1]["content"]) // 4 + request.body.get("max_tokens", 0)
        return too_long if tokens > 4096 else replies(request)

    model_server.otherwise = reply
    done = run(model_server.url, tmp_path, "--json")
    found = checks(done)
    note = r"a prompt of about 79\d\d tokens exceeds the context of the model, and about 2[45]\d\d are accepted"
    assert re.match(note, found["context"]["note"])
    setting = re.fullmatch(r"OPENAI_CONTEXT_TOKENS=(\d+)", found["context"]["setting"])
    assert setting
    assert 3400 <= int(setting[1]) <= 4096
    assert found["request"]["note"] == "nothing had to be adapted"
    # Questions are answered all the same, from fewer passages.
    assert (found["context"]["ok"], done.returncode) == (False, 0)


def test_no_cache_of_a_server_has_the_beginning_of_the_long_prompt(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    for _ in range(2):
        run(model_server.url, tmp_path, "--json")
    first, second = (request.messages[-1]["content"][:60] for request in model_server.chats if is_long(request))
    assert first != second


def test_the_long_prompt_has_hardly_any_digits_of_which_some_tokenizers_make_a_token_each(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.otherwise = replies
    run(model_server.url, tmp_path, "--json")
    (text,) = (request.messages[-1]["content"] for request in model_server.chats if is_long(request))
    assert sum(map(str.isdigit, text)) < 50
    assert len(set(text.splitlines())) > 400


def test_a_routing_that_is_given_up_does_not_slow_the_long_prompt(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    run(model_server.url, tmp_path, "--json")
    *_, context, routing = model_server.chats
    assert is_long(context)
    assert "response_format" in routing.body
