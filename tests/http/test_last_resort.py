"""Errors outside of Litestar, in the middleware itself."""

from typing import Any, cast

import httpx
import pytest
from litestar.types import Receive, Send

from plccoach_api.middleware.last_resort import LastResort
from plccoach_api.middleware.response_headers import ResponseHeaders
from plccoach_api.middleware.types import HTTPApp, HTTPScope
from tests.conftest import ORIGIN
from tests.http.conftest import client_of

SECRET = "postgresql://somebody:secret@host"


async def fail(scope: HTTPScope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - the signature of ASGI
    raise RuntimeError(SECRET)


async def fail_late(scope: HTTPScope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - the signature of ASGI
    scope["request_id"] = "my-request_42"  # type: ignore[typeddict-unknown-key]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError(SECRET)


def within(app: HTTPApp) -> LastResort:
    headers = ResponseHeaders(app, origins=(ORIGIN,), own=frozenset(), production=False)
    return LastResort(headers, headers=headers)


async def test_an_error_in_the_middleware_is_problem_details_with_the_headers_of_every_response() -> None:
    async with client_of(cast("Any", within(fail))) as client:
        response = await client.get("/health", headers={"Origin": ORIGIN})
    assert (response.status_code, response.headers["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["type"] == "urn:problem:internal-error"
    assert response.json()["instance"] == f"urn:request:{response.headers['X-Request-ID']}"
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert SECRET not in response.text


async def test_an_error_after_the_response_has_begun_is_left_to_the_server() -> None:
    transport = httpx.ASGITransport(cast("Any", within(fail_late)))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
        with pytest.raises(RuntimeError):
            await client.get("/health")
