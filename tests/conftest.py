"""One PostgreSQL for the run, one template database made by the migrations, and clones of it for tests that commit."""

import asyncio
import fcntl
import gc
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import hypothesis
import psycopg
import pytest
import structlog
from litestar import Litestar
from litestar.testing import AsyncTestClient
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from structlog.dev import ConsoleRenderer, plain_traceback

from plccoach_api import resources, settings
from plccoach_api.app import create_app
from plccoach_api.database import embedded, migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.embedding.local import LOCAL
from plccoach_api.settings import Settings
from tests import sql_coverage
from tests.books import ingest_trusted
from tests.lent import LentDatabase

# No example has a time limit: machines are noisy, and the first text that is drawn builds tables of Unicode.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

# The default draws a frame around each line of a traceback, which takes longer than the request that failed.
*_processors, _ = structlog.get_config()["processors"]
structlog.configure(processors=[*_processors, ConsoleRenderer(exception_formatter=plain_traceback)])

# A shell script starts programs in the background with SIGINT ignored, and every process of a test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ("tests.live", "tests.pooler", "tests.tools.model_server")

ORIGIN = "http://localhost:5173"
# Tests ask and sign in more often than people do. The limits have tests of their own.
GENEROUS = {"COACH_RATE_LIMIT": "100000", "SIGN_IN_RATE_LIMIT": "100000"}
_SLOW = Path(__file__).parent / "slow"
_TEMPLATE = "template_plccoach"
# Linux keeps the files of this folder in memory. A container's may be too small.
_MEMORY = Path("/dev/shm")
_REQUIRED_BYTES = 4 << 30


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pooler", action="store_true", help="the application of tests/http is behind PgBouncer")


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """Keeps the garbage collector away from the tests and modules, which live until the end: it would take seconds."""
    gc.freeze()
    # As in a worker of the service.
    gc.set_threshold(5_000, 20, 100)
    gc.enable()


def _leaves_slow_tests_out(config: pytest.Config) -> bool:
    """True for a run without a path and without `-m`. `just test-slow` has `-m slow`."""
    return config.args == config.getini("testpaths") and not config.getoption("markexpr")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path == _SLOW and _leaves_slow_tests_out(config) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _leaves_slow_tests_out(config):
        slow = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Judges the coverage of sql/ and cleans up, in the main process of the run only."""
    if hasattr(session.config, "workerinput"):
        return
    run_folder: Path = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    sql_coverage.judge(session, exitstatus, run_folder)
    # Data on a disk is left to pytest, which keeps the folders of the last runs.
    if (data := run_folder / "data").is_symlink():
        shutil.rmtree(data.resolve(), ignore_errors=True)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The event loop of the service, which also takes less time than Python's own."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Returns a folder that all processes of the run share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def data_dir(run_folder: Path) -> Path:
    """Returns the data folder of the run's PostgreSQL, in memory if there is room.

    A clone of the template has a thousand files. Copying them takes half a second on a virtual disk.
    """
    link = run_folder / "data"
    with _locked(run_folder):
        if not link.exists():
            if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _REQUIRED_BYTES:
                link.symlink_to(mkdtemp(prefix="plccoach-tests-", dir=_MEMORY))
            else:
                link.mkdir()
    return link.resolve()


@pytest.fixture(scope="session")
def postgres(run_folder: Path, data_dir: Path) -> Iterator[str]:
    """Starts the run's PostgreSQL. It logs every statement, so that its log shows which .sql files were run."""
    with embedded.running(data_dir) as url:
        with _locked(run_folder), psycopg.connect(url, autocommit=True) as connection:
            for setting in (
                "fsync = off",
                "full_page_writes = off",
                "synchronous_commit = off",
                "log_statement = 'all'",
                "log_line_prefix = '%d '",
            ):
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def template(postgres: str, run_folder: Path) -> str:
    """Returns the name of a database with the newest schema and the sample corpus."""
    with _locked(run_folder):
        marker = run_folder / "template"
        if not marker.exists():
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
            url = _url(postgres, _TEMPLATE)
            migrations.upgrade(url)
            asyncio.run(ingest_trusted(url, sorted(resources.SAMPLE_CORPUS.glob("*.md")), LOCAL))
            marker.touch()
    return _TEMPLATE


