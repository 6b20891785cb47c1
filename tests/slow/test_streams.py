"""Streams of two replicas and a slow model, all real processes, while clients disconnect and replicas stop."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice

import httpx
import psutil
import psycopg
import pytest

from tests.events import Comment, Event, events, messages
from tests.live import Service, wait_until
from tests.tools.model_server import ROUTED, Hang, ModelServer, Say, talkative, words

QUESTION = "What are the four critical questions of a PLC?"
DELTAS = 100
COMPLETE = "".join(words(DELTAS)).strip()


@pytest.fixture
def replicas(start: Callable[..., Service], database_url: str, model_server: ModelServer) -> tuple[Service, Service]:
    settings = {
        "DATABASE_URL": database_url,
        "ANSWERER": "openai",
        "OPENAI_BASE_URL": model_server.url,
        "OPENAI_API_KEY": "a key",
        # Replicas have one public address, and the addresses of passages begin with it.
        "PUBLIC_URL": "http://localhost:8000",
    }
    first, second = start(**settings), start(**settings)
    first.wait_for(seconds=60)
    second.wait_for(seconds=60)
    return first, second


@contextmanager
def signed_in(service: Service) -> Iterator[httpx.Client]:
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
        yield client


@contextmanager
def asked(client: httpx.Client, seconds: float = 10) -> Iterator[httpx.Response]:
    """The stream of an answer in a new conversation."""
    conversation = client.post("/api/conversations", json={}).json()["id"]
    path = f"/api/conversations/{conversation}/messages/stream"
    with client.stream("POST", path, json={"content": QUESTION}, timeout=seconds) as response:
        yield response


def text_of(seen: list[Event]) -> str:
    return "".join(data["delta"] for name, _, data in seen if name == "content_delta")


def status_of(database_url: str) -> tuple[str, str, int]:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT status, content, jsonb_array_length(citations) FROM messages WHERE role = 'assistant'"
        ).fetchone()
    assert row
    return row


def becomes(database_url: str, status: str, seconds: float) -> tuple[str, int]:
    wait_until(lambda: status_of(database_url)[0] == status, f"the answer is {status}", seconds=seconds)
    return status_of(database_url)[1:]


def test_an_answer_continues_when_its_client_disconnects_and_is_followed_on_another_replica(
    replicas: tuple[Service, Service], model_server: ModelServer, database_url: str
) -> None:
    model_server.otherwise = talkative(DELTAS, 0.03)
    first, second = replicas
    with signed_in(first) as here, signed_in(second) as there:
        seen: list[Event] = []
        with asked(here) as response:
            seen += islice(events(response), 6)
        message = seen[0][2]["message_id"]
        last = {"Last-Event-ID": str(seen[-1][1])}
        with there.stream("GET", f"/api/messages/{message}/stream", headers=last) as response:
            seen += events(response)
        assert [name for name, *_ in seen].count("content_delta") > 6
        assert (text_of(seen), len([name for name, *_ in seen if name == "citation"])) == (COMPLETE, 1)
        assert seen[-1][0] == "message_complete"
        assert seen[-1][2]["message"] == there.get(f"/api/messages/{message}").json()
    assert status_of(database_url)[0] == "complete"


def test_an_answer_is_stopped_from_another_replica(
    replicas: tuple[Service, Service], model_server: ModelServer
) -> None:
    model_server.otherwise = talkative(DELTAS, 0.1)
    first, second = replicas
    with signed_in(first) as here, signed_in(second) as there:
        seen: list[Event] = []
        with asked(here) as response:
            reader = events(response)
            seen += islice(reader, 8)
            stopped = there.post(f"/api/messages/{seen[0][2]['message_id']}/stop")
            seen += reader
        assert (stopped.status_code, stopped.json()["status"]) == (200, "stopped")
        assert (seen[-1][0], seen[-1][2]["message"]) == ("message_complete", stopped.json())
        assert stopped.json()["content"] == text_of(seen)
        assert 0 < len(text_of(seen)) < len(COMPLETE) / 2
        assert len(stopped.json()["citations"]) == 1
    model_server.wait_until(lambda server: server.abandoned == 1)


def test_the_answer_of_a_killed_replica_is_failed_with_its_partial_text_within_a_minute(
    replicas: tuple[Service, Service], model_server: ModelServer, database_url: str
) -> None:
    model_server.otherwise = talkative(DELTAS, 0.1)
    first, second = replicas
    with signed_in(first) as here, signed_in(second) as there:
        with asked(here) as response:
            reader = events(response)
            message = next(reader)[2]["message_id"]
            seen = list(islice(reader, 15))
            for process in [*psutil.Process(first.process.pid).children(recursive=True), first.process]:
                process.kill()
            with pytest.raises(httpx.TransportError):
                seen += reader
        assert seen[-1][0] == "content_delta"
        with there.stream("GET", f"/api/messages/{message}/stream", timeout=60) as response:
            *_, (name, _, data) = events(response)
        assert (name, data["problem"]["status"]) == ("error", 503)
        content, citations = becomes(database_url, "failed", 1)
        assert content.startswith("Teams [1].")
        assert citations == 1
        failed = there.get(f"/api/messages/{message}").json()
        again = f"/api/conversations/{failed['conversation_id']}/messages"
        assert there.post(again, json={"content": QUESTION}, timeout=60).status_code == 201


def test_sigterm_ends_open_streams_with_an_error_and_stores_the_partial_answer(
    replicas: tuple[Service, Service], model_server: ModelServer, database_url: str
) -> None:
    model_server.otherwise = talkative(DELTAS, 0.2)
    first, _ = replicas
    with signed_in(first) as here, ThreadPoolExecutor(1) as pool:
        seen: list[Event] = []
        with asked(here) as response:
            reader = events(response)
            seen += islice(reader, 8)
            began = time.monotonic()
            stopping = pool.submit(first.stop)
            seen += reader
        assert time.monotonic() - began < 3
        assert (seen[-1][0], seen[-1][2]["problem"]["status"]) == ("error", 503)
        assert stopping.result() == 0
        assert time.monotonic() - began < 5
    assert status_of(database_url) == ("failed", text_of(seen), 1)


def test_a_replica_that_stops_sends_an_error_to_the_readers_of_another_replicas_answer(
    replicas: tuple[Service, Service], model_server: ModelServer, database_url: str
) -> None:
    model_server.otherwise = talkative(DELTAS, 0.05)
    first, second = replicas
    with signed_in(first) as here, signed_in(second) as there, ThreadPoolExecutor(1) as pool:
        with asked(here) as response:
            message = next(events(response))[2]["message_id"]
        with there.stream("GET", f"/api/messages/{message}/stream") as response:
            reader = events(response)
            list(islice(reader, 3))
            stopping = pool.submit(second.stop)
            *_, last = reader
        assert (last[0], last[2]["problem"]["status"]) == ("error", 503)
        assert stopping.result() == 0
    assert becomes(database_url, "complete", seconds=10) == (COMPLETE, 1)


def test_an_answer_of_a_silent_model_can_be_stopped_and_its_connection_is_kept_open(
    replicas: tuple[Service, Service], model_server: ModelServer, database_url: str
) -> None:
    model_server.otherwise = lambda request: Hang() if request.body.get("stream") else Say([ROUTED])
    first, second = replicas
    with signed_in(first) as here, signed_in(second) as there, asked(here, seconds=30) as response:
        reader = messages(response)
        start = next(reader)
        assert isinstance(start, Event)
        began = time.monotonic()
        assert next(reader) == Comment("still here")
        assert 14 < time.monotonic() - began < 18
        assert there.post(f"/api/messages/{start.data['message_id']}/stop").json()["status"] == "stopped"
        assert "message_complete" in [message.name for message in reader if isinstance(message, Event)]
    assert status_of(database_url) == ("stopped", "", 0)
