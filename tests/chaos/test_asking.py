"""The client of `just chaos` against a service that refuses every question: the judge has to notice it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tools.chaos import judge
from tests.tools.chaos.asking import Asker
from tests.tools.chaos.journal import Journal, read


class _Refusing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"type": "urn:problem:database-unavailable"}).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the output of the tests free of requests."""


@pytest.fixture
def mutant() -> Iterator[str]:
    """The address of a service that answers 503 to every question."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_that_refuses_everything_contradicts_nothing_but_completes_too_few_answers(
    mutant: str, tmp_path: Path
) -> None:
    asker = Asker(Journal(tmp_path / "journal"), [mutant] * 3)
    asker.query_all(range(12, 24))
    assert not asker.post(24, "/messages", {})
    assert not asker.post_to_all(25, "/messages", {"Idempotency-Key": "25"})
    assert not asker.stream(26, "/messages/stream", {}, stop=True)
    asker.close()
    questions = judge.journaled_questions(read(tmp_path / "journal"))
    assert sorted(question.number for question in questions) == list(range(12, 27))
    assert list(judge.findings(questions, [], {})) == []
    assert "only 0 answers are complete, of 15 questions in 1 incidents" in judge.shortages(questions, [], incidents=1)
