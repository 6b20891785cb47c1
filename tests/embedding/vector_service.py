"""A service of vectors on loopback, with OpenAI's protocol."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from plccoach_api import settings
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.settings import Settings

Answer: TypeAlias = Callable[[dict[str, Any]], tuple[int, Any]]


@contextmanager
def service(answer: Answer, **variables: str) -> Iterator[tuple[Embedder, list[dict[str, Any]]]]:
    """Yields an embedder with these settings, and the requests that its service on loopback receives."""
    with settings_of(answer, **variables) as (of_service, requests):
        yield make_embedder(of_service), requests


@contextmanager
def settings_of(answer: Answer, **variables: str) -> Iterator[tuple[Settings, list[dict[str, Any]]]]:
    requests: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append({"path": self.path, "key": self.headers["Authorization"], **body})
            status, content = answer(body)
            encoded = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        defaults = {
            "EMBEDDINGS": "openai",
            "OPENAI_API_KEY": "sk-hush",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1",
            "OPENAI_EMBEDDING_MODEL": "tiny",
        }
        yield settings.load(defaults | variables, None), requests
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def vectors(body: dict[str, Any]) -> tuple[int, Any]:
    """Replies in the format of the protocol, with the vectors in reverse order."""
    data = [
        {"object": "embedding", "index": index, "embedding": [3.0 + index, 4.0]}
        for index in range(len(body["input"]))
    ]  # fmt: skip
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return 200, {"object": "list", "model": "tiny", "data": data[::-1], "usage": usage}
