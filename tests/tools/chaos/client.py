"""An educator who asks on and on, of whichever replica answers: `python -m tests.chaos.client NUMBER JOURNAL URL URL`.

It behaves as a good client does: what broke off is read on elsewhere from where it was, a question with a key
is sent again, and one that was killed reads its last answer when it is back. SIGTERM ends it after its question.
"""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from types import FrameType
from uuid import UUID

import httpx

from tests.events import events
from tests.tools.chaos import journal
from tests.tools.chaos.journal import Entry, Journal, Step
from tests.tools.chaos.script import question

# Questions of a client are numbered from its own number times this.
QUESTIONS = 100_000

_TIMEOUT = 60.0
_TRIES = 20
_PAUSE_SECONDS = 0.4
_KEYED, _STREAMED, _STOPPED, _ELSEWHERE = 0.5, 0.7, 0.1, 0.3


class Educator:
    def __init__(self, number: int, path: Path, urls: list[str]) -> None:
        before = list(journal.read(path))
        self._journal = Journal(path)
        self._number = max((entry.number for entry in before), default=number * QUESTIONS)
        self._last = next((entry for entry in reversed(before) if entry.message_id), None)
        self._random = Random(self._number)
        self._replicas = [httpx.Client(base_url=url, timeout=_TIMEOUT) for url in urls]
        self._email = f"educator{number}@example.org"
        self._conversation: str | None = None
        self._stopping = False

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def run(self) -> None:
        self._sign_in()
        if self._last:
            self._come_back(self._last)
        while not self._stopping:
            self._number += 1
            self._ask(self._number)

    def _sign_in(self) -> None:
        while True:
            with suppress(httpx.TransportError):
                parameters = {"email": self._email}
                if self._here.get("/auth/dev/login", params=parameters).status_code == 302:
                    break
            self._turn()
            time.sleep(_PAUSE_SECONDS)
        for replica in self._replicas:
            replica.cookies = self._here.cookies

    @property
    def _here(self) -> httpx.Client:
        return self._replicas[0]

    def _turn(self) -> None:
        self._replicas.reverse()

    def _come_back(self, last: Entry) -> None:
        assert last.message_id
        self._journal.note(Step.sent, last.number)
        self._follow(last.number, last.message_id, {})

    def _ask(self, number: int) -> None:
        chance = self._random.random
        keyed, streamed, stopped = chance() < _KEYED, chance() < _STREAMED, chance() < _STOPPED
        headers = {"Idempotency-Key": f"question {number}"} if keyed else {}
        path = f"/api/conversations/{self._place()}/messages"
        for _ in range(_TRIES if keyed else 1):
            self._journal.note(Step.sent, number, keyed=keyed)
            with self._noting_breaks(number):
                if streamed:
                    done = self._stream(number, f"{path}/stream", headers, stop=stopped)
                else:
                    done = self._post(number, path, headers)
                if done:
                    return
            time.sleep(_PAUSE_SECONDS)
        # A conversation with an answer that nobody makes takes no other question for a while.
        self._conversation = None

    def _place(self) -> str:
        """A conversation to ask in, mostly the one before."""
        while self._conversation is None or self._random.random() < _ELSEWHERE:
            with suppress(httpx.TransportError):
                response = self._here.post("/api/conversations", json={})
                if response.status_code == 201:
                    self._conversation = str(response.json()["id"])
                    break
            self._turn()
            time.sleep(_PAUSE_SECONDS)
        return self._conversation

    def _post(self, number: int, path: str, headers: dict[str, str]) -> bool:
        response = self._here.post(path, json={"content": question(number)}, headers=headers)
        if response.status_code != 201:
            return self._refused(number, response)
        message = response.json()
        self._journal.note(Step.begun, number, message_id=UUID(message["id"]))
        self._journal.note(Step.ended, number, message["content"])
        return True

    def _stream(self, number: int, path: str, headers: dict[str, str], *, stop: bool) -> bool:
        message_id, last = None, {}
        with self._noting_breaks(number):
            body = {"content": question(number)}
            with self._here.stream("POST", path, json=body, headers=headers) as response:
                if response.status_code != 200:
                    return self._refused(number, response)
                for event in events(response):
                    last = {"Last-Event-ID": str(event.id)}
                    if event.name == "message_start":
                        message_id = UUID(event.data["message_id"])
                        self._journal.note(Step.begun, number, message_id=message_id)
                    if self._noted(number, event.name, event.data):
                        return event.name == "message_complete"
                    if stop and event.name == "content_delta" and message_id:
                        self._stop_from_elsewhere(message_id)
                        stop = False
        return message_id is not None and not headers and self._follow(number, message_id, last)

    def _follow(self, number: int, message_id: UUID, last: dict[str, str]) -> bool:
        for _ in range(_TRIES):
            with (
                self._noting_breaks(number),
                self._here.stream("GET", f"/api/messages/{message_id}/stream", headers=last) as response,
            ):
                if response.status_code != 200:
                    self._refused(number, response)
                else:
                    for event in events(response):
                        last = {"Last-Event-ID": str(event.id)}
                        if self._noted(number, event.name, event.data):
                            return event.name == "message_complete"
            time.sleep(_PAUSE_SECONDS)
        return False

    def _noted(self, number: int, name: str, data: dict[str, object]) -> bool:
        """Whether it was the last event."""
        match data:
            case {"delta": str(words)}:
                self._journal.note(Step.read, number, words)
            case {"message": {"content": str(content)}}:
                self._journal.note(Step.ended, number, content)
            case {"problem": {"type": str(problem)}}:
                self._journal.note(Step.refused, number, problem)
        return name in {"message_complete", "error"}

    def _stop_from_elsewhere(self, message_id: UUID) -> None:
        with suppress(httpx.TransportError):
            self._replicas[1].post(f"/api/messages/{message_id}/stop", timeout=10)

    def _refused(self, number: int, response: httpx.Response) -> bool:
        response.read()
        self._journal.note(Step.refused, number, str(response.json()["type"]))
        return False

    @contextmanager
    def _noting_breaks(self, number: int) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError:
            self._journal.note(Step.torn, number)
            self._turn()


def main() -> None:
    number, path, *urls = sys.argv[1:]
    educator = Educator(int(number), Path(path), urls)
    signal.signal(signal.SIGTERM, educator.stop)
    educator.run()


if __name__ == "__main__":
    main()
