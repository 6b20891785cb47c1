"""`plccoach-api model check`, as a process, against a service on which all works; tests/slow has the faults."""

from pathlib import Path

from tests.commands.model_check import checks, replies, run
from tests.tools import front_end_model
from tests.tools.model_server import ModelServer


def test_a_service_on_which_all_works_passes_every_check(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    done = run(model_server.url, tmp_path, "--json", EMBEDDINGS="openai")
    found = checks(done)
    assert list(found) == [
        *("connection", "request", "usage", "thoughts", "speed", "answer", "routing", "context"),
        *("embeddings", "passages", "prefixes"),
    ]
    assert all(each["ok"] for each in found.values()), found
    assert done.returncode == 0
    assert "it streams" in found["connection"]["note"]
    assert "nothing had to be adapted" in found["request"]["note"]


def test_a_model_whose_vectors_are_too_long_is_told(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    model_server.dimensions = 4097
    found = checks(run(model_server.url, tmp_path, "--json", EMBEDDINGS="openai"))["embeddings"]
    assert (found["ok"], found["note"]) == (False, "vectors of 4097 numbers: 4096 at most")
    assert found["setting"] == "OPENAI_EMBEDDING_MODEL"


def test_the_model_of_just_model_passes_every_check(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = lambda request: front_end_model.reply_to(request, 0)
    done = run(model_server.url, tmp_path, "--json")
    found = checks(done)
    assert all(each["ok"] for each in found.values()), found
    assert done.returncode == 0


def test_a_model_that_works_and_is_not_used_is_told(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.otherwise = replies
    done = run(model_server.url, tmp_path, "--json", ANSWERER="extractive")
    found = checks(done)["answerer"]
    assert (found["ok"], found["setting"]) == (False, "ANSWERER=openai")
    assert found["note"] == "questions are answered without the model, because ANSWERER is extractive"
    assert done.returncode == 0
