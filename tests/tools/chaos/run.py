"""`just chaos`: kills clients, replicas, the database and the model at random moments, and judges what is left.

Clients ask two replicas that share a database and a model: all real processes, all on this machine. Each kill
falls somewhere within an answer. At the end nothing may be lost, nothing stuck, and nothing half.
"""

import argparse
import sys
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

from plccoach_api import logs
from plccoach_api.database import embedded, migrations
from tests import live
from tests.tools.chaos import journal, judge, script
from tests.tools.chaos.judge import Exchange
from tests.tools.chaos.parts import Part, Postgres, Program, Replica
from tests.tools.chaos.watch import Watch

_CLIENTS = 6
# An answer takes about 1.5 s.
_WITHIN_SECONDS = 1.5
_AWAY_SECONDS = 0.7
_QUIET_SECONDS = 90.0
# A breaker that has opened lets nobody through for 20 s.
_IN_FLIGHT_SECONDS = 30.0
_ANSWERS_SECONDS = 30.0
# So many of the kills must have met an answer in the making: fewer prove nothing.
_MET = 0.9

_EXCHANGES = """\
SELECT q.content AS question, a.id, a.status, a.content, a.citations
FROM messages AS q
JOIN messages AS a
    ON a.user_id = q.user_id AND a.conversation_id = q.conversation_id AND a.role = 'assistant'
    AND a.created_at = q.created_at + interval '1 microsecond'
WHERE q.role = 'user'
"""


@dataclass(slots=True)
class Tally:
    """What was done."""

    kills: Counter[str] = field(default_factory=Counter)
    met: list[int] = field(default_factory=list)
    """How many answers were being generated, at each kill."""


class Stage:
    """Two replicas, their database and their model, and those who ask."""

    def __init__(self, stack: ExitStack, folder: Path, random: Random) -> None:
        self.url = stack.enter_context(embedded.running(folder / "data"))
        migrations.upgrade(self.url)
        self._journals = folder
        self._stack = stack
        self._random = random
        database, model_port = Postgres(folder / "data", self.url, random), live.free_port()
        model = Program("model", ["tests.chaos.script", str(model_port)])
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
        self._others: list[list[Part]] = [[*self.replicas], [database], [model]]

    def _journal(self, number: int) -> Path:
        return self._journals / f"journal{number}"

    def ask(self) -> None:
        urls = [replica.service.url for replica in self.replicas]
        for number in range(1, _CLIENTS + 1):
            # Half of them begin at either replica.
            order = urls if number % 2 else urls[::-1]
            client = Program("client", ["tests.chaos.client", str(number), str(self._journal(number)), *order])
            self._stack.callback(client.stop)
            self.clients.append(client)

    def victim(self) -> Part:
        """Of each kind as often."""
        kinds: list[list[Part]] = [[*self.clients], *self._others]
        return self._random.choice(self._random.choice(kinds))

    def journals(self) -> Iterable[journal.Entry]:
        return chain.from_iterable(journal.read(self._journal(number)) for number in range(1, _CLIENTS + 1))


def main() -> None:
    parser = argparse.ArgumentParser(prog="just chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, help="for the same kills in the same order (default: another each time)")
    options = parser.parse_args()
    seed = Random().randrange(1_000_000) if options.seed is None else options.seed
    logs.configure("ERROR", readable=True)
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plcchaos")))
        random = Random(seed)
        stage = Stage(stack, folder, random)
        watch = Watch(stage.url)
        with watch.watching():
            stage.ask()
            tally = _kill(stage, watch, random, options.kills)
            for client in stage.clients:
                client.stop()
            _until(lambda: not watch.generating, _QUIET_SECONDS)
            found = [*_judged(stage, watch, tally), *_answers_again(stage)]
    _say(f"{tally.kills.total()} kills (seed {seed}) in {time.monotonic() - began:.0f} s: {_counted(tally.kills)}")
    for finding in found:
        _say(f"FOUND {finding}")
    raise SystemExit(bool(found))


def _kill(stage: Stage, watch: Watch, random: Random, kills: int) -> Tally:
    tally = Tally()
    for _ in range(kills):
        _until(lambda: watch.generating > 0, _IN_FLIGHT_SECONDS)
        time.sleep(random.uniform(0, _WITHIN_SECONDS))
        part = stage.victim()
        tally.kills[part.kind] += 1
        tally.met.append(watch.generating)
        part.kill()
        time.sleep(random.uniform(0, _AWAY_SECONDS))
        part.bring_back()
    return tally


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return met


def _answers_again(stage: Stage) -> Iterator[str]:
    """Each replica is ready, and answers."""
    for number, replica in enumerate(stage.replicas):
        replica.service.wait_for(seconds=30)
        with replica.service.client() as client:
            client.get("/auth/dev/login", params={"email": "after@example.org"})
            if not _until(lambda: _answers(client, number), _ANSWERS_SECONDS):  # noqa: B023 - called at once
                yield f"replica {number} does not answer"


def _answers(client: httpx.Client, number: int) -> bool:
    return client.post("/api/coach/query", json={"query": script.question(number)}).status_code == 200


def _judged(stage: Stage, watch: Watch, tally: Tally) -> Iterator[str]:
    with psycopg.connect(stage.url, row_factory=dict_row) as connection:
        stored = msgspec.convert(connection.execute(_EXCHANGES).fetchall(), list[Exchange])
        [messages] = connection.execute("SELECT count(*) AS all FROM messages").fetchall()
        chunks = connection.execute("SELECT id, content FROM chunks").fetchall()
    asked = judge.asked(stage.journals())
    statuses = Counter(str(pending.status) for pending in stored)
    _say(f"{len(asked)} questions, {len(stored)} stored: {_counted(statuses)}")
    _say(f"longest generating {watch.longest:.1f} s; in the making at a kill {sum(tally.met) / len(tally.met):.1f}")
    if messages["all"] != 2 * len(stored):
        yield f"{messages['all']} messages are no {len(stored)} questions with an answer each"
    if watch.longest > judge.GENERATING_SECONDS:
        yield f"an answer was generating for {watch.longest:.1f} s"
    if sum(map(bool, tally.met)) < _MET * len(tally.met):
        yield f"only {sum(map(bool, tally.met))} of {len(tally.met)} kills met an answer in the making"
    yield from judge.findings(asked, stored, {chunk["id"]: chunk["content"] for chunk in chunks})


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items()))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
