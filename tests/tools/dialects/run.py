"""Asks through every recorded dialect and through ten thousand adversarial streams, and prints what failed.

The exit code is 1 when a dialect is not answered, or when an answer shows a thought, a reference without a citation or
a quote that is not verbatim.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter

from plccoach_api.coach.answer import AnswerRequest
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.problems import CoachUnavailable
from tests.coach.passages import PASSAGES
from tests.tools.dialects import adversarial
from tests.tools.dialects.ask import engine_of, faults, shown_and_answer, unsafe
from tests.tools.dialects.recorded import DIALECTS
from tests.tools.dialects.wire import Dialect
from tests.tools.model_server import serving

_BATCH = 250
# Every fifth batch comes from a service whose models mark only the end of their thoughts.
_UNOPENED_SHARE = 5


async def faults_of(dialect: Dialect) -> list[str]:
    """Returns what is wrong with the answers through a dialect, and nothing when all is well."""
    with serving(dialect.reply) as server:
        async with engine_of(server, dialect.model) as engine:
            try:
                return await faults(engine, dialect)
            except CoachUnavailable:
                return ["the coach was unavailable"]


async def broken_streams(seeds: Sequence[int], *, unopened: bool) -> tuple[list[str], Counter[str]]:
    """Answers from these streams with one engine, as a process does.

    Returns the promises that were broken, and how many answers there are of each kind.
    """
    broken: list[str] = []
    kinds: Counter[str] = Counter()
    with serving() as model:
        async with engine_of(model, "qwq-32b" if unopened else "some-model") as engine:
            for seed in seeds:
                model.otherwise = adversarial.stream(seed, unopened=unopened)
                shown, answer = await shown_and_answer(engine, AnswerRequest(text="trust", passages=PASSAGES))
                kinds[answer.kind] += 1
                broken += [f"stream {seed}, unopened={unopened}: {each}" for each in unsafe(shown, answer)]
    return broken, kinds


def _work(seeds: Sequence[int], unopened: bool) -> tuple[list[str], Counter[str]]:  # noqa: FBT001 - for a pool
    configure_logging("ERROR")
    return asyncio.run(broken_streams(seeds, unopened=unopened))


def _all_streams(streams: int, first: int) -> tuple[list[str], Counter[str]]:
    """Answers from all streams, in a process for each core."""
    numbers = range(first, first + streams)
    batches = [numbers[start : start + _BATCH] for start in range(0, streams, _BATCH)]
    unopened = [index % _UNOPENED_SHARE == 0 for index in range(len(batches))]
    broken: list[str] = []
    kinds: Counter[str] = Counter()
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for found, counted in pool.map(_work, batches, unopened):
            broken += found
            kinds += counted
    return broken, kinds


async def _all_dialects() -> int:
    failed = 0
    for dialect in DIALECTS:
        found = await faults_of(dialect)
        failed += bool(found)
        for each in found:
            print(f"{dialect.name}: {each}")
    print(f"{len(DIALECTS) - failed} of {len(DIALECTS)} dialects answered", flush=True)
    return failed


def main(streams: int, first: int) -> int:
    configure_logging("ERROR")
    started = perf_counter()
    failed = asyncio.run(_all_dialects())
    broken, kinds = _all_streams(streams, first)
    for each in broken[:20]:
        print(each)
    print(
        f"{streams} adversarial streams: {kinds['answer']} answers, {kinds['refusal']} refusals, {len(broken)} broken"
    )
    print(f"{perf_counter() - started:.0f} seconds")
    return 1 if failed or broken else 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--streams", type=int, default=10_000)
    arguments.add_argument("--first", type=int, default=1, help="the number of the first stream")
    options = arguments.parse_args()
    sys.exit(main(options.streams, options.first))
