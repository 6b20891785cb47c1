"""The metrics of a running service with a model, as Prometheus reads them."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Semaphore

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests import live
from tests.conftest import GENEROUS, database_like
from tests.events import events
from tests.live import Service, free_port, wait_until
from tests.scrape import Scrape, scrape
from tests.tools.model_server import ROUTED, Fail, ModelServer, Say, counted_replies, serving

QUESTION = "What are the four critical questions of a PLC?"
TOKEN = "T0kenOfASharedLinkThatNobodyMaySee_0123456789a"
REQUESTS = "http_server_request_duration_seconds_count"
STREAMS = "http_server_stream_duration_seconds_count"
OTHERS_END = """\
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
MODEL_CALLS = "gen_ai_client_operation_duration_seconds_count"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with serving() as model:
        yield model


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, model: ModelServer, postgres: str, template: str
) -> Iterator[Service]:
    with (
        database_like(postgres, template) as database_url,
        live.serving(
            tmp_path_factory.mktemp("service"),
            DATABASE_URL=database_url,
            METRICS_PORT=str(free_port()),
            DB_POOL_SIZE="7",
            ANSWERER="openai",
            OPENAI_BASE_URL=model.url,
            **GENEROUS,
        ) as service,
    ):
        service.wait_for()
        yield service


@pytest.fixture
def client(service: Service, model: ModelServer) -> Iterator[httpx.Client]:
    model.otherwise = counted_replies
    with service.client() as client:
        client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
        yield client


def read(service: Service) -> Scrape:
    return scrape(int(service.environment["METRICS_PORT"]))


def wait_for(service: Service, condition: Callable[[Scrape], bool], what: str) -> Scrape:
    """A request is counted just after its response, so that no response waits for it."""
    seen: list[Scrape] = []

    def holds() -> bool:
        seen.append(read(service))
        return condition(seen[-1])

    wait_until(holds, what, seconds=20)
    return seen[-1]


def ask(client: httpx.Client) -> httpx.Response:
    return client.post("/api/coach/query", json={"query": QUESTION})


@contextmanager
def read_only(database_url: str) -> Iterator[None]:
    """Lets every new connection be read-only, and replaces all connections before and after that."""
    name = sql.Identifier(str(conninfo_to_dict(database_url)["dbname"]))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
        connection.execute(OTHERS_END)
        try:
            yield
        finally:
            connection.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name))
            connection.execute(OTHERS_END)


def test_a_request_is_measured_by_the_template_of_its_route(service: Service, client: httpx.Client) -> None:
    labels = {"http_request_method": "GET", "http_route": "/auth/me", "http_response_status_code": "200"}
    before = read(service).value(REQUESTS, **labels)
    client.get("/auth/me")
    after = wait_for(service, lambda now: now.value(REQUESTS, **labels) == before + 1, "the request is counted")
    assert after.value("http_server_request_duration_seconds_sum", **labels) > 0


def test_a_request_that_finds_no_route_has_the_label_unmatched(service: Service, client: httpx.Client) -> None:
    labels = {"http_route": "unmatched", "http_response_status_code": "404"}
    before = read(service).value(REQUESTS, **labels)
    client.get("/no/such/path")
    wait_for(service, lambda now: now.value(REQUESTS, **labels) == before + 1, "the request is counted")


def test_an_invented_method_makes_no_new_label(service: Service, client: httpx.Client) -> None:
    client.request("BREW", "/auth/me")
    methods = wait_for(service, lambda now: now.value(REQUESTS, http_request_method="_OTHER") > 0, "it is counted")
    assert "BREW" not in methods.label_values(REQUESTS, "http_request_method")


def test_no_metric_shows_a_path_or_a_person(service: Service, client: httpx.Client) -> None:
    person = client.get("/auth/me").json()
    conversation = client.post("/api/conversations", json={}).json()["id"]
    client.get(f"/api/shared/{TOKEN}")
    client.get(f"/shared/{TOKEN}")
    client.get(f"/api/conversations/{conversation}")
    shared = {"http_route": "/api/shared/{token}"}
    text = wait_for(service, lambda now: now.value(REQUESTS, **shared) > 0, "the shared link is counted").text
    for private in (TOKEN, person["id"], person["email"], person["name"], conversation, "SQL", "127.0.0.1"):
        assert private not in text


def test_a_stream_is_measured_apart_and_is_open_while_it_is_written(
    service: Service, client: httpx.Client, model: ModelServer
) -> None:
    next_delta = Semaphore(0)
    answer = Say(["Teams [1]. "] * 3, next_delta=next_delta)
    model.otherwise = lambda request: answer if request.body.get("stream") else Say([ROUTED])
    route = {"http_route": "/api/conversations/{conversation_id}/messages/stream", "http_response_status_code": "200"}
    before = read(service)
    conversation = client.post("/api/conversations", json={}).json()["id"]
    path = f"/api/conversations/{conversation}/messages/stream"
    with client.stream("POST", path, json={"content": QUESTION}) as response:
        received = events(response)
        next(received)
        wait_for(service, lambda now: now.value("plccoach_open_streams") == 1, "one stream is open")
        next_delta.release(3)
        assert [event.name for event in received][-1] == "message_complete"
    after = wait_for(service, lambda now: now.value(STREAMS, **route) == before.value(STREAMS, **route) + 1, "it ended")
    assert after.value("plccoach_open_streams") == 0
    assert after.value(REQUESTS, **route) == before.value(REQUESTS, **route)


