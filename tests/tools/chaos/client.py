"""An educator who asks questions until it is stopped: `python -m tests.tools.chaos.client NUMBER JOURNAL URL URL`.

The educator uses two replicas and recovers as a good client does. When a stream breaks, it continues on the other
replica from the last event. It sends a question with an Idempotency-Key again. When it is restarted
after a kill, it reads its last answer. SIGTERM ends the program after the current question.
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

# The numbers of a client's questions begin at the client's own number times this.
QUESTIONS = 100_000

_TIMEOUT = 60.0
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.4
_KEYED, _STREAMED, _STOPPED, _NEW_CONVERSATION = 0.5, 0.7, 0.1, 0.3


class Educator:
    def __init__(self, number: int, path: Path, urls: list[str]) -> None:
        earlier = list(journal.read(path))
        self._journal = Journal(path)
        self._number = max((entry.number for entry in earlier), default=number * QUESTIONS)
        self._last = next((entry for entry in reversed(earlier) if entry.message_id), None)
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
            self._resume(self._last)
        while not self._stopping:
            self._number += 1
            self._ask(self._number)

    def _sign_in(self) -> None:
        while True:
            with suppress(httpx.TransportError):
                parameters = {"email": self._email}
                if self._replica.get("/auth/dev/login", params=parameters).status_code == 302:
                    break
            self._switch_replica()
            time.sleep(_PAUSE_SECONDS)
        for replica in self._replicas:
            replica.cookies = self._replica.cookies

    @property
    def _replica(self) -> httpx.Client:
        return self._replicas[0]

    def _switch_replica(self) -> None:
        self._replicas.reverse()

    def _resume(self, last: Entry) -> None:
        """Reads the answer that an earlier process of this client was reading when it was killed."""
        assert last.message_id
        self._journal.note(Step.sent, last.number)
        self._follow(last.number, last.message_id, {})

    def _ask(self, number: int) -> None:
        chance = self._random.random
        keyed, streamed, stopped = chance() < _KEYED, chance() < _STREAMED, chance() < _STOPPED
        headers = {"Idempotency-Key": f"question {number}"} if keyed else {}
        path = f"/api/conversations/{self._conversation_id()}/messages"
        for _ in range(_ATTEMPTS if keyed else 1):
            self._journal.note(Step.sent, number)
            with self._switching_when_broken(number):
                if streamed:
                    done = self._stream(number, f"{path}/stream", headers, stop=stopped)
                else:
                    done = self._post(number, path, headers)
                if done:
                    return
            time.sleep(_PAUSE_SECONDS)
        # A conversation refuses questions while an answer is in progress, even when its replica is dead.
        self._conversation = None

    def _conversation_id(self) -> str:
        """Returns the conversation of the last question, or creates another one."""
        while self._conversation is None or self._random.random() < _NEW_CONVERSATION:
            with suppress(httpx.TransportError):
                response = self._replica.post("/api/conversations", json={})
                if response.status_code == 201:
                    self._conversation = str(response.json()["id"])
                    break
            self._switch_replica()
            time.sleep(_PAUSE_SECONDS)
        return self._conversation

    def _post(self, number: int, path: str, headers: dict[str, str]) -> bool:
        response = self._replica.post(path, json={"content": question(number)}, headers=headers)
        if response.status_code != 201:
            return self._refused(number, response)
        message = response.json()
        self._journal.note(Step.begun, number, message_id=UUID(message["id"]))
        self._journal.note(Step.ended, number, message["content"])
        return True

    def _stream(self, number: int, path: str, headers: dict[str, str], *, stop: bool) -> bool:
        message_id, last = None, {}
        with self._switching_when_broken(number):
            body = {"content": question(number)}
            with self._replica.stream("POST", path, json=body, headers=headers) as response:
                if response.status_code != 200:
                    return self._refused(number, response)
                for event in events(response):
                    last = {"Last-Event-ID": str(event.id)}
                    if event.name == "message_start":
                        message_id = UUID(event.data["message_id"])
                        self._journal.note(Step.begun, number, message_id=message_id)
                    if self._note_event(number, event.name, event.data):
                        return event.name == "message_complete"
                    if stop and event.name == "content_delta" and message_id:
                        self._stop_on_other_replica(message_id)
                        stop = False
        return message_id is not None and not headers and self._follow(number, message_id, last)

    def _follow(self, number: int, message_id: UUID, last: dict[str, str]) -> bool:
        for _ in range(_ATTEMPTS):
            with (
                self._switching_when_broken(number),
                self._replica.stream("GET", f"/api/messages/{message_id}/stream", headers=last) as response,
            ):
                if response.status_code != 200:
                    self._refused(number, response)
                else:
                    for event in events(response):
                        last = {"Last-Event-ID": str(event.id)}
                        if self._note_event(number, event.name, event.data):
                            return event.name == "message_complete"
            time.sleep(_PAUSE_SECONDS)
        return False

    def _note_event(self, number: int, name: str, data: dict[str, object]) -> bool:
        """Returns True for the last event of an answer."""
        match data:
            case {"delta": str(words)}:
                self._journal.note(Step.read, number, words)
            case {"message": {"content": str(content)}}:
                self._journal.note(Step.ended, number, content)
            case {"problem": {"type": str(problem)}}:
                self._journal.note(Step.refused, number, problem)
        return name in {"message_complete", "error"}

    def _stop_on_other_replica(self, message_id: UUID) -> None:
        with suppress(httpx.TransportError):
            self._replicas[1].post(f"/api/messages/{message_id}/stop", timeout=10)

    def _refused(self, number: int, response: httpx.Response) -> bool:
        response.read()
        self._journal.note(Step.refused, number, str(response.json()["type"]))
        return False

    @contextmanager
    def _switching_when_broken(self, number: int) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError:
            self._journal.note(Step.torn, number)
            self._switch_replica()


def main() -> None:
    number, path, *urls = sys.argv[1:]
    educator = Educator(int(number), Path(path), urls)
    signal.signal(signal.SIGTERM, educator.stop)
    educator.run()


if __name__ == "__main__":
    main()
