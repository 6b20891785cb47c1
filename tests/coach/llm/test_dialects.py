"""Recorded dialects are answered over HTTP by the real engine. tests/slow answers through all of them."""

import pytest

from tests.tools.dialects.recorded import DIALECTS
from tests.tools.dialects.run import broken_streams, faults_of
from tests.tools.dialects.wire import Dialect


@pytest.mark.parametrize("dialect", DIALECTS[::8], ids=lambda dialect: dialect.name)
async def test_a_recorded_dialect_is_answered(dialect: Dialect) -> None:
    assert await faults_of(dialect) == []


@pytest.mark.parametrize("unopened", [False, True])
async def test_random_streams_show_no_thought_and_cite_verbatim(*, unopened: bool) -> None:
    broken, kinds = await broken_streams(range(100_000, 100_020), unopened=unopened)
    assert broken == []
    assert kinds["answer"] > 12
