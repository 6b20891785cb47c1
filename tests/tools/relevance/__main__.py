"""Fits the weights of rules/relevance.toml: `just relevance [FOLDER]…`; each folder has books/ and questions.toml.

Half a of the questions is fitted, and the shares of right decisions are printed for both halves.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from plccoach_api.logs.configuration import configure_logging
from plccoach_api.rules.relevance import WEIGHTS_FILE, Weights, estimate
from tests.tools.eval.cases import HALVES
from tests.tools.eval.measures import mean
from tests.tools.relevance.examples import Example, corpora_of, examples_of, own_corpora
from tests.tools.relevance.fit import fit

_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(prog="just relevance", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    configure_logging("ERROR", readable=True)
    with tempfile.TemporaryDirectory(prefix="plcrelevance") as folder:
        corpora = own_corpora(Path(folder))
        for each in arguments.folders:
            corpora += corpora_of(each)
        examples = [example for corpus in corpora for example in asyncio.run(examples_of(corpus))]
    weights = _fit(examples)
    WEIGHTS_FILE.write_text(_as_toml(weights), "utf-8")
    _print_figures(weights, examples)


def _fit(examples: Sequence[Example]) -> Weights:
    """Gives each corpus the same weight. Half of it is for the questions that the books answer."""
    fitted = [each for each in examples if each.half == "a"]
    counts = Counter((each.corpus, each.answered) for each in fitted)
    return fit(
        [each.features for each in fitted],
        [each.answered for each in fitted],
        [1 / counts[each.corpus, each.answered] for each in fitted],
    )


def _as_toml(weights: Weights) -> str:
    lines = ["# Made by `just relevance`. rules/relevance.py says what the features are."]
    lines += ["", f"intercept = {weights.intercept}", "", "[features]"]
    lines += [f"{name} = {weight}" for name, weight in weights.features.items()]
    return "\n".join(lines) + "\n"


def _print_figures(weights: Weights, examples: Sequence[Example]) -> None:
    """Prints the shares of questions that are rightly answered or refused, for each threshold."""
    print("in scope answered; off-topic, near-misses and long questions refused")
    for corpus in dict.fromkeys(each.corpus for each in examples):
        for half in HALVES:
            those = [each for each in examples if (each.corpus, each.half) == (corpus, half)]
            shares = (f"{threshold}: {_shares(weights, those, threshold)}" for threshold in _THRESHOLDS)
            print(f"{corpus:10}{half}   {'   '.join(shares)}")


def _shares(weights: Weights, examples: Sequence[Example], threshold: float) -> str:
    right: dict[str, list[bool]] = {}
    for each in examples:
        answered = estimate(weights, each.features) >= threshold
        right.setdefault(each.kind, []).append(answered is each.answered)
    return " ".join(f"{mean(right.get(kind, [])):.2f}" for kind in ("in_scope", "off_topic", "near_miss", "long"))


if __name__ == "__main__":
    main()
