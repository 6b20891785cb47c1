"""Access is denied by default: a route is listed here as public, or it refuses a request without a session."""

import re

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

PUBLIC = {
    *("/", "/health", "/api/health", "/ready", "/api/ready"),
    *("/try", "/pages/{version:str}/{name:str}", "/docs", "/redoc", "/openapi.json", "/openapi.yaml"),
    *("/auth/providers", "/auth/{provider:str}/login", "/auth/{provider:str}/callback"),
    *("/auth/dev/login", "/auth/logout"),
}
ANY_ID = "01a209de-8c09-76f6-baa4-77e106cf2850"


def routes(app: Litestar) -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in sorted(route.methods - {"OPTIONS"})
    ]


async def test_every_route_that_is_not_public_refuses_a_request_without_a_session(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    pages = {"/passages/{chunk_id:str}"}  # A person is redirected to the login instead; see test_pages.py.
    private = [
        (method, path) for method, path in routes(app) if path not in PUBLIC | pages and not path.startswith("/docs/")
    ]
    assert len(private) >= 5
    for method, path in private:
        url = re.sub(r"\{\w+:(uuid|str)\}", ANY_ID, path)
        assert "{" not in url, f"this test needs a value for {path}"
        response = await client.request(method, url, json={} if method in {"POST", "PATCH"} else None)
        assert response.status_code == 401, f"{method} {path} accepts a request without a session"
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_every_public_route_exists(app: Litestar) -> None:
    assert {path for _, path in routes(app)} >= PUBLIC
