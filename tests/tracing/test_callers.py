"""The trace of a request and those of its caller, of the model's server and of the log."""

import secrets

import httpx
import pytest

from tests.collector import Collector
from tests.live import Service
from tests.tools.model_server import ModelServer
from tests.tracing.calling import Caller, ask, lines_of, request_span
from tests.tracing.conftest import QUESTION


def test_the_model_server_is_told_the_span_of_its_call(
    client: httpx.Client, collector: Collector, model: ModelServer
) -> None:
    caller = Caller()
    ask(client, caller.headers | {"tracestate": "school=a-value"})
    [call] = collector.wait_for(
        lambda each: each.trace_id == caller.trace_id and each.attributes.get("gen_ai.output.type") == "text"
    )
    sent = model.chats[-1].headers
    assert sent["traceparent"] == f"00-{caller.trace_id}-{call.id}-01"
    assert sent["tracestate"] == call.state == "school=a-value"


def test_a_caller_that_is_not_sampled_gets_no_spans_and_its_trace_goes_on(
    client: httpx.Client, collector: Collector, model: ModelServer
) -> None:
    unsampled, sampled = Caller(sampled=False), Caller()
    assert ask(client, unsampled.headers).status_code == 200
    sent = model.chats[-1].headers["traceparent"]
    assert sent.startswith(f"00-{unsampled.trace_id}-")
    assert sent.endswith("-00")
    client.get("/health", headers=sampled.headers)
    # Spans arrive in the order of their ends.
    request_span(collector, sampled)
    assert collector.found(lambda each: each.trace_id == unsampled.trace_id) == []


def test_a_tool_of_an_assistant_is_in_the_trace_of_its_request_whatever_its_body_says(
    service: Service, collector: Collector
) -> None:
    caller, other = Caller(), Caller()
    call = {"name": "search", "arguments": {"query": QUESTION}, "_meta": other.headers}
    headers = {
        "Authorization": f"Bearer {service.token_of('ada@example.org')}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    with service.client(headers=headers) as assistant:
        assert assistant.post("/mcp", json=body, headers=caller.headers).status_code == 200
    request = request_span(collector, caller)
    assert request.name == "POST /mcp"
    for each in collector.wait_for_trace(caller.trace_id, "chunks/search"):
        assert each is request or each.parent == request.id
    assert collector.found(lambda each: each.trace_id == other.trace_id) == []


UNUSUAL: dict[str, list[tuple[bytes, bytes]]] = {
    "empty": [(b"traceparent", b"")],
    "garbage": [(b"traceparent", b"\xff\xfe ; DROP TABLE users")],
    "very long": [(b"traceparent", b"00-" + b"a" * 15_000)],
    "valid and then very long": [(b"traceparent", b"cc-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01-" + b"c" * 15_000)],
    "of nothing": [(b"traceparent", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01")],
    "upper case": [(b"traceparent", b"00-" + b"A" * 32 + b"-" + b"B" * 16 + b"-01")],
    "a forbidden version": [(b"traceparent", b"ff-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01")],
    "twice": [(b"traceparent", b"00-" + each * 32 + b"-" + each * 16 + b"-01") for each in (b"a", b"b")],
    "a state without a parent": [(b"tracestate", b"school=value")],
}


@pytest.mark.parametrize("unusual", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_headers_begin_a_new_trace_and_harm_nobody(
    client: httpx.Client, service: Service, collector: Collector, unusual: list[tuple[bytes, bytes]]
) -> None:
    request_id = secrets.token_hex(8)
    sent = [*client.headers.raw, *unusual, (b"x-request-id", request_id.encode())]
    assert client.get("/auth/me", headers=httpx.Headers(sent)).status_code == 200
    [line] = lines_of(service, "request_id", request_id, count=1)
    [span] = collector.wait_for(lambda each: each.trace_id == line["trace_id"] and each.kind == "SERVER")
    assert span.parent == ""
    assert span.trace_id not in {"a" * 32, "b" * 32}


@pytest.mark.parametrize(
    "state", [b"no equals sign", b"a=" + b"b" * 600, b"a=1,a=2", b"\xff=\xfe", b"a=1,,b=2", b",".join([b"k=v"] * 100)]
)
def test_an_unusual_state_keeps_the_parent(client: httpx.Client, collector: Collector, state: bytes) -> None:
    caller = Caller()
    sent = [*client.headers.raw, (b"traceparent", caller.headers["traceparent"].encode()), (b"tracestate", state)]
    assert client.get("/auth/me", headers=httpx.Headers(sent)).status_code == 200
    assert request_span(collector, caller).parent == caller.span_id


def test_the_log_lines_of_a_request_have_the_id_of_its_trace(
    client: httpx.Client, service: Service, collector: Collector
) -> None:
    caller = Caller()
    client.post("/auth/logout", headers=caller.headers)
    request_span(collector, caller)
    lines = lines_of(service, "trace_id", caller.trace_id, count=2)
    assert [line["event"] for line in lines] == ["signed out", "request"]
    assert not any(line["logger"].startswith("opentelemetry") for line in service.log())
