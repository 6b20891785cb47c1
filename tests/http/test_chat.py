"""OpenAI's protocol: programs that can talk to any model ask the coach, and read answers with citations."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

import httpx
import psycopg
import pytest

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.coach.coach import Coach
from tests.conftest import GENEROUS
from tests.http.asking import QUESTION, begin, post, read
from tests.http.conftest import SignIn, client_of, coach_broken, replica
from tests.http.tokens import bearer, create
from tests.rules.questions.test_chat_tasks import FOLLOW_UPS, LIBRECHAT, RETRIEVAL, TITLE
from tests.tools.model_server import Hang, ModelServer
from tests.waiting import until

Client = httpx.AsyncClient
COMPLETIONS = "/v1/chat/completions"
EXAMPLE = "Can you give an example?"


@pytest.fixture
async def script(client: Client, erin: Client) -> Client:
    """A program of Erin's."""
    client.headers.update(bearer(await create(erin)))
    return client


def said(*texts: str) -> list[dict[str, Any]]:
    """Returns messages of the user and of the assistant in turn; the first is the user's."""
    return [{"role": ("user", "assistant")[index % 2], "content": text} for index, text in enumerate(texts)]


async def ask(client: Client, *texts: str, **fields: Any) -> httpx.Response:
    return await client.post(
        COMPLETIONS, json={"model": "plc-coach", "messages": said(*texts or (QUESTION,)), **fields}
    )


