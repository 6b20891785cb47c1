"""The plan of a run has every kind of incident, and a seed repeats it."""

from collections import Counter
from random import Random

import pytest

from tests.tools.chaos.incidents import Incident, plan


@pytest.mark.parametrize(("count", "releases"), [(1, 1), (50, 1), (60, 1), (200, 3)])
def test_a_plan_has_a_release_in_sixty_and_equally_many_of_every_other_kind(count: int, releases: int) -> None:
    kinds = Counter(plan(Random(1), count))
    assert kinds.total() == count
    assert kinds.pop(Incident.release) == releases
    if count >= 50:
        assert len(kinds) == len(Incident) - 1
        assert max(kinds.values()) - min(kinds.values()) <= 1 + releases


def test_a_seed_repeats_the_plan_and_another_seed_changes_it() -> None:
    assert plan(Random(1), 50) == plan(Random(1), 50) != plan(Random(2), 50)
