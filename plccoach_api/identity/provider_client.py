"""Calls to a provider, each bounded in time and size: no redirect is followed, no cookie kept, only JSON read."""

import asyncio
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLContext
from typing import Any

import httpx
import msgspec

from plccoach_api import __version__
from plccoach_api.identity.limits import Limits
from plccoach_api.identity.profile import SignInError, SignInRefused

_HEADERS = {
    "Accept": "application/json",
    # A short answer could unfold into a long one.
    "Accept-Encoding": "identity",
    "User-Agent": f"plccoach-api/{__version__}",
}

Document = dict[str, object]


def unavailable(detail: str) -> SignInRefused:
    return SignInRefused(SignInError.provider_unavailable, detail)


@cache
def _trusted() -> SSLContext:
    """Whose certificates count: reading them takes longer than a call, so all providers share them."""
    return httpx.create_ssl_context(trust_env=False)


class ProviderResponse(msgspec.Struct, frozen=True):
    """What came back; `document` is None when it was not a JSON object."""

    status: int
    document: Document | None


class ProviderClient:
    """A client for the calls of one provider. Sign-ins are too rare for a connection to be worth keeping."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._client = httpx.AsyncClient(
            headers=_HEADERS,
            timeout=limits.call,
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
        )
        # What a provider sets belongs to one person's sign-in, and this client serves them all.
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def get(self, what: str, url: str, *, bearer: str | None = None) -> ProviderResponse:
        """`what` names the call in a refusal."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else None
        return await self._call(what, "GET", url, headers=headers)

    async def post(self, what: str, url: str, form: dict[str, str], headers: dict[str, str]) -> ProviderResponse:
        return await self._call(what, "POST", url, data=form, headers=headers)

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(self, what: str, method: str, url: str, **options: Any) -> ProviderResponse:
        try:
            async with asyncio.timeout(self._limits.call), self._client.stream(method, url, **options) as response:
                return ProviderResponse(response.status_code, await self._document(what, response))
        except TimeoutError:
            raise unavailable(f"{what}: no answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise unavailable(f"{what}: {type(error).__name__}") from None

    async def _document(self, what: str, response: httpx.Response) -> Document | None:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
        if not (plain and kind.startswith("application/") and kind.endswith(("/json", "+json"))):
            return None
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._limits.body:
                raise unavailable(f"{what}: an answer too long")
        try:
            document = msgspec.json.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None


def require_document(what: str, answer: ProviderResponse) -> Document:
    """The document of an answer that must have one."""
    if answer.status != httpx.codes.OK:
        raise unavailable(f"{what}: status {answer.status}")
    if answer.document is None:
        raise unavailable(f"{what}: no JSON object")
    return answer.document