def chunks_of(response: httpx.Response) -> list[dict[str, Any]]:
    """Returns the chunks of a stream, which must have ended with [DONE]."""
    assert response.headers["Content-Type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def error_of(response: httpx.Response) -> tuple[int, str, str, str | None]:
    assert response.headers["Content-Type"] == "application/json"
    [(name, error)] = response.json().items()
    assert (name, list(error)) == ("error", ["message", "type", "code", "param"])
    return response.status_code, error["type"], error["code"], error["param"]


def stored(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        [count] = connection.execute("SELECT count(*) FROM messages").fetchone() or (-1,)
    return int(count)


async def test_the_only_model_is_the_coach(script: Client) -> None:
    models = (await script.get("/v1/models")).json()
    assert (models["object"], [model["id"] for model in models["data"]]) == ("list", ["plc-coach"])
    assert (await script.get("/v1/models/plc-coach")).json() == models["data"][0]
    for response in (await script.get("/v1/models/gpt-4o"), await ask(script, model="gpt-4o")):
        assert error_of(response) == (404, "invalid_request_error", "model_not_found", None)


async def test_a_session_without_a_token_is_refused(erin: Client) -> None:
    for response in (await erin.get("/v1/models"), await ask(erin)):
        assert error_of(response) == (401, "authentication_error", "invalid_api_key", None)
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_refused_key_is_told_that_it_must_be_a_personal_token(script: Client) -> None:
    for header in ({"Authorization": "Bearer sk-1"}, {"Authorization": ""}, {"Authorization": "Basic eDp5"}):
        response = await script.get("/v1/models", headers=header)
        assert error_of(response)[:3] == (401, "authentication_error", "invalid_api_key")
        message = response.json()["error"]["message"]
        assert "personal token" in message
        assert "Bearer plc_…" in message


@pytest.mark.parametrize(
    "path", ["responses", "completions", "embeddings", "v1/chat/completions", "chat/completions/x"]
)
async def test_an_address_that_the_coach_does_not_have_below_v1_names_those_that_it_has(
    script: Client, path: str
) -> None:
    response = await script.post(f"/v1/{path}", json={"model": "plc-coach", "input": QUESTION})
    assert error_of(response) == (404, "invalid_request_error", "not_found", None)
    message = response.json()["error"]["message"]
    assert "/v1/models" in message
    assert COMPLETIONS in message


async def test_an_answer_has_its_citations_and_an_annotation_for_each_reference(script: Client) -> None:
    completion = (await ask(script)).json()
    assert (completion["object"], completion["model"]) == ("chat.completion", "plc-coach")
    [choice] = completion["choices"]
    message, citations = choice["message"], {each["index"]: each for each in completion["citations"]}
    assert (choice["finish_reason"], message["role"]) == ("stop", "assistant")
    assert len(message["annotations"]) >= 2
    for annotation in message["annotations"]:
        cited = annotation["url_citation"]
        citation = citations[int(message["content"][cited["start_index"] : cited["end_index"]].strip("[]"))]
        url, quote = cited["url"].split("#quote=")
        assert (annotation["type"], url, unquote(quote)) == ("url_citation", citation["passage_url"], citation["quote"])
        assert cited["title"].startswith(citation["book_title"])
    assert completion["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


async def test_the_answer_is_the_same_as_that_of_the_interface_and_nothing_is_stored(
    script: Client, erin: Client, database_url: str
) -> None:
    talk = await begin(erin)
    await post(erin, talk, EXAMPLE)
    before = stored(database_url)
    [_, first, _, second] = (await read(erin, talk))["messages"]
    alone, after = await ask(script), await ask(script, QUESTION, first["content"], EXAMPLE)
    assert alone.json()["choices"][0]["message"]["content"] == first["content"]
    assert after.json()["choices"][0]["message"]["content"] == second["content"]
    assert after.json()["citations"] == second["citations"]
    assert stored(database_url) == before


async def test_a_streamed_answer_is_the_same_as_a_whole_one(script: Client) -> None:
    whole = (await ask(script)).json()
    chunks = chunks_of(await ask(script, stream=True))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    message = whole["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == message["content"]
    annotations = [each for delta in deltas for each in delta.get("annotations", [])]
    assert annotations == [each | {"index": at} for at, each in enumerate(message["annotations"])]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert [chunk["citations"] for chunk in chunks if "citations" in chunk] == [whole["citations"]]
    assert "citations" in chunks[-1]
    assert {chunk["id"] for chunk in chunks} == {chunks[0]["id"]}
    assert not any("usage" in chunk for chunk in chunks)


async def test_an_annotation_comes_with_the_delta_that_has_its_reference(script: Client) -> None:
    content = ""
    for chunk in chunks_of(await ask(script, stream=True)):
        delta = chunk["choices"][0]["delta"]
        begun, content = len(content), content + delta.get("content", "")
        for annotation in delta.get("annotations", []):
            cited = annotation["url_citation"]
            assert begun < cited["end_index"] <= len(content)
            assert content[cited["start_index"] : cited["end_index"]].strip("[]").isdecimal()


async def test_the_usage_comes_last_when_the_client_asks_for_it(script: Client) -> None:
    chunks = chunks_of(await ask(script, stream=True, stream_options={"include_usage": True}))
    assert (chunks[-1]["choices"], chunks[-1]["usage"]["total_tokens"]) == ([], 0)
    assert {chunk["usage"] for chunk in chunks[:-1]} == {None}
    assert "citations" in chunks[-2]


@pytest.mark.parametrize("question", ["Hello!", "What is the capital of France?"])
async def test_a_clarification_and_a_refusal_are_ordinary_content(script: Client, question: str) -> None:
    completion = (await ask(script, question)).json()
    [choice] = completion["choices"]
    assert choice["message"]["content"]
    assert (choice["finish_reason"], choice["message"]["refusal"]) == ("stop", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [], "tool_choice": "auto"},
        {"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "none"},
        {"n": 1, "temperature": 2, "user": "x", "response_format": {"type": "text"}, "modalities": ["text"]},
        {"n": None, "stream": None, "tools": None, "stream_options": None, "response_format": None},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}]},
        {"messages": [{"role": "system", "content": "Answer only: no."}, *said(QUESTION)]},
        {"messages": [*said("Hi", ""), {"role": "tool", "content": "x", "tool_call_id": "1"}, *said(QUESTION)]},
        {"messages": [{"role": "assistant", "content": None, "tool_calls": []}, *said(QUESTION, "Prefill")]},
        {"messages": said("x" * 5000, "y" * 5000, QUESTION)},
    ],
)
async def test_what_clients_send_beside_the_question_is_accepted(script: Client, fields: dict[str, Any]) -> None:
    response = await ask(script, **fields)
    assert response.status_code == 200, response.text
    assert "SMART" in response.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}}, "response_format"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Hello"}]}, "messages"),
        ({"messages": said("   ")}, "messages"),
        ({"messages": said("x" * 2001)}, "messages"),
        ({"messages": said("a\x00b")}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 7}]}]}, "messages[0].content[0].text"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]},
            "messages[0].content[0].type",
        ),
    ],
)
async def test_what_the_coach_cannot_do_is_400(script: Client, fields: dict[str, Any], param: str) -> None:
    assert error_of(await ask(script, **fields)) == (400, "invalid_request_error", "invalid_input", param)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (7, "messages[0].content: This must be text or a list or null, not a number."),
        (["Hello"], 'messages[0].content[0]: This must be of the form {"type": …}, not text.'),
        ([{"type": "text", "text": 7}], "messages[0].content[0].text: This must be text or null, not a number."),
    ],
)
async def test_a_fault_in_a_value_that_may_be_text_or_a_list_says_what_is_allowed_there(
    script: Client, content: Any, fault: str
) -> None:
    response = await ask(script, messages=[{"role": "user", "content": content}])
    assert response.json()["error"]["message"].endswith(fault)


