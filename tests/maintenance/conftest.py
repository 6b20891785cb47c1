"""The maintenance changes only rows, so its tests can share one database, which is emptied after each."""

import pytest


@pytest.fixture
def database_url(lent_url: str) -> str:
    return lent_url
