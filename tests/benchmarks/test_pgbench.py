"""The scripts of pgbench fill in every placeholder of the service's statements."""

import pytest

from tests.statements import PLACEHOLDER
from tests.tools.bench import pgbench


@pytest.mark.parametrize(
    "row", [*pgbench.SCRIPTS, "/api/coach/query", "/api/coach/query, repeated", "/api/conversations/{id}/messages"]
)
def test_each_script_of_a_row_has_an_expression_for_every_placeholder(row: str) -> None:
    scripts = pgbench.scripts(row)

    assert scripts
    assert not [line for script in scripts for line in script if PLACEHOLDER.search(line)]