def test_an_answer_is_counted_by_its_kind_and_its_answerer(service: Service, client: httpx.Client) -> None:
    def answers(now: Scrape, kind: str) -> float:
        return now.value("plccoach_answers_total", kind=kind, answerer="openai")

    before = read(service)
    assert ask(client).json()["kind"] == "answer"
    assert client.post("/api/coach/query", json={"query": "Hello!"}).json()["kind"] == "clarification"
    after = read(service)
    assert answers(after, "answer") - answers(before, "answer") == 1
    assert answers(after, "clarification") - answers(before, "clarification") == 1


def test_an_answer_to_a_program_is_counted_like_any_other(service: Service, client: httpx.Client) -> None:
    token = client.post("/auth/tokens", json={"name": "a script"}).json()["token"]
    request = {"model": "plc-coach", "messages": [{"role": "user", "content": QUESTION}]}
    before = read(service)
    with service.client(headers={"Authorization": f"Bearer {token}"}) as program:
        assert program.post("/v1/chat/completions", json=request).status_code == 200
    after = read(service)
    labels = {"kind": "answer", "answerer": "openai"}
    assert after.value("plccoach_answers_total", **labels) - before.value("plccoach_answers_total", **labels) == 1


def test_the_model_is_measured_with_its_first_chunk_its_tokens_and_its_cost(
    service: Service, client: httpx.Client
) -> None:
    labels = {"gen_ai_operation_name": "chat", "gen_ai_output_type": "text", "gen_ai_request_model": "gpt-4o"}
    # A question that was routed is routed from memory the second time.
    ask(client)
    before = read(service)
    cost = ask(client).json()["cost_usd"]
    after = read(service)

    def growth(name: str, **labels: str) -> float:
        return after.value(name, **labels) - before.value(name, **labels)

    assert growth(MODEL_CALLS, **labels, error_type="") == 1
    assert growth("gen_ai_client_operation_time_to_first_chunk_seconds_count", **labels) == 1
    assert growth("plccoach_model_tokens_total", type="input") == 1200
    assert growth("plccoach_model_tokens_total", type="output") == 300
    assert growth("plccoach_model_cost_dollars_total") == pytest.approx(float(cost), abs=1e-6)


def test_a_failure_of_the_model_is_counted_by_its_reason(
    service: Service, client: httpx.Client, model: ModelServer
) -> None:
    model.otherwise = lambda request: Fail(401) if request.body.get("stream") else Say([ROUTED])
    before = read(service)
    assert ask(client).status_code == 503
    after = read(service)
    failure = {"operation": "answer", "reason": "status_401"}
    name = "plccoach_model_failures_total"
    assert after.value(name, **failure) == before.value(name, **failure) + 1
    assert after.value(MODEL_CALLS, error_type="status_401") == before.value(MODEL_CALLS, error_type="status_401") + 1
    unfinished = "plccoach_unfinished_answers_total"
    assert after.value(unfinished, status="failed") == before.value(unfinished, status="failed") + 1
    assert after.value("plccoach_open_circuit_breakers") == 0


def test_the_pool_is_measured(service: Service) -> None:
    now = wait_for(service, lambda now: now.value("plccoach_pool_connections_max") == 7, "the pool is measured")
    assert now.label_values("plccoach_pool_connections", "state") == {"idle", "used"}
    assert 1 <= now.value("plccoach_pool_connections") <= 7


def test_a_request_that_gave_up_waiting_for_a_connection_waits_no_more(start: Callable[..., Service]) -> None:
    nowhere = f"postgresql://postgres@127.0.0.1:{free_port()}/postgres"
    service = start(DATABASE_URL=nowhere, METRICS_PORT=str(free_port()), DB_POOL_TIMEOUT="0.1", **GENEROUS)
    service.wait_for("/health", seconds=60)
    with service.client() as client:
        for _ in range(5):
            assert client.get("/auth/dev/login").status_code == 503
    wait_for(
        service,
        lambda now: now.value("plccoach_pool_timeouts_total") >= 5 and now.value("plccoach_pool_waiting_requests") == 0,
        "nobody waits",
    )


def test_a_database_that_takes_no_writes_is_counted(service: Service, client: httpx.Client) -> None:
    failure = {"failure": "read_only"}
    before = read(service).value("plccoach_database_failures_total", **failure)
    with read_only(service.environment["DATABASE_URL"]):
        assert client.post("/api/conversations", json={}).status_code == 503
    assert read(service).value("plccoach_database_failures_total", **failure) > before
    assert client.post("/api/conversations", json={}).status_code == 201


@pytest.mark.parametrize("job", ["preparation", "maintenance", "maintenance_check", "rescue"])
def test_the_last_success_of_each_job_is_told(service: Service, job: str) -> None:
    def age(now: Scrape) -> float:
        return time.time() - now.value("plccoach_job_last_success_timestamp_seconds", job=job)

    wait_for(service, lambda now: -1 < age(now) < 600, f"{job} has succeeded")


def test_the_version_and_the_workers_are_told(service: Service, client: httpx.Client) -> None:
    now = read(service)
    assert now.label_values("plccoach_build_info", "version") == {client.get("/").json()["version"]}
    assert now.value("plccoach_workers") == 1
    assert now.value("plccoach_workers_ended_total") == 0


def test_only_metrics_are_served_on_the_port(service: Service) -> None:
    url = f"http://127.0.0.1:{service.environment['METRICS_PORT']}"
    assert httpx.get(f"{url}/health").status_code == 404
    assert httpx.post(f"{url}/metrics").status_code == 501
    assert httpx.get(f"{service.url}/metrics").status_code == 404


@pytest.mark.slow
def test_connections_that_send_nothing_keep_nobody_from_the_metrics_for_long(service: Service) -> None:
    port = int(service.environment["METRICS_PORT"])
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))

        def is_answered() -> bool:
            with suppress(httpx.TransportError):
                return read(service).value("plccoach_workers") == 1
            return False

        wait_until(is_answered, "the metrics can be read", seconds=20)
