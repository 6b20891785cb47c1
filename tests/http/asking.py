"""Steps that many tests share: create a conversation, ask a question, and read the result."""

from typing import Any

import httpx

QUESTION = "What is a SMART goal?"


async def begin(person: httpx.AsyncClient, question: str = QUESTION) -> str:
    """Creates a conversation with one question and its answer."""
    response = await person.post("/api/coach/query", json={"query": question})
    assert response.status_code == 200
    return str(response.json()["conversation_id"])


async def make(person: httpx.AsyncClient, **body: Any) -> str:
    """Creates a conversation without a question."""
    response = await person.post("/api/conversations", json=body)
    assert response.status_code == 201
    return str(response.json()["id"])


async def post(
    person: httpx.AsyncClient, conversation_id: str, content: str = QUESTION, **headers: str
) -> httpx.Response:
    return await person.post(
        f"/api/conversations/{conversation_id}/messages", json={"content": content}, headers=headers
    )


async def read(person: httpx.AsyncClient, conversation_id: str) -> dict[str, Any]:
    response = await person.get(f"/api/conversations/{conversation_id}")
    assert response.status_code == 200
    conversation: dict[str, Any] = response.json()
    return conversation


async def listed(person: httpx.AsyncClient, **parameters: str) -> list[str]:
    response = await person.get("/api/conversations", params=parameters)
    assert response.status_code == 200
    return [item["id"] for item in response.json()["items"]]


def slug(response: httpx.Response) -> str:
    """Returns the slug of the problem."""
    assert response.headers["Content-Type"] == "application/problem+json"
    return str(response.json()["type"]).removeprefix("urn:problem:")
