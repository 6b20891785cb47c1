"""The incidents of a run. Each begins with the block and ends with it; how long it lasts is the caller's choice."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from random import Random

from plccoach_api.database import migrations
from tests import live
from tests.tools.chaos.parts import Part
from tests.tools.chaos.replica import Replica
from tests.tools.chaos.stops import tell_twice

_RELEASE_EVERY = 60


class Incident(StrEnum):
    client = "client killed"
    replica = "replica killed"
    database = "database killed"
    model = "model killed"
    two_signals = "replica told twice to stop"
    unread_log = "log unread"
    lost_log = "log reader gone"
    read_only = "database read-only"
    release = "release rolled out and back"


# The seconds that an incident lasts.
_SHORT, _LONG = (0.0, 0.7), (1.0, 3.0)
SECONDS = dict.fromkeys(Incident, _SHORT) | {Incident.read_only: _LONG, Incident.unread_log: _LONG}


def plan(random: Random, count: int) -> list[Incident]:
    """Returns the incidents of a run. All kinds are equally frequent, but for releases: there is one in sixty."""
    kinds = [each for each in Incident if each is not Incident.release]
    planned: list[Incident] = []
    while len(planned) < count:
        planned += random.sample(kinds, len(kinds))
    for number in range(min(count, _RELEASE_EVERY) // 2, count, _RELEASE_EVERY):
        planned[number] = Incident.release
    return planned[:count]


@contextmanager
def killed(part: Part) -> Iterator[None]:
    part.kill()
    yield
    part.restart()


@contextmanager
def told_twice(replica: Replica, random: Random) -> Iterator[None]:
    replica.stop(lambda service: tell_twice(service, random))
    yield
    replica.restart()


@contextmanager
def unread_log(replica: Replica) -> Iterator[None]:
    replica.reader.send_signal(signal.SIGSTOP)
    yield
    replica.reader.send_signal(signal.SIGCONT)


@contextmanager
def lost_log(replica: Replica) -> Iterator[None]:
    """Nobody reads the log of the replica until it is restarted."""
    replica.reader.kill()
    yield


@contextmanager
def release(replicas: Sequence[Replica], rolled: int, next_version: Mapping[str, str], database: str) -> Iterator[None]:
    """Replaces the first `rolled` replicas by the next version, one after the other, and then goes back.

    All others have to stay ready on the newer schema.
    """
    for replica in replicas:
        replica.wait_until_ready()
    for replica in replicas[:rolled]:
        _replace(replica, next_version, replicas)
    if migrations.state(database).revision == migrations.head():
        replicas[0].faults.append("the next version did not migrate the schema")
    yield
    for replica in replicas[:rolled]:
        _replace(replica, {}, replicas)
    command = [*live.COMMAND, "migrate", "--to", migrations.head()]
    variables = live.environment(DATABASE_URL=database, **next_version)
    # Python imports from the working folder before it imports from PYTHONPATH.
    subprocess.run(command, env=variables, cwd=next_version["PYTHONPATH"], check=True, capture_output=True)


def _replace(replica: Replica, version: Mapping[str, str], replicas: Sequence[Replica]) -> None:
    replica.stop()
    replica.restart(version)
    replica.wait_until_ready()
    for other in replicas:
        with other.service.client() as client:
            if (ready := client.get("/ready")).status_code != 200:
                other.faults.append(f"/ready was {ready.status_code} during a release: {ready.text}")
