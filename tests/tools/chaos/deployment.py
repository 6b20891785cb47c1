"""Three replicas, their database, their model and the clients: all of them real processes on this machine."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import chain
from pathlib import Path
from random import Random

from plccoach_api.database import embedded, migrations
from tests import live, next_version
from tests.tools.chaos import incidents, journal, script, stops
from tests.tools.chaos.incidents import Incident
from tests.tools.chaos.parts import Postgres, Program
from tests.tools.chaos.replica import Replica

_CLIENTS = 6
_REPLICAS = 3
# A release replaces these; the last replica stays at this version.
_ROLLED = 2


class Deployment:
    def __init__(self, stack: ExitStack, folder: Path, random: Random) -> None:
        self.url = stack.enter_context(embedded.running(folder / "data"))
        migrations.upgrade(self.url)
        self._journals = folder
        self._stack = stack
        self._random = random
        self._next_version = next_version.copy_service(folder / "next")
        self._database, model_port = Postgres(folder / "data", self.url, random), live.free_port()
        self._model = Program(["tests.tools.chaos.script", str(model_port)])
        stack.callback(self._model.stop)
        settings = {
            "DATABASE_URL": self.url,
            "ANSWERER": "openai",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
            "COACH_RATE_LIMIT": str(script.RATE_LIMIT),
            "SIGN_IN_RATE_LIMIT": "1000000",
            "SHUTDOWN_TIMEOUT": str(stops.SHUTDOWN_SECONDS),
        }
        self.replicas = [Replica(folder / f"replica{number}", **settings) for number in range(_REPLICAS)]
        for replica in self.replicas:
            stack.callback(replica.stop)
        for replica in self.replicas:
            replica.wait_until_ready()
        self._clients: list[Program] = []

    def start_clients(self) -> None:
        urls = [replica.service.url for replica in self.replicas]
        for number in range(1, _CLIENTS + 1):
            # Equally many clients begin at each replica.
            first = number % len(urls)
            order = [*urls[first:], *urls[:first]]
            client = Program(["tests.tools.chaos.client", str(number), str(self._journal(number)), *order])
            self._stack.callback(client.stop)
            self._clients.append(client)

    def stop_clients(self) -> None:
        for client in self._clients:
            client.stop()

    def incident(self, kind: Incident) -> AbstractContextManager[None]:
        """Returns an incident that hits a random part of its kind."""
        client, replica = self._random.choice(self._clients), self._random.choice(self.replicas)
        begin: dict[Incident, Callable[[], AbstractContextManager[None]]] = {
            Incident.client: lambda: incidents.killed(client),
            Incident.replica: lambda: incidents.killed(replica),
            Incident.database: lambda: incidents.killed(self._database),
            Incident.model: lambda: incidents.killed(self._model),
            Incident.two_signals: lambda: incidents.told_twice(replica, self._random),
            Incident.unread_log: lambda: incidents.unread_log(replica),
            Incident.lost_log: lambda: incidents.lost_log(replica),
            Incident.read_only: self._database.read_only,
            Incident.release: lambda: incidents.release(self.replicas, _ROLLED, self._next_version, self.url),
        }
        return begin[kind]()

    def journals(self) -> Iterable[journal.Entry]:
        return chain.from_iterable(journal.read(self._journal(number)) for number in range(1, _CLIENTS + 1))

    def faults(self) -> Iterator[str]:
        for number, replica in enumerate(self.replicas):
            yield from (f"replica {number}: {fault}" for fault in replica.faults)

    def _journal(self, number: int) -> Path:
        return self._journals / f"journal{number}"
