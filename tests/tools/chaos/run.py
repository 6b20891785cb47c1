"""`just chaos`: incidents hit clients, replicas, the database and the model at random moments, and a judge follows.

Clients ask three replicas that share a database and a model. Each incident begins while an answer is being generated.
At the end no question may be lost, no answer may be stuck, no citation may be cut off, nobody may have asked more than
the limit, and a minimum of the answers has to be complete.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

from plccoach_api.logs.configuration import configure_logging
from tests.tools.chaos import incidents, judge
from tests.tools.chaos.deployment import Deployment
from tests.tools.chaos.incidents import Incident
from tests.tools.chaos.outcome import counts, recovery_faults, stored_faults, until
from tests.tools.chaos.watch import Watch

# The longest time from the start of an answer to the incident: an answer takes about this long.
_DELAY_SECONDS = 1.5
_LAST_ANSWERS_SECONDS = 90.0
# An open circuit breaker rejects requests for 20 s.
_NEXT_ANSWER_SECONDS = 30.0
# The share of incidents that must begin while an answer is being generated: with fewer, a run proves little.
_LEAST_INTERRUPTED = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(prog="just chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=50, help="the number of incidents (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="repeats the incidents of an earlier run (default: random)")
    parser.add_argument("--seconds", type=int, default=180, help="no incident begins later (default: %(default)s)")
    options = parser.parse_args()
    seed = Random().randrange(1_000_000) if options.seed is None else options.seed
    configure_logging("ERROR", readable=True)
    # Without this, a SIGTERM would leave the replicas and the database running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began, random = time.monotonic(), Random(seed)
    planned = incidents.plan(random, options.events)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plcchaos")))
        deployment = Deployment(stack, folder, random)
        watch = Watch(deployment.url)
        with watch.watching():
            deployment.start_clients()
            interrupted = _happen(deployment, watch, random, planned, options.seconds)
            deployment.stop_clients()
            until(lambda: not watch.generating, _LAST_ANSWERS_SECONDS)
        happened = planned[: len(interrupted)]
        faults = [*stored_faults(deployment, len(happened)), *_faults_of_run(watch, interrupted)]
        faults += [*recovery_faults(deployment)]
        for replica in deployment.replicas:
            replica.stop()
        faults += [*deployment.faults()]
    print(f"{len(happened)} incidents (seed {seed}) in {time.monotonic() - began:.0f} s: {counts(Counter(happened))}")
    for fault in faults:
        print(f"FAULT {fault}")
    raise SystemExit(bool(faults))


def _happen(
    deployment: Deployment, watch: Watch, random: Random, planned: Sequence[Incident], seconds: int
) -> list[int]:
    """Returns the number of answers that were being generated, for each incident that happened."""
    interrupted: list[int] = []
    began = time.monotonic()
    for kind in planned:
        if (elapsed := time.monotonic() - began) > seconds:
            break
        until(lambda: watch.generating > 0, _NEXT_ANSWER_SECONDS)
        time.sleep(random.uniform(0, _DELAY_SECONDS))
        interrupted.append(watch.generating)
        print(f"{elapsed:4.0f} s: {kind}, while {watch.generating} answers are generated", file=sys.stderr, flush=True)
        with deployment.incident(kind):
            time.sleep(random.uniform(*incidents.SECONDS[kind]))
    return interrupted


def _faults_of_run(watch: Watch, interrupted: Sequence[int]) -> Iterator[str]:
    mean = sum(interrupted) / len(interrupted)
    print(f"the longest answer took {watch.longest:.1f} s; an incident met {mean:.1f} answers on average")
    if watch.longest > judge.GENERATING_SECONDS:
        yield f"an answer was generating for {watch.longest:.1f} s"
    if (met := sum(map(bool, interrupted))) < _LEAST_INTERRUPTED * len(interrupted):
        yield f"only {met} of {len(interrupted)} incidents began while an answer was being generated"


if __name__ == "__main__":
    main()
