"""The traces of a running service with a model, as a collector receives them."""

import time
from threading import Semaphore
from typing import Any

import httpx
import psycopg

from tests.collector import Collector
from tests.events import events
from tests.http.conftest import coach_broken
from tests.live import Service
from tests.tools.model_server import ROUTED, Fail, ModelServer, Say, talkative
from tests.tracing.calling import Caller, ask, request_span
from tests.tracing.conftest import QUESTION


def test_a_request_has_a_span_named_by_the_template_of_its_route(client: httpx.Client, collector: Collector) -> None:
    caller = Caller()
    conversation = client.post("/api/conversations", json={}).json()["id"]
    client.get(f"/api/conversations/{conversation}", headers=caller.headers)
    span = request_span(collector, caller)
    assert span.name == "GET /api/conversations/{conversation_id}"
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/api/conversations/{conversation_id}",
        "http.response.status_code": 200,
    }
    assert not span.failed
    assert span.parent == caller.span_id
    assert span.schema == "https://opentelemetry.io/schemas/1.41.1"
    assert collector.paths == {"/v1/traces"}


def test_a_trace_names_the_service_and_its_version(client: httpx.Client, collector: Collector) -> None:
    caller = Caller()
    version = client.get("/", headers=caller.headers).json()["version"]
    named = request_span(collector, caller).service
    assert (named["service.name"], named["service.version"]) == ("plccoach-api", version)
    assert named["deployment.environment.name"] == "development"
    assert sorted(named) == [
        "deployment.environment.name",
        "service.instance.id",
        "service.name",
        "service.version",
        "telemetry.sdk.language",
        "telemetry.sdk.name",
        "telemetry.sdk.version",
    ]


def test_a_statement_has_a_span_named_by_its_file(client: httpx.Client, collector: Collector) -> None:
    caller = Caller()
    client.get("/auth/me", headers=caller.headers)
    request = request_span(collector, caller)
    [statement] = collector.wait_for(lambda each: each.trace_id == caller.trace_id and each.name == "sessions/get")
    assert (statement.kind, statement.parent) == ("CLIENT", request.id)
    assert statement.attributes == {"db.system.name": "postgresql"}
    assert request.started <= statement.started <= statement.ended <= request.ended


def test_the_request_its_statements_and_the_calls_of_the_model_are_one_trace(
    client: httpx.Client, collector: Collector
) -> None:
    # A question that was routed is routed from memory the second time.
    caller = Caller()
    response = client.post("/api/coach/query", json={"query": f"{QUESTION} {caller.span_id}"}, headers=caller.headers)
    assert response.json()["kind"] == "answer"
    request = request_span(collector, caller)
    collector.wait_for(lambda each: each.trace_id == caller.trace_id and each.name == "chat gpt-4o", count=2)
    spans = collector.wait_for_trace(caller.trace_id, "answers/create", "chunks/search", "answers/finish")
    assert {each.parent for each in spans if each is not request} == {request.id}
    calls = {each.attributes["gen_ai.output.type"]: each for each in spans if each.name == "chat gpt-4o"}
    assert calls.keys() == {"json", "text"}
    answer = dict(calls["text"].attributes)
    assert answer.pop("gen_ai.response.time_to_first_chunk") > 0
    assert answer == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.output.type": "text",
        "gen_ai.usage.input_tokens": 1200,
        "gen_ai.usage.output_tokens": 300,
    }
    assert calls["text"].kind == "CLIENT"
    assert not calls["text"].failed


def test_the_span_of_a_stream_lasts_until_its_end(
    client: httpx.Client, collector: Collector, model: ModelServer
) -> None:
    next_delta = Semaphore(0)
    answer = Say(["Teams [1]. "] * 3, next_delta=next_delta)
    model.otherwise = lambda request: answer if request.body.get("stream") else Say([ROUTED])
    caller = Caller()
    conversation = client.post("/api/conversations", json={}).json()["id"]
    path = f"/api/conversations/{conversation}/messages/stream"
    with client.stream("POST", path, json={"content": QUESTION}, headers=caller.headers) as response:
        received = events(response)
        next(received)
        first_at = time.time_ns()
        next_delta.release(3)
        assert [event.name for event in received][-1] == "message_complete"
    stream = request_span(collector, caller)
    assert stream.started < first_at < stream.ended
    assert stream.attributes["http.response.status_code"] == 200
    collector.wait_for_trace(caller.trace_id, "chat gpt-4o", "answers/finish")


def test_an_answer_whose_reader_left_stays_in_the_trace_of_its_request(
    client: httpx.Client, collector: Collector, model: ModelServer
) -> None:
    next_delta = Semaphore(0)
    answer = Say(["Teams [1]. "] * 3, next_delta=next_delta)
    model.otherwise = lambda request: answer if request.body.get("stream") else Say([ROUTED])
    caller = Caller()
    conversation = client.post("/api/conversations", json={}).json()["id"]
    path = f"/api/conversations/{conversation}/messages/stream"
    with client.stream("POST", path, json={"content": QUESTION}, headers=caller.headers) as response:
        next(events(response))
    request = request_span(collector, caller)
    next_delta.release(3)
    for each in collector.wait_for_trace(caller.trace_id, "chat gpt-4o", "answers/finish"):
        assert each is request or each.parent == request.id


