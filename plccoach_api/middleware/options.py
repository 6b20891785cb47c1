"""Makes `Allow` in the response to OPTIONS list every method of a path."""

from collections.abc import Awaitable, Mapping

from litestar.types import Message, Receive, Send

from plccoach_api.middleware.types import HTTPApp, HTTPScope


class Options:
    """Replaces `Allow`, because Litestar lists only the methods of the handler that was registered first.

    `methods` maps the template of a path to the methods of all its handlers.
    """

    def __init__(self, app: HTTPApp, *, methods: Mapping[str, frozenset[str]]) -> None:
        self.app = app
        self.allow = {path: ", ".join(sorted(names)).encode() for path, names in methods.items()}

    def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["method"] != "OPTIONS":
            return self.app(scope, receive, send)

        def send_with_allow(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                allow = self.allow.get(scope.get("path_template", ""), b"")
                message["headers"] = [
                    (name, allow if name == b"allow" and allow else value) for name, value in message["headers"]
                ]
            return send(message)

        return self.app(scope, receive, send_with_allow)
