"""The goals of the evaluation, and the table that compares the figures with them.

A figure is judged on half b of its questions: half a may have been used to choose a number. A goal with `most` is
an upper limit, any other a lower limit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.tools.eval.cases import HALVES, Half
from tests.tools.eval.measures import mean


@dataclass(frozen=True, slots=True)
class Goal:
    name: str
    limit: float
    most: bool = False

    def reached(self, value: float) -> bool:
        return value <= self.limit if self.most else value >= self.limit


IN_SCOPE_ANSWERED = "in scope answered"
IN_SCOPE_ANSWERED_AMID = "in scope answered amid greetings and names"
IN_SCOPE_ANSWERED_IN_STORY = "in scope answered in a story"
IN_SCOPE_FOUND = "in scope recall@7"
OFF_TOPIC_REFUSED = "off-topic refused"
OFF_TOPIC_REFUSED_AFTER = "off-topic refused after a question in scope"
OFF_TOPIC_REFUSED_IN_STORY = "off-topic refused in a story"
NEAR_MISSES_REFUSED = "near-misses refused"
FOLLOW_UPS_FOUND = "follow-ups recall@7"
LOST_AFTER_UNRELATED = "recall@7 lost after an unrelated question"
SENTENCE_SHOWN = "answering sentence shown"
SENTENCE_FIRST = "answering sentence first"
UNREADABLE = "quotes that are no whole sentences"
MISSPELT_REGAINED = "misspelt, share of the loss regained"
SPANISH_FOUND = "Spanish recall@7, without a model"
SPANISH_FOUND_WITH_MODEL = "Spanish recall@7, a model routes"
LOOK_UPS_RIGHT = "look-ups right"
CLAIMS_STOPPED = "unsupported claims stopped"
CLAIMS_KEPT = "supported claims kept"
MILLISECONDS = "a question's own time, median ms"

GOALS = {
    goal.name: goal
    for goal in (
        Goal(IN_SCOPE_ANSWERED, 0.93),
        Goal(IN_SCOPE_ANSWERED_AMID, 0.85),
        Goal(IN_SCOPE_ANSWERED_IN_STORY, 0.85),
        Goal(OFF_TOPIC_REFUSED, 0.85),
        Goal(OFF_TOPIC_REFUSED_AFTER, 0.85),
        Goal(OFF_TOPIC_REFUSED_IN_STORY, 0.85),
        Goal(NEAR_MISSES_REFUSED, 0.60),
        Goal(FOLLOW_UPS_FOUND, 0.90),
        Goal(LOST_AFTER_UNRELATED, 0.02, most=True),
        Goal(SENTENCE_SHOWN, 0.65),
        Goal(SENTENCE_FIRST, 0.45),
        Goal(UNREADABLE, 0.03, most=True),
        Goal(MISSPELT_REGAINED, 0.60),
        Goal(SPANISH_FOUND_WITH_MODEL, 0.65),
        Goal(LOOK_UPS_RIGHT, 0.90),
        Goal(CLAIMS_STOPPED, 0.90),
        Goal(CLAIMS_KEPT, 0.95),
        Goal(MILLISECONDS, 25.0, most=True),
    )
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure on each half of its questions, and how many questions there are in both."""

    name: str
    halves: Mapping[Half, float]
    count: int
    note: str = field(default="")

    @property
    def missed(self) -> bool:
        goal = GOALS.get(self.name)
        return goal is not None and not goal.reached(self.halves["b"])


def share(name: str, values: Sequence[tuple[Half, float]], note: str = "") -> Figure:
    """Returns the mean of the values in each half."""
    means: dict[Half, float] = {half: mean(value for its_half, value in values if its_half == half) for half in HALVES}
    return Figure(name, means, len(values), note)


def print_table(corpus: str, figures: Sequence[Figure]) -> None:
    print(f"\n{corpus:44}{'half a':>8}{'half b':>8}{'n':>6}")
    for figure in figures:
        print(f"{figure.name:44}{figure.halves['a']:8.3f}{figure.halves['b']:8.3f}{figure.count:6}{_verdict(figure)}")


def _verdict(figure: Figure) -> str:
    note = f"   ({figure.note})" if figure.note else ""
    goal = GOALS.get(figure.name)
    if goal is None:
        return note
    return f"   goal {'≤' if goal.most else '≥'} {goal.limit:g} {'MISSED' if figure.missed else 'reached'}{note}"
