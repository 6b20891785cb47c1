"""One application for all tests of a process, clients for several people, and ways to make the coach wait or fail."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from types import MappingProxyType
from typing import Any, cast

import httpx
import psycopg
import pytest
from litestar import Litestar

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.coach.runs.timings import DEFAULT_TIMINGS, Timings
from plccoach_api.database import session
from tests.conftest import GENEROUS
from tests.lent import LentDatabase
from tests.pooler import Pooler, set_role

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
def database_url(lent_url: str) -> str:
    return lent_url


def address_of(request: pytest.FixtureRequest, url: str) -> dict[str, str]:
    """Returns the settings of a database: with `--pooler`, PgBouncer is in front of it."""
    if not request.config.getoption("--pooler"):
        return {"DATABASE_URL": url}
    pooler: Pooler = request.getfixturevalue("pooler")
    set_role(url, session.SETTINGS)
    return pooler.settings(url)


@pytest.fixture(scope="session")
def address(request: pytest.FixtureRequest, lent_database: LentDatabase) -> dict[str, str]:
    return address_of(request, lent_database.url)


@pytest.fixture(scope="session")
async def open_app(address: dict[str, str]) -> AsyncIterator[Litestar]:
    app = create_app(settings.load(address | GENEROUS, None))
    async with app.lifespan():
        yield app


@pytest.fixture
def app(open_app: Litestar, database_url: str) -> Litestar:  # noqa: ARG001 - the fixture empties the database afterwards
    """The application, in the tests' own event loop, so that requests can run concurrently.

    Only an `async` test may use it: a fixture of the event loop cannot be made for another one.
    """
    return open_app


@asynccontextmanager
async def replica(
    database_url: str,
    *,
    timings: Timings = DEFAULT_TIMINGS,
    cookies: httpx.Cookies | None = None,
    configured: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[httpx.AsyncClient]:
    """Yields a client of a second application on the same database. `cookies` are those of a signed-in client."""
    app = create_app(settings.load({"DATABASE_URL": database_url} | GENEROUS | dict(configured), None), timings)
    async with app.lifespan(), client_of(app, cookies=cookies) as client:
        yield client


def client_of(app: Litestar, base_url: str = "http://testserver.local", **options: Any) -> httpx.AsyncClient:
    """Returns a client that calls the application directly, without a server."""
    transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=base_url, timeout=30, **options)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, follow_redirects=True) as client:
        yield client


@pytest.fixture
async def educator(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The client, signed in as an educator."""
    response = await client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
    assert response.status_code == 302
    return client


@pytest.fixture
async def sign_in(app: Litestar) -> AsyncIterator[SignIn]:
    """Signs somebody in, and returns a client of their own."""
    async with AsyncExitStack() as stack:

        async def sign_in(email: str, **parameters: str) -> httpx.AsyncClient:
            person = await stack.enter_async_context(client_of(app))
            response = await person.get("/auth/dev/login", params={"email": email, **parameters})
            assert response.status_code == 302
            return person

        yield sign_in


@pytest.fixture
async def erin(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("erin@example.org")


@contextmanager
def coach_waiting(database_url: str) -> Iterator[None]:
    """Locks the corpus. A question waits, and after 3 seconds ends with coach-unavailable."""
    with psycopg.connect(database_url) as connection:
        connection.execute("LOCK TABLE chunks IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


@contextmanager
def coach_broken(database_url: str) -> Iterator[None]:
    """Renames a table of the corpus, so that every question ends with an internal error."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE chunks RENAME TO mislaid")
        yield
        connection.execute("ALTER TABLE mislaid RENAME TO chunks")
