"""The steps of a sign-in in a browser, which stores cookies and follows redirects."""

from urllib.parse import parse_qsl, urlsplit

import httpx
from httpx import Response

from tests.tools.identity_provider.loopback import LoopbackProvider

Client = httpx.AsyncClient


async def begin(client: Client, provider: str, query: str = "") -> str:
    """Starts a sign-in; returns the address at the provider."""
    response = await client.get(f"/auth/{provider}/login{query}", follow_redirects=False)
    assert response.status_code == 302, response.text
    return str(response.headers["Location"])


async def finish(client: Client, provider: str, callback: dict[str, str]) -> Response:
    return await client.get(f"/auth/{provider}/callback", params=callback, follow_redirects=False)


async def sign_in(client: Client, provider: str, at: LoopbackProvider, query: str = "") -> Response:
    """Does all steps of a sign-in; returns the response to the callback."""
    return await finish(client, provider, at.sign_in(await begin(client, provider, query)))


def error_of(response: Response) -> str | None:
    """Returns the error code of a redirect to the front end's sign-in page, or None for another redirect."""
    assert response.status_code == 302, response.text
    parts = urlsplit(response.headers["Location"])
    assert parts.netloc == "localhost:5173"
    return dict(parse_qsl(parts.query)).get("error") if parts.path == "/login" else None
