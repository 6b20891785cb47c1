"""Commands leave nothing but rows, so that they can share a database."""

import pytest


@pytest.fixture
def database_url(lent_url: str) -> str:
    return lent_url
