"""What every response tells a browser not to do."""

from litestar.types import Message, Receive, Send

from plccoach_api.middleware.types import HTTPApp, HTTPScope

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
# A response may bring its own of these: the documentation pages load scripts of ours.
_UNLESS_SET = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
]
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class SecurityHeaders:
    def __init__(self, app: HTTPApp, *, production: bool) -> None:
        self.app = app
        self.always = [*_ALWAYS, _HTTPS_ONLY] if production else _ALWAYS

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                names = {name.lower() for name, _ in given}
                missing = [header for header in _UNLESS_SET if header[0] not in names]
                message["headers"] = [*given, *self.always, *missing]
            await send(message)

        await self.app(scope, receive, send_with_headers)
