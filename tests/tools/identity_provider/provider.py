"""A sign-in provider on loopback, with OpenID Connect and Clever's API. Tests can make it misbehave.

    with running_provider() as provider:
        provider.claims["name"] = "Ada"
        settings = provider.google_settings()      # or clever_settings(): variables of the environment
        callback = provider.sign_in(authorization_url)   # as a browser: {"code": …, "state": …, "iss": …}

It checks the client, the redirect URI and PKCE, and that a code is redeemed once, like a real provider.
"""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from tests.tools.identity_provider.loopback import AUTHORIZE, DISCOVERY, KEYS, TOKEN, LoopbackProvider


class Handler(BaseHTTPRequestHandler):
    """One request to the provider."""

    provider: LoopbackProvider
    protocol_version = "HTTP/1.1"
    # The body is sent without waiting for the acknowledgement of the header.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._begin()
        query = dict(parse_qsl(urlsplit(self.path).query))
        if self.where in self.provider.misbehave:
            self.provider.misbehave[self.where](self)
        elif self.where == DISCOVERY and self.provider.metadata is not None:
            self.answer(self.provider.discovery())
        elif self.where == KEYS:
            self.answer(self.provider.keys())
        elif self.where == AUTHORIZE:
            self._authorize(query)
        elif self.where.startswith("/v3.0/"):
            self._api(self.where.removeprefix("/v3.0/"))
        else:
            self.answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        self._begin()
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()))
        if self.where in self.provider.misbehave:
            self.provider.misbehave[self.where](self)
        elif self.where != TOKEN:
            self.answer({"error": "not found"}, 404)
        elif not self._knows_the_client(form):
            self.answer({"error": "invalid_client"}, 401)
        elif (tokens := self.provider.redeem(form)) is None:
            self.answer({"error": "invalid_grant"}, 400)
        else:
            self.answer(tokens)

    def answer(self, document: object, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Sends a document as JSON, or bytes unchanged; `Set_Cookie="…"` adds a header."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # http.server prescribes the name
        pass

    def _begin(self) -> None:
        self.where = urlsplit(self.path).path
        self.provider.calls[self.where] += 1
        seen = {name.lower(): value for name, value in self.headers.items()}
        self.provider.headers.setdefault(self.where, []).append(seen)

    def _authorize(self, query: dict[str, str]) -> None:
        redirect_uri = query.get("redirect_uri", "")
        allowed = self.provider.redirect_uris
        if query.get("client_id") != self.provider.client_id or (allowed and redirect_uri not in allowed):
            self.answer(b"an application that is not registered", 400, "text/plain")
        elif query.get("code_challenge_method") != "S256" or query.get("response_type") != "code":
            self.redirect(f"{redirect_uri}?{urlencode({'error': 'invalid_request', 'state': query.get('state', '')})}")
        elif self.provider.approves or "approve" in query:
            self.redirect(f"{redirect_uri}?{urlencode(self.provider.grant(query))}")
        else:
            self.answer(_page(self.path), kind="text/html")

    def _knows_the_client(self, form: dict[str, str]) -> bool:
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            credentials = [unquote_plus(part) for part in b64decode(encoded).decode().split(":", 1)]
        else:
            credentials = [form.get("client_id", ""), form.get("client_secret", "")]
        return credentials == [self.provider.client_id, self.provider.client_secret]

    def _api(self, path: str) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        kind, _, wanted = path.partition("/")
        if scheme != "Bearer" or token not in self.provider.access_tokens:
            self.answer({"error": "unauthorized"}, 401)
        elif path == "me":
            self.answer({"type": "user", "data": self.provider.me})
        elif kind == "users" and wanted == self.provider.user.get("id"):
            self.answer({"data": self.provider.user})
        elif kind == "districts" and wanted in self.provider.districts:
            self.answer({"data": {"id": wanted, "name": self.provider.districts[wanted]}})
        else:
            self.answer({"error": "Resource not found"}, 404)


class Server(ThreadingHTTPServer):
    # The server does not wait for a handler that hangs, and accepts many calls at once.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignores clients that hang up in the middle of a response, which many tests do on purpose."""


@contextmanager
def running_provider(port: int = 0, **changes: Any) -> Iterator[LoopbackProvider]:
    """A provider in threads of this process; `changes` are fields of LoopbackProvider."""

    class Bound(Handler):
        pass

    server = Server(("127.0.0.1", port), Bound)
    provider = Bound.provider = LoopbackProvider(port=server.server_port, **changes)
    provider.become_google()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _page(path: str) -> bytes:
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in [*parse_qsl(urlsplit(path).query), ("approve", "yes")]
    )
    return f"<!doctype html><title>Sign in</title><form>{fields}<button>Continue as Ada</button></form>".encode()
