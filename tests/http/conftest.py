"""Several people at once, each with a client of their own, and a coach who can be kept waiting."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, cast

import httpx
import psycopg
import pytest
from litestar import Litestar

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def sign_in(app: Litestar) -> AsyncIterator[SignIn]:
    """Signs somebody in. The application runs in the test's own event loop, where requests meet each other."""
    async with app.lifespan(), AsyncExitStack() as stack:

        async def sign_in(email: str, **parameters: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
            person = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://testserver.local", timeout=30)
            )
            response = await person.get("/auth/dev/login", params={"email": email, **parameters})
            assert response.status_code == 302
            return person

        yield sign_in


@pytest.fixture
async def erin(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("erin@example.org")


@contextmanager
def coach_waiting(database_url: str) -> Iterator[None]:
    """The corpus can't be read: whoever asks waits, and after 3 seconds is told that the coach is away."""
    with psycopg.connect(database_url) as connection:
        connection.execute("LOCK TABLE chunks IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


@contextmanager
def coach_broken(database_url: str) -> Iterator[None]:
    """The corpus is not where our own code looks for it."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE chunks RENAME TO mislaid")
        yield
        connection.execute("ALTER TABLE mislaid RENAME TO chunks")