def test_the_checkpoints_of_all_answers_are_in_no_trace(
    client: httpx.Client, collector: Collector, model: ModelServer
) -> None:
    # It lasts several times as long as the time between two checkpoints.
    model.otherwise = talkative(20, 0.1)
    caller = Caller()
    conversation = client.post("/api/conversations", json={}).json()["id"]
    path = f"/api/conversations/{conversation}/messages"
    assert client.post(path, json={"content": QUESTION}, headers=caller.headers).json()["status"] == "complete"
    collector.wait_for_trace(caller.trace_id, "answers/finish")
    request_span(collector, caller)
    assert collector.found(lambda each: each.name == "answers/checkpoint") == []


def test_a_failure_of_the_model_is_an_error_of_its_span(
    client: httpx.Client, collector: Collector, model: ModelServer
) -> None:
    model.otherwise = lambda request: Fail(401) if request.body.get("stream") else Say([ROUTED])
    caller = Caller()
    assert ask(client, caller.headers).status_code == 503
    request = request_span(collector, caller)
    assert (request.failed, request.attributes["error.type"]) == (True, "503")
    [call] = collector.wait_for(
        lambda each: each.trace_id == caller.trace_id and each.attributes.get("gen_ai.output.type") == "text"
    )
    assert (call.failed, call.attributes["error.type"]) == (True, "status_401")
    assert b"UPSTREAM" not in call.bytes


def test_a_failed_statement_is_told_by_its_code(client: httpx.Client, service: Service, collector: Collector) -> None:
    caller = Caller()
    with coach_broken(service.environment["DATABASE_URL"]):
        assert ask(client, caller.headers).status_code == 500
    request = request_span(collector, caller)
    assert (request.failed, request.attributes["error.type"]) == (True, "500")
    [failed] = collector.wait_for(
        lambda each: each.trace_id == caller.trace_id and each.kind == "CLIENT" and each.failed
    )
    assert failed.attributes == {
        "db.system.name": "postgresql",
        "db.response.status_code": "42P01",
        "error.type": "42P01",
    }


def test_a_refused_request_is_no_error(client: httpx.Client, collector: Collector) -> None:
    caller = Caller()
    client.post("/api/conversations", json={"title": ""}, headers=caller.headers)
    request = request_span(collector, caller)
    assert (request.attributes["http.response.status_code"], request.failed) == (400, False)
    assert "error.type" not in request.attributes


def test_a_request_that_finds_no_route_and_an_invented_method_have_names_of_few_words(
    client: httpx.Client, collector: Collector
) -> None:
    lost, brewing = Caller(), Caller()
    client.get("/no/such/path", headers=lost.headers)
    client.request("BREW", "/auth/me", headers=brewing.headers)
    assert request_span(collector, lost).name == "GET"
    assert request_span(collector, lost).attributes == {
        "http.request.method": "GET",
        "http.response.status_code": 404,
    }
    assert request_span(collector, brewing).name.startswith("HTTP")
    assert request_span(collector, brewing).attributes["http.request.method"] == "_OTHER"
    assert b"BREW" not in request_span(collector, brewing).bytes


def test_what_no_request_asked_for_has_no_spans(client: httpx.Client, collector: Collector) -> None:
    caller = Caller()
    client.get("/ready", headers=caller.headers)
    request_span(collector, caller)
    # The service has started by now, and looked for abandoned answers.
    assert {each.kind for each in collector.spans if not each.parent} == {"SERVER"}
    assert collector.found(lambda each: each.name == "answers/end_abandoned") == []


def private_texts(client: httpx.Client, service: Service) -> dict[str, Any]:
    """Uses the service as people do, and returns what no span may hold."""
    person = client.get("/auth/me").json()
    conversation = client.post("/api/conversations", json={"title": "Attendance at Northside"}).json()["id"]
    asked = client.post(f"/api/conversations/{conversation}/messages", json={"content": QUESTION}).json()
    token = client.post(f"/api/conversations/{conversation}/share", json={"expires_in_days": 7}).json()["token"]
    client.get(f"/api/shared/{token}")
    client.get(f"/shared/{token}")
    client.get(f"/api/conversations/{conversation}")
    client.get("/api/conversations", params={"search": "Northside"})
    client.post("/api/coach/query", json={"query": QUESTION})
    with psycopg.connect(service.environment["DATABASE_URL"]) as connection:
        [passage] = connection.execute("SELECT content FROM chunks LIMIT 1").fetchone() or ()
    return {
        "email": person["email"],
        "person": person["id"],
        "title": "Northside",
        "question": QUESTION,
        "answer": "Teams",
        "conversation": conversation,
        "message": asked["id"],
        "token": token,
        "passage": passage[:40],
        "session": client.cookies["plc_session"],
        "statement": "SELECT",
        "address": "127.0.0.1",
    }


def test_no_span_holds_a_text_a_person_or_a_path(client: httpx.Client, service: Service, collector: Collector) -> None:
    private = private_texts(client, service)
    caller = Caller()
    client.get(f"/api/shared/{private['token']}", headers=caller.headers)
    assert request_span(collector, caller).name == "GET /api/shared/{token}"
    collector.wait_for(lambda each: each.name == "POST /api/conversations/{conversation_id}/messages")
    for what, text in private.items():
        holding = [each.name for each in collector.spans if text.encode() in each.bytes]
        assert holding == [], what
