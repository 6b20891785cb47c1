"""A client that asks questions until it is stopped: `python -m tests.tools.chaos.client NUMBER JOURNAL URL URL URL`.

The client recovers as a good client does. When a stream breaks, it continues on the next replica from the last
event. It sends a question with an Idempotency-Key again. When it is restarted after a kill, it reads its last answer.
It signs in as one person after the other, and asks more questions for each than the limit allows. SIGTERM ends the
program after the current question.
"""

import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from types import FrameType

import httpx

from tests.tools.chaos import journal
from tests.tools.chaos.asking import ATTEMPTS, PAUSE_SECONDS, Asker
from tests.tools.chaos.journal import Entry, Journal, Step
from tests.tools.chaos.script import QUESTIONS_OF_PERSON, person_of

# The numbers of a client's questions begin at the client's own number times this.
QUESTIONS = 120_000
_KEYED, _TOGETHER, _STREAMED, _STOPPED, _NEW_CONVERSATION = 0.5, 0.3, 0.7, 0.2, 0.3
# Each time so many persons have asked one question after the other, the next one asks all questions at once.
_PATIENT_PERSONS = 3


class Educator:
    def __init__(self, number: int, path: Path, urls: list[str]) -> None:
        earlier = list(journal.read(path))
        self._journal = Journal(path)
        self._asker = Asker(self._journal, urls)
        self._number = max((entry.number for entry in earlier), default=number * QUESTIONS)
        self._last = next((entry for entry in reversed(earlier) if entry.message_id), None)
        self._random = Random(self._number)
        self._person: int | None = None
        self._conversation: str | None = None
        self._stopping = False

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def run(self) -> None:
        if self._last:
            self._resume(self._last)
        while not self._stopping:
            self._number += 1
            self._become(person_of(self._number))
            if self._number % QUESTIONS_OF_PERSON == 0 and person_of(self._number) % (_PATIENT_PERSONS + 1) == 0:
                self._asker.query_all(range(self._number, self._number + QUESTIONS_OF_PERSON))
                self._number += QUESTIONS_OF_PERSON - 1
            else:
                self._ask(self._number)

    def _become(self, person: int) -> None:
        """Signs in as a person, unless that person is signed in."""
        while person != self._person:
            with suppress(httpx.TransportError):
                parameters = {"email": f"educator{person}@example.org"}
                if self._asker.replica.get("/auth/dev/login", params=parameters).status_code == 302:
                    self._person, self._conversation = person, None
                    break
            self._asker.switch_replica()
            time.sleep(PAUSE_SECONDS)
        for replica in self._asker.replicas:
            replica.cookies = self._asker.replica.cookies

    def _resume(self, last: Entry) -> None:
        """Reads the answer that an earlier process of this client was reading when it was killed."""
        assert last.message_id
        self._become(person_of(last.number))
        self._journal.note(Step.sent, last.number)
        self._asker.follow(last.number, last.message_id, {})

    def _ask(self, number: int) -> None:
        chance = self._random.random
        keyed, together = chance() < _KEYED, chance() < _TOGETHER
        streamed, stopped = chance() < _STREAMED, chance() < _STOPPED
        headers = {"Idempotency-Key": f"question {number}"} if keyed else {}
        path = f"/api/conversations/{self._conversation_id()}/messages"
        for _ in range(ATTEMPTS if keyed else 1):
            self._journal.note(Step.sent, number)
            if keyed and together:
                done = self._asker.post_to_all(number, path, headers)
            elif streamed:
                done = self._asker.stream(number, f"{path}/stream", headers, stop=stopped)
            else:
                done = self._asker.post(number, path, headers)
            if done:
                return
            time.sleep(PAUSE_SECONDS)
        # A conversation refuses questions while an answer is in progress, even when its replica is dead.
        self._conversation = None

    def _conversation_id(self) -> str:
        """Returns the conversation of the last question, or creates another one."""
        while self._conversation is None or self._random.random() < _NEW_CONVERSATION:
            with suppress(httpx.TransportError):
                response = self._asker.replica.post("/api/conversations", json={})
                if response.status_code == 201:
                    self._conversation = str(response.json()["id"])
                    break
            self._asker.switch_replica()
            time.sleep(PAUSE_SECONDS)
        return self._conversation


def main() -> None:
    number, path, *urls = sys.argv[1:]
    educator = Educator(int(number), Path(path), urls)
    signal.signal(signal.SIGTERM, educator.stop)
    educator.run()


if __name__ == "__main__":
    main()
