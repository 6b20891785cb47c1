"""Polls the database for answers that are being generated, and records how long each one takes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import psycopg

_POLL_SECONDS = 0.25
_GENERATING = "SELECT id, run_id FROM messages WHERE status = 'generating'"


class Watch:
    def __init__(self, url: str) -> None:
        self._url = url
        self._since: dict[tuple[UUID, UUID], float] = {}
        self._longest = 0.0
        self._ended = threading.Event()

    @property
    def generating(self) -> int:
        """The number of answers that were being generated at the last poll."""
        return len(self._since)

    @property
    def longest(self) -> float:
        """The longest time, in seconds, that one run of an answer was seen as generating."""
        return self._longest

    def run(self) -> None:
        while not self._ended.is_set():
            with suppress(psycopg.OperationalError), psycopg.connect(self._url, autocommit=True) as connection:
                while not self._ended.wait(_POLL_SECONDS):
                    self._poll(connection)
            self._ended.wait(_POLL_SECONDS)

    def _poll(self, connection: psycopg.Connection) -> None:
        now = time.monotonic()
        attempts = connection.execute(_GENERATING).fetchall()
        self._since = {attempt: self._since.get(attempt, now) for attempt in attempts}
        self._longest = max([self._longest, *(now - since for since in self._since.values())])

    @contextmanager
    def watching(self) -> Iterator[None]:
        thread = threading.Thread(target=self.run)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()
