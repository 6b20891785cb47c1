"""Runs the retrieval benchmark of several checkouts in turns, because its statements run inside its own process."""

import argparse
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.live import environment
from tests.tools.bench.systems import ROOT, python_of

# The second one is the name in checkouts whose benchmarks stand directly below tests/.
_PROGRAMS = ("tests.tools.bench.retrieval.run", "tests.bench.retrieval.run")


def compare(options: argparse.Namespace) -> None:
    """Prints the table of each checkout, round after round. A different checkout comes first in each round."""
    trees: list[tuple[str, Path]] = [("service", ROOT), *options.tree]
    for turn in range(options.rounds):
        first = turn % len(trees)
        for name, tree in trees[first:] + trees[:first]:
            print(f"\n{name}, round {turn + 1} of {options.rounds}", flush=True)
            _run(tree, list(_arguments(options)))


def _run(tree: Path, arguments: Sequence[str]) -> None:
    """Runs the benchmark. A missed goal ends it with an error, which does not end the comparison."""
    program = next(each for each in _PROGRAMS if (tree / each.replace(".", "/")).with_suffix(".py").exists())
    command = [python_of(tree), "-m", program, "--dry", *arguments]
    subprocess.run(command, cwd=tree, env=environment(PYTHONPATH=str(tree)), stdout=sys.stdout, check=False)


def _arguments(options: argparse.Namespace) -> Iterable[str]:
    return (
        f"--{name.replace('_', '-')}={value}"
        for name, value in vars(options).items()
        if name not in {"tree", "rounds", "dry"}
    )
