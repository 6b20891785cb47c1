"""Steps that tests of personal tokens share."""

from typing import Any

import httpx
import psycopg
from httpx import AsyncClient


async def create(person: AsyncClient, name: str = "A script", *, days: int | None = None) -> dict[str, Any]:
    """Creates a token, which expires after the default number of days unless `days` says otherwise."""
    response = await person.post("/auth/tokens", json={"name": name} | ({"expires_in_days": days} if days else {}))
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


async def tokens_of(person: AsyncClient) -> list[dict[str, Any]]:
    response = await person.get("/auth/tokens")
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def bearer(created: dict[str, Any] | str) -> dict[str, str]:
    """Returns the header that carries a token."""
    return {"Authorization": f"Bearer {created if isinstance(created, str) else created['token']}"}


def change(database_url: str, assignments: str) -> None:
    """Changes all stored tokens."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"UPDATE personal_tokens SET {assignments}".encode())


def expire(database_url: str) -> None:
    change(database_url, "created_at = now() - interval '2 days', expires_at = now()")


def is_refused(response: httpx.Response) -> bool:
    return response.status_code == 401 and response.headers["WWW-Authenticate"] == "Bearer"
