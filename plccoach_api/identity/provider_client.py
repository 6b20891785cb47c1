"""The HTTP client for a provider. A call is limited in time and size, follows no redirect and stores no cookie."""

import asyncio
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLContext
from typing import Any

import httpx
import msgspec

from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInError, SignInRefused
from plccoach_api.version import VERSION

_HEADERS = {
    "Accept": "application/json",
    # A small compressed response could be very large when it is decompressed.
    "Accept-Encoding": "identity",
    "User-Agent": f"plccoach-api/{VERSION}",
}

Document = dict[str, object]


def unavailable(detail: str) -> SignInRefused:
    return SignInRefused(SignInError.provider_unavailable, detail)


@cache
def _tls_context() -> SSLContext:
    """Loads the certificate authorities. This takes longer than a call, so all providers share the result."""
    return httpx.create_ssl_context(trust_env=False)


class ProviderResponse(msgspec.Struct, frozen=True):
    """A response. `document` is None when the body is not a JSON object."""

    status: int
    document: Document | None


class ProviderClient:
    """The client of one provider. Sign-ins are rare, so connections are not kept open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._client = httpx.AsyncClient(
            headers=_HEADERS,
            timeout=limits.call,
            follow_redirects=False,
            trust_env=False,
            verify=_tls_context(),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
        )
        # A provider's cookie belongs to one person's sign-in, but this client serves all sign-ins.
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def get(self, endpoint: str, url: str, *, bearer: str | None = None) -> ProviderResponse:
        """Sends a GET request; `endpoint` is named in the detail of a refusal."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else None
        return await self._call(endpoint, "GET", url, headers=headers)

    async def post(self, endpoint: str, url: str, form: dict[str, str], headers: dict[str, str]) -> ProviderResponse:
        return await self._call(endpoint, "POST", url, data=form, headers=headers)

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(self, endpoint: str, method: str, url: str, **options: Any) -> ProviderResponse:
        try:
            async with asyncio.timeout(self._limits.call), self._client.stream(method, url, **options) as response:
                return ProviderResponse(response.status_code, await self._document(endpoint, response))
        except TimeoutError:
            raise unavailable(f"{endpoint}: timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise unavailable(f"{endpoint}: {type(error).__name__}") from None

    async def _document(self, endpoint: str, response: httpx.Response) -> Document | None:
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
        if not (plain and media_type.startswith("application/") and media_type.endswith(("/json", "+json"))):
            return None
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._limits.body:
                raise unavailable(f"{endpoint}: response too long")
        try:
            document = msgspec.json.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None


def require_document(endpoint: str, response: ProviderResponse) -> Document:
    """Returns the JSON object of a response with status 200. Raises SignInRefused for any other response."""
    if response.status != httpx.codes.OK:
        raise unavailable(f"{endpoint}: status {response.status}")
    if response.document is None:
        raise unavailable(f"{endpoint}: no JSON object")
    return response.document
