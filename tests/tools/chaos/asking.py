"""Asks one question at the replicas and journals each step. A broken connection makes the next replica the first."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from uuid import UUID

import httpx

from tests.events import events
from tests.tools.chaos.journal import Journal, Step
from tests.tools.chaos.script import question

PAUSE_SECONDS = 0.4
ATTEMPTS = 20
_TIMEOUT = 60.0
_STOP_TIMEOUT = 10.0
_LIMITED = 429


class Asker:
    """A method that asks returns True when the question needs no further attempt."""

    def __init__(self, journal: Journal, urls: list[str]) -> None:
        self._journal = journal
        self.replicas = [httpx.Client(base_url=url, timeout=_TIMEOUT) for url in urls]

    def close(self) -> None:
        for replica in self.replicas:
            replica.close()

    @property
    def replica(self) -> httpx.Client:
        return self.replicas[0]

    def switch_replica(self) -> None:
        self.replicas.append(self.replicas.pop(0))

    def post(self, number: int, path: str, headers: dict[str, str]) -> bool:
        try:
            return self._post_to(self.replica, number, path, headers)
        except httpx.TransportError:
            self._continue_on_next_replica(number)
            return False

    def post_to_all(self, number: int, path: str, headers: dict[str, str]) -> bool:
        """Sends the same request to all replicas at once. Only its key makes it one question."""

        def post(replica: httpx.Client) -> bool:
            try:
                return self._post_to(replica, number, path, headers)
            except httpx.TransportError:
                self._journal.note(Step.torn, number)
                return False

        with ThreadPoolExecutor(len(self.replicas)) as pool:
            return any([*pool.map(post, self.replicas)])

    def query_all(self, numbers: range) -> None:
        """Asks different questions at once, each in a new conversation and without a key, at the replicas in turn."""

        def query(number: int) -> None:
            replica = self.replicas[number % len(self.replicas)]
            self._journal.note(Step.sent, number)
            try:
                response = replica.post("/api/coach/query", json={"query": question(number)})
            except httpx.TransportError:
                self._journal.note(Step.torn, number)
                return
            if response.status_code != 200:
                self._refused(number, response)
                return
            answer = response.json()
            self._journal.note(Step.begun, number, message_id=UUID(answer["message_id"]))
            self._journal.note(Step.ended, number, answer["response"])

        with ThreadPoolExecutor(len(numbers)) as pool:
            list(pool.map(query, numbers))

    def stream(self, number: int, path: str, headers: dict[str, str], *, stop: bool) -> bool:
        message_id, last = None, {}
        with self.switching_when_broken(number):
            body = {"content": question(number)}
            with self.replica.stream("POST", path, json=body, headers=headers) as response:
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
                        self._stop_on_next_replica(number, message_id)
                        stop = False
        return message_id is not None and not headers and self.follow(number, message_id, last)

    def follow(self, number: int, message_id: UUID, last: dict[str, str]) -> bool:
        for _ in range(ATTEMPTS):
            with (
                self.switching_when_broken(number),
                self.replica.stream("GET", f"/api/messages/{message_id}/stream", headers=last) as response,
            ):
                if response.status_code != 200:
                    self._refused(number, response)
                else:
                    for event in events(response):
                        last = {"Last-Event-ID": str(event.id)}
                        if self._note_event(number, event.name, event.data):
                            return event.name == "message_complete"
            time.sleep(PAUSE_SECONDS)
        return False

    @contextmanager
    def switching_when_broken(self, number: int) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError:
            self._continue_on_next_replica(number)

    def _continue_on_next_replica(self, number: int) -> None:
        self._journal.note(Step.torn, number)
        self.switch_replica()

    def _post_to(self, replica: httpx.Client, number: int, path: str, headers: dict[str, str]) -> bool:
        response = replica.post(path, json={"content": question(number)}, headers=headers)
        if response.status_code != 201:
            return self._refused(number, response)
        message = response.json()
        self._journal.note(Step.begun, number, message_id=UUID(message["id"]))
        self._journal.note(Step.ended, number, message["content"])
        return True

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

    def _stop_on_next_replica(self, number: int, message_id: UUID) -> None:
        with suppress(httpx.TransportError):
            response = self.replicas[1].post(f"/api/messages/{message_id}/stop", timeout=_STOP_TIMEOUT)
            if response.status_code == 200 and (message := response.json())["status"] == "stopped":
                self._journal.note(Step.stopped, number, message["content"])

    def _refused(self, number: int, response: httpx.Response) -> bool:
        """Journals the problem. A question over the limit is not asked again."""
        response.read()
        self._journal.note(Step.refused, number, str(response.json()["type"]))
        return response.status_code == _LIMITED