def _url(postgres: str, name: str) -> str:
    return f"postgresql://postgres:@/{name}?host={conninfo_to_dict(postgres)['host']}"


@contextmanager
def database_like(postgres: str, template: str) -> Iterator[str]:
    """Yields the URL of a new clone, and drops the clone afterwards, even if somebody is still connected."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(
            # Copies files, which takes a third of the time that writing their pages to the WAL takes.
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        yield _url(postgres, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database_url(postgres: str, template: str) -> Iterator[str]:
    """A clone of the template, for a test that commits."""
    with database_like(postgres, template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: str) -> Iterator[str]:
    """A database without a schema, for migrations."""
    with database_like(postgres, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def live_database_url(postgres: str, template: str) -> Iterator[str]:
    """A clone for the live service that many tests share."""
    with database_like(postgres, template) as url:
        yield url


@pytest.fixture(scope="session")
def lent_database(postgres: str, template: str) -> Iterator[LentDatabase]:
    """A clone for the tests of this process that commit. Its content is restored after each test."""
    with database_like(postgres, template) as url, closing(LentDatabase(url)) as database:
        yield database


@pytest.fixture
def lent_url(lent_database: LentDatabase) -> Iterator[str]:
    """The URL of the lent database, which is restored after each test."""
    yield lent_database.url
    lent_database.give_back()


@asynccontextmanager
async def opened(url: str, **variables: str) -> AsyncIterator[Database]:
    """Yields the service's connections to the database."""
    database = Database(settings.load({"DATABASE_URL": url} | variables, None))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="module")
async def lent_pool(lent_database: LentDatabase) -> AsyncIterator[Database]:
    """The connections of `database`. A new one costs PostgreSQL 2 ms, and more for the first plans of its statements.

    They end with their module, because all processes together may have a hundred. Only an `async` test may use them: a
    fixture of the event loop cannot be made for another one.
    """
    # Hundreds of runs start at once. On a busy machine they would wait longer for a connection than a request may.
    async with opened(lent_database.url, DB_POOL_SIZE="8", DB_POOL_TIMEOUT="30") as database:
        yield database


@pytest.fixture
def database(lent_pool: Database, lent_url: str) -> Database:  # noqa: ARG001 - the fixture empties the database afterwards
    """The lent database, which is restored after each test, by way of connections that tests share."""
    return lent_pool


@pytest.fixture(scope="session")
def shared_database_url(postgres: str, template: str) -> Iterator[str]:
    """A clone for those tests of this process that roll back."""
    with database_like(postgres, template) as url:
        yield url


@asynccontextmanager
async def rolled_back(url: str) -> AsyncIterator[Connection]:
    """Yields a connection in a transaction that is rolled back."""
    async with (
        await Connection.connect(url, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        yield connection


@pytest.fixture
async def connection(shared_database_url: str) -> AsyncIterator[Connection]:
    """A connection in a transaction that is rolled back."""
    async with rolled_back(shared_database_url) as connection:
        yield connection


@pytest.fixture
def development(database_url: str) -> Settings:
    return settings.load({"DATABASE_URL": database_url} | GENEROUS, None)


@pytest.fixture
def app(development: Settings) -> Litestar:
    return create_app(development)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[AsyncTestClient[Litestar]]:
    """An anonymous client of the application, without a server."""
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        yield client


@pytest.fixture
async def educator(client: AsyncTestClient[Litestar]) -> AsyncTestClient[Litestar]:
    """The same client, signed in."""
    response = await client.get("/auth/dev/login", params={"email": "erin@example.org"}, follow_redirects=False)
    assert response.status_code == 302
    return client