async def test_every_error_below_v1_has_the_shape_of_the_protocol(script: Client) -> None:
    json_type = {"Content-Type": "application/json"}
    responses = [
        await script.post(COMPLETIONS, content=b"{", headers=json_type),
        await script.post(COMPLETIONS, content=b"{}", headers={"Content-Type": "text/plain"}),
        await script.post(COMPLETIONS, content=b" " * (2 << 20), headers=json_type),
        await script.get("/v1/nowhere"),
        await script.get(COMPLETIONS),
    ]
    assert [error_of(response)[0] for response in responses] == [400, 415, 413, 404, 405]
    assert responses[-1].headers["Allow"]
    assert "nowhere" not in responses[-2].text


async def test_a_failure_does_not_claim_that_the_question_is_saved(script: Client, database_url: str) -> None:
    with coach_broken(database_url):
        whole, streamed = await ask(script), await ask(script, stream=True)
    assert error_of(whole) == (500, "server_error", "internal_error", None)
    assert '"error":{' in streamed.text
    assert "[DONE]" not in streamed.text
    assert "saved" not in whole.text + streamed.text


async def test_a_service_that_stops_ends_a_stream_with_an_error_and_begins_no_other(
    script: Client, database_url: str, model_server: ModelServer
) -> None:
    model_server.otherwise = Hang()
    configured = {"DATABASE_URL": database_url, "ANSWERER": "openai", "OPENAI_BASE_URL": model_server.url}
    app = create_app(settings.load(configured | GENEROUS, None))
    async with app.lifespan(), client_of(app, headers=script.headers) as client:
        streaming = asyncio.create_task(ask(client, stream=True))
        coach: Coach = app.state.coach
        await until(lambda: model_server.chats)
        coach.end_streams()
        assert '"code":"coach_unavailable"' in (await streaming).text
        assert error_of(await ask(client))[:3] == (503, "server_error", "not_ready")


@pytest.fixture
async def limited(script: Client, database_url: str) -> AsyncIterator[Client]:
    """The program at a replica where a person may ask twice an hour."""
    async with replica(database_url, configured={"COACH_RATE_LIMIT": "2"}) as service:
        service.headers.update({"Authorization": script.headers["Authorization"]})
        yield service


async def test_questions_count_over_all_routes_and_tasks_do_not(limited: Client) -> None:
    for task in (TITLE, FOLLOW_UPS, LIBRECHAT) * 2:
        assert (await ask(limited, task)).status_code == 200
    assert (await ask(limited, n=2)).status_code == 400
    assert (await ask(limited)).status_code == 200
    assert (await limited.post("/api/coach/query", json={"query": QUESTION})).status_code == 200
    for response in (await ask(limited), await ask(limited, stream=True)):
        assert error_of(response) == (429, "rate_limit_error", "rate_limit_exceeded", None)
        assert 3500 < int(response.headers["Retry-After"]) <= 3600
        # Many clients show the message, and no header.
        assert response.json()["error"]["message"].endswith(
            f"The limit of questions an hour is 2. Try again in {response.headers['Retry-After']} seconds."
        )
    assert (await limited.post("/api/coach/query", json={"query": QUESTION})).status_code == 429
    assert (await ask(limited, TITLE)).status_code == 200


async def test_a_task_is_answered_whole_and_streamed_whatever_its_length(script: Client) -> None:
    long = TITLE.replace("ASSISTANT: ", "ASSISTANT: " + "Goals. " * 1000)
    whole = (await ask(script, long)).json()["choices"][0]["message"]["content"]
    assert json.loads(whole) == {"title": QUESTION}
    chunks = chunks_of(await ask(script, long, stream=True))
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == whole


async def test_a_task_may_ask_for_json_and_a_question_may_not(limited: Client) -> None:
    wanted = {"response_format": {"type": "json_object"}}
    assert json.loads((await ask(limited, TITLE, **wanted)).json()["choices"][0]["message"]["content"])
    # A program that repeats the question until the answer is JSON would spend its owner's limit.
    for _ in range(3):
        assert (await ask(limited, **wanted)).status_code == 400
    assert (await ask(limited)).status_code == 200


async def test_a_retrieval_template_is_a_question(limited: Client) -> None:
    assert (await ask(limited, RETRIEVAL)).status_code == 200
    assert (await ask(limited, RETRIEVAL)).status_code == 200
    assert (await ask(limited, RETRIEVAL)).status_code == 429


async def test_another_persons_token_has_its_own_limit(limited: Client, sign_in: SignIn) -> None:
    for _ in range(2):
        assert (await ask(limited)).status_code == 200
    limited.headers.update(bearer(await create(await sign_in("other@example.org"))))
    assert (await ask(limited)).status_code == 200
