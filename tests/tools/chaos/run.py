"""`just chaos`: kills clients, replicas, the database and the model at random moments, and judges the result.

Clients ask two replicas that share a database and a model. All of them are real processes on this machine. Each kill
happens while an answer is being generated. At the end no question may be lost, no answer may be stuck, and no
citation may be cut off.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from random import Random

import httpx
import msgspec
import psycopg
from psycopg.rows import dict_row

from plccoach_api.database import embedded, migrations
from plccoach_api.logs.configuration import configure_logging
from tests import live
from tests.tools.chaos import journal, judge, script
from tests.tools.chaos.judge import StoredAnswer
from tests.tools.chaos.parts import Part, Postgres, Program, Replica
from tests.tools.chaos.watch import Watch

_CLIENTS = 6
# The longest time from the start of an answer to the kill: an answer takes about this long.
_KILL_DELAY_SECONDS = 1.5
_DOWNTIME_SECONDS = 0.7
_LAST_ANSWERS_SECONDS = 90.0
# An open circuit breaker rejects requests for 20 s.
_NEXT_ANSWER_SECONDS = 30.0
_RECOVERY_SECONDS = 30.0
# The share of kills that must happen while an answer is being generated: with fewer, a run proves little.
_LEAST_INTERRUPTED = 0.9

_STORED_ANSWERS = """\
SELECT q.content AS question, a.id, a.status, a.content, a.citations
FROM messages AS q
JOIN messages AS a
    ON a.user_id = q.user_id AND a.conversation_id = q.conversation_id AND a.role = 'assistant'
    AND a.created_at = q.created_at + interval '1 microsecond'
WHERE q.role = 'user'
"""


@dataclass(slots=True)
class Tally:
    """The kills of a run."""

    kills: Counter[str] = field(default_factory=Counter)
    generating: list[int] = field(default_factory=list)
    """The number of answers that were being generated, for each kill."""

    @property
    def interrupted(self) -> int:
        """The number of kills that interrupted at least one answer."""
        return sum(map(bool, self.generating))


class Deployment:
    """Two replicas, their database, their model and the clients."""

    def __init__(self, stack: ExitStack, folder: Path, random: Random) -> None:
        self.url = stack.enter_context(embedded.running(folder / "data"))
        migrations.upgrade(self.url)
        self._journals = folder
        self._stack = stack
        self._random = random
        database, model_port = Postgres(folder / "data", self.url, random), live.free_port()
        model = Program("model", ["tests.tools.chaos.script", str(model_port)])
        stack.callback(model.stop)
        settings = {
            "DATABASE_URL": self.url,
            "ANSWERER": "openai",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
            "COACH_RATE_LIMIT": "100000",
            "SIGN_IN_RATE_LIMIT": "1000000",
        }
        self.replicas = [Replica(folder / name, **settings) for name in ("a", "b")]
        for replica in self.replicas:
            stack.callback(replica.stop)
            replica.service.wait_for(seconds=60)
        self.clients: list[Program] = []
        self._servers: list[list[Part]] = [[*self.replicas], [database], [model]]

    def _journal(self, number: int) -> Path:
        return self._journals / f"journal{number}"

    def start_clients(self) -> None:
        urls = [replica.service.url for replica in self.replicas]
        for number in range(1, _CLIENTS + 1):
            # Half of the clients begin at each replica.
            order = urls if number % 2 else urls[::-1]
            client = Program("client", ["tests.tools.chaos.client", str(number), str(self._journal(number)), *order])
            self._stack.callback(client.stop)
            self.clients.append(client)

    def victim(self) -> Part:
        """Chooses a part. Each kind of part is equally likely."""
        kinds: list[list[Part]] = [[*self.clients], *self._servers]
        return self._random.choice(self._random.choice(kinds))

    def journals(self) -> Iterable[journal.Entry]:
        return chain.from_iterable(journal.read(self._journal(number)) for number in range(1, _CLIENTS + 1))


def main() -> None:
    parser = argparse.ArgumentParser(prog="just chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="(default: %(default)s)")
    parser.add_argument(
        "--seed", type=int, help="repeats the kills of an earlier run in the same order (default: random)"
    )
    options = parser.parse_args()
    seed = Random().randrange(1_000_000) if options.seed is None else options.seed
    configure_logging("ERROR", readable=True)
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plcchaos")))
        random = Random(seed)
        deployment = Deployment(stack, folder, random)
        watch = Watch(deployment.url)
        with watch.watching():
            deployment.start_clients()
            tally = _kill(deployment, watch, random, options.kills)
            for client in deployment.clients:
                client.stop()
            _until(lambda: not watch.generating, _LAST_ANSWERS_SECONDS)
            faults = [*_faults(deployment, watch, tally), *_recovery_faults(deployment)]
    print(f"{tally.kills.total()} kills (seed {seed}) in {time.monotonic() - began:.0f} s: {_counts(tally.kills)}")
    for fault in faults:
        print(f"FAULT {fault}")
    raise SystemExit(bool(faults))


def _kill(deployment: Deployment, watch: Watch, random: Random, kills: int) -> Tally:
    tally = Tally()
    for _ in range(kills):
        _until(lambda: watch.generating > 0, _NEXT_ANSWER_SECONDS)
        time.sleep(random.uniform(0, _KILL_DELAY_SECONDS))
        part = deployment.victim()
        tally.kills[part.kind] += 1
        tally.generating.append(watch.generating)
        part.kill()
        time.sleep(random.uniform(0, _DOWNTIME_SECONDS))
        part.restart()
    return tally


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return met


def _recovery_faults(deployment: Deployment) -> Iterator[str]:
    """Yields a fault for each replica that does not answer."""
    for number, replica in enumerate(deployment.replicas):
        replica.service.wait_for(seconds=30)
        with replica.service.client() as client:
            client.get("/auth/dev/login", params={"email": "after@example.org"})
            if not _until(lambda: _answers(client, number), _RECOVERY_SECONDS):  # noqa: B023 - called at once
                yield f"replica {number} does not answer"


def _answers(client: httpx.Client, number: int) -> bool:
    return client.post("/api/coach/query", json={"query": script.question(number)}).status_code == 200


def _faults(deployment: Deployment, watch: Watch, tally: Tally) -> Iterator[str]:
    with psycopg.connect(deployment.url, row_factory=dict_row) as connection:
        stored = msgspec.convert(connection.execute(_STORED_ANSWERS).fetchall(), list[StoredAnswer])
        [messages] = connection.execute("SELECT count(*) AS all FROM messages").fetchall()
        chunks = connection.execute("SELECT id, content FROM chunks").fetchall()
    questions = judge.journaled_questions(deployment.journals())
    statuses = Counter(str(answer.status) for answer in stored)
    print(f"{len(questions)} questions, {len(stored)} stored: {_counts(statuses)}")
    answers_a_kill = sum(tally.generating) / len(tally.generating)
    print(f"the longest answer took {watch.longest:.1f} s; a kill interrupted {answers_a_kill:.1f} answers on average")
    if messages["all"] != 2 * len(stored):
        yield f"{messages['all']} messages are stored, not {len(stored)} questions with one answer each"
    if watch.longest > judge.GENERATING_SECONDS:
        yield f"an answer was generating for {watch.longest:.1f} s"
    if tally.interrupted < _LEAST_INTERRUPTED * len(tally.generating):
        yield f"only {tally.interrupted} of {len(tally.generating)} kills interrupted an answer"
    yield from judge.findings(questions, stored, {chunk["id"]: chunk["content"] for chunk in chunks})


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items()))


if __name__ == "__main__":
    main()
