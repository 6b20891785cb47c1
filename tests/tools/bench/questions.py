"""The questions that the benchmark asks. Most were never asked before, and some are asked by many people.

A question that is asked again finds its routing and its passages in the caches, and costs a fraction of a new one.
"""

from itertools import product
from pathlib import Path
from random import Random

from tests.tools.eval import cases, questions

# Enough that no measurement comes to their end.
_NUMBER = 20_000
_REPEATED = 0.3
_POPULAR = 30
_HANDBOOK = Path(cases.__file__).parent / "cases" / "handbook.toml"
_GRADES = ("kindergarten", *(f"grade {number}" for number in range(1, 13)))
_SUBJECTS = ("maths", "reading", "writing", "science", "history", "art", "music", "Spanish", "health", "economics")


def asked() -> list[str]:
    """Returns the same questions about the sample handbook in each run. Three of ten are among the most popular."""
    rng = Random(1)
    known = [case.text for case in questions.added_to(cases.load(_HANDBOOK)).in_scope]
    new = [f"{text} We teach {subject} in {grade}." for text, grade, subject in product(known, _GRADES, _SUBJECTS)]
    rng.shuffle(new)
    popular = rng.sample(known, _POPULAR)
    return [rng.choice(popular) if rng.random() < _REPEATED else text for text in new[:_NUMBER]]
