"""`just failover`: kills a primary while questions are asked, promotes its standby, and counts what was lost.

Askers note each answer that the service has acknowledged. The standby loses its connection, and two seconds later the
primary is killed. With synchronous replication no answer is acknowledged without the standby, so nothing may be lost.
With `--asynchronous` the program prints how many answers were lost. The service has both hosts in DATABASE_URL, and it
must answer again by itself.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event
from uuid import UUID

import httpx
import psycopg

from plccoach_api.database import embedded, migrations
from plccoach_api.logs.configuration import configure_logging
from tests import live
from tests.standby import host_of, kill, make_standby

_ASKERS = 4
_QUESTION = {"query": "What are the four critical questions of a PLC?"}
_ENOUGH = 20
_SECONDS = 300.0
_SETTINGS = {"COACH_RATE_LIMIT": "100000", "SIGN_IN_RATE_LIMIT": "1000000"}


class Journal:
    """The answers that the service has confirmed, in their order."""

    def __init__(self) -> None:
        self.acknowledged: list[UUID] = []

    def wait_for(self, more: int) -> None:
        least = len(self.acknowledged) + more
        live.wait_until(lambda: len(self.acknowledged) >= least, f"{more} more answers", seconds=_SECONDS)


class Pair:
    """A primary that runs, and its standby."""

    def __init__(self, stack: ExitStack, folder: Path, *, synchronous: bool) -> None:
        self._primary, standby = folder / "primary", folder / "standby"
        with embedded.running(self._primary) as url:
            migrations.upgrade(url)
        make_standby(self._primary, standby)
        self.standby_url = stack.enter_context(embedded.running(standby))
        self._primary_url = stack.enter_context(embedded.running(self._primary))
        self._wait_for_standbys(1)
        if synchronous:
            _configure(self._primary_url, "synchronous_standby_names", "*")
            self._wait_for_standbys(1, "sync")

    @property
    def address(self) -> str:
        hosts = f"{host_of(self._primary_url)},{host_of(self.standby_url)}"
        return f"postgresql://postgres:@/postgres?host={hosts}&target_session_attrs=read-write"

    def cut(self) -> None:
        """Ends the replication."""
        _configure(self.standby_url, "primary_conninfo", "")
        self._wait_for_standbys(0)

    def fail_over(self) -> None:
        kill(self._primary)
        with psycopg.connect(self.standby_url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")

    def lost(self, answers: list[UUID]) -> int:
        with psycopg.connect(self.standby_url) as connection:
            found = connection.execute("SELECT count(*) FROM messages WHERE id = any(%s)", (answers,)).fetchone()
        assert found
        return len(answers) - int(found[0])

    def _wait_for_standbys(self, count: int, state: str | None = None) -> None:
        statement = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = coalesce(%s, sync_state)"
        with psycopg.connect(self._primary_url, autocommit=True) as connection:

            def are_there() -> bool:
                return connection.execute(statement, (state,)).fetchone() == (count,)

            live.wait_until(are_there, f"{count} standbys follow", seconds=_SECONDS)


def _configure(url: str, name: str, value: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def _asking(service: live.Service) -> Iterator[Journal]:
    """Asks until the block ends."""
    journal, ended = Journal(), Event()

    def ask(number: int) -> None:
        with service.client() as client:
            client.get("/auth/dev/login", params={"email": f"educator{number}@example.org"})
            while not ended.is_set():
                with suppress(httpx.TransportError):
                    response = client.post("/api/coach/query", json=_QUESTION)
                    if response.status_code == 200:
                        journal.acknowledged.append(UUID(response.json()["message_id"]))
                    else:
                        # The person's session may be lost too.
                        client.get("/auth/dev/login", params={"email": f"educator{number}@example.org"})

    with ThreadPoolExecutor(_ASKERS) as pool:
        for number in range(_ASKERS):
            pool.submit(ask, number)
        try:
            yield journal
        finally:
            ended.set()


def run(folder: Path, *, synchronous: bool, cut_seconds: float) -> Iterator[str]:
    """Prints the counts, and yields a line for each fault."""
    with ExitStack() as stack:
        pair = Pair(stack, folder, synchronous=synchronous)
        (home := folder / "service").mkdir()
        service = stack.enter_context(live.serving(home, DATABASE_URL=pair.address, **_SETTINGS))
        service.wait_for(seconds=_SECONDS)
        with _asking(service) as journal:
            journal.wait_for(_ENOUGH)
            before = len(journal.acknowledged)
            pair.cut()
            time.sleep(cut_seconds)
            if not synchronous:
                # Their loss is what such a run shows.
                journal.wait_for(_ENOUGH)
            pair.fail_over()
            at_fail_over = len(journal.acknowledged)
            began = time.monotonic()
            service.wait_for(seconds=_SECONDS)
            ready_seconds = time.monotonic() - began
            journal.wait_for(_ENOUGH)
        lost = pair.lost(journal.acknowledged)
        errors = [line["event"] for line in service.log() if line["level"] == "error"]
    print(
        f"{len(journal.acknowledged)} answers were acknowledged: {before} before the standby was cut off, "
        f"{at_fail_over - before} from then to the fail-over, {len(journal.acknowledged) - at_fail_over} since; "
        f"ready {ready_seconds:.1f} s after it; {lost} lost"
    )
    if synchronous and lost:
        yield f"{lost} acknowledged answers are lost"
    if errors:
        yield f"the log has errors: {errors}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="just failover", description=__doc__)
    parser.add_argument("--asynchronous", action="store_true", help="a commit does not wait for the standby")
    parser.add_argument("--cut", type=float, default=2.0, help="seconds without replication (default: %(default)s)")
    options = parser.parse_args()
    configure_logging("ERROR", readable=True)
    # Without this, a SIGTERM would leave the service and the databases running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="plcfailover") as folder:
        faults = [*run(Path(folder), synchronous=not options.asynchronous, cut_seconds=options.cut)]
    for fault in faults:
        print(f"FAULT {fault}", file=sys.stderr)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
