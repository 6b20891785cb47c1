"""The image as an orchestrator runs it: not as root, without capabilities, and read-only except for /tmp.

`just image-test` builds the image and runs this; `just test` does not.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.image.containers import Container, engine
from tests.live import wait_until

_IMAGE = "plccoach-api"
_DEVELOPMENT = "plccoach-api:development"
_PROJECT = Path(__file__).parents[2]
_LARGEST_BYTES = 500_000_000
_IMPORT_EVERYTHING = """
import importlib, pkgutil, boto3, typst, plccoach_api
for module in pkgutil.walk_packages(plccoach_api.__path__, "plccoach_api."):
    if not module.name.endswith("__main__") and ".alembic" not in module.name:
        importlib.import_module(module.name)
boto3.client("secretsmanager", region_name="us-east-1")
assert typst.compile(b"An export").startswith(b"%PDF")
"""
_POSTGRES = "docker.io/pgvector/pgvector:pg17"
_PASSWORD = "of-a-test"
_RESTRICTED = (
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--user=10001",
    "--tmpfs=/tmp",
    "--publish=127.0.0.1::8000",
)
_ADDRESSES = {"PUBLIC_URL": "https://api.example.org", "FRONTEND_URL": "https://coach.example.org"}

Run = Callable[..., Container]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Starts containers on their own network, and removes all of them after the last test."""
    network = f"plccoach-test-{uuid4().hex[:8]}"
    names: list[str] = []

    def run(image: str, *command: str, options: tuple[str, ...] = (), settings: dict[str, str]) -> Container:
        name = f"{network}-{len(names)}"
        names.append(name)
        environment = [f"--env={key}={value}" for key, value in settings.items()]
        engine("run", "--detach", f"--name={name}", f"--network={network}", *options, *environment, image, *command)
        return Container(name)

    engine("network", "create", network)
    try:
        yield run
    finally:
        for name in names:
            engine("rm", "--force", "--volumes", name, check=False)
        engine("network", "rm", network)


@pytest.fixture(scope="module")
def postgres(run: Run) -> Container:
    container = run(_POSTGRES, settings={"POSTGRES_PASSWORD": _PASSWORD})
    # Over TCP, because the server that initialises the folder listens only on its socket.
    wait_until(
        lambda: container.execute("pg_isready", "--host=127.0.0.1").returncode == 0, "PostgreSQL starts", seconds=60
    )
    return container


def serve(run: Run, database: str, *command: str, **settings: str) -> Container:
    return run(_IMAGE, *command, options=_RESTRICTED, settings=_ADDRESSES | {"DATABASE_URL": database} | settings)


def url_of(postgres: Container, database: str = "postgres") -> str:
    return f"postgresql://postgres:{_PASSWORD}@{postgres.name}/{database}"


@pytest.fixture(scope="module")
def service(run: Run, postgres: Container) -> Container:
    return serve(run, url_of(postgres))


def test_the_container_is_reported_healthy(service: Container) -> None:
    wait_until(service.is_healthy, "the container is healthy", seconds=30)
    assert service.get("/health").json()["status"] == "healthy"


def test_the_service_migrates_its_database_and_is_ready(service: Container) -> None:
    wait_until(lambda: service.answers("/ready"), "the service is ready", seconds=30)
    assert service.get("/ready").json() == {"status": "ready", "database": "connected"}
    assert service.get("/").json()["status"] == "running"


def test_the_health_check_fails_when_no_process_answers_on_the_port(service: Container) -> None:
    check = ("python", "-m", "plccoach_api.server.healthcheck")
    wait_until(lambda: service.execute(*check).returncode == 0, "the health check passes", seconds=30)
    assert service.execute(*check, env=("PORT=9",)).returncode == 1


def test_the_image_does_not_run_as_root(service: Container) -> None:
    assert service.execute("id", "-u").stdout.strip() == "10001"
    user = engine("image", "inspect", "--format={{.Config.User}}", _IMAGE).stdout.strip()
    assert user == "10001:10001"


@pytest.mark.parametrize("tool", ["pip", "uv", "gcc", "cc", "make"])
def test_the_image_has_no_tool_to_install_or_build_with(service: Container, tool: str) -> None:
    assert service.execute("sh", "-c", "command -v python").returncode == 0
    found = service.execute("sh", "-c", f"command -v {tool}")
    assert found.returncode != 0
    assert found.stdout == ""


@pytest.mark.parametrize("python", ["python", "/usr/local/bin/python"])
def test_no_python_in_the_image_has_pip(service: Container, python: str) -> None:
    assert "No module named pip" in service.execute(python, "-m", "pip").stderr


def test_the_image_serves_assistants_and_sends_traces(run: Run, postgres: Container) -> None:
    # No collector listens there.
    container = serve(run, url_of(postgres), MCP="true", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318")
    wait_until(lambda: container.answers("/ready"), "the service is ready", seconds=30)
    assert container.get("/mcp").status_code == 405
    wait_until(lambda: any("spans lost" in line for line in container.logs()[0]), "spans are sent", seconds=60)


def test_every_line_of_the_log_is_one_json_object(service: Container) -> None:
    wait_until(lambda: service.answers("/ready"), "the service is ready", seconds=30)
    output, errors = service.logs()
    assert all(isinstance(json.loads(line), dict) for line in output)
    assert any('"request_id"' in line for line in output)
    assert errors == []


def test_without_a_database_url_the_service_stops_with_one_line_that_names_the_setting(run: Run) -> None:
    container = run(_IMAGE, options=_RESTRICTED, settings=_ADDRESSES)
    assert container.exit_code() == 78
    output, errors = container.logs()
    assert output == []
    assert len(errors) == 1
    assert "DATABASE_URL" in errors[0]


def test_the_service_is_alive_but_not_ready_while_the_database_is_unreachable(run: Run) -> None:
    container = serve(run, "postgresql://postgres:of-a-test@nowhere.invalid/postgres")
    wait_until(lambda: container.answers("/health"), "the service is alive", seconds=30)
    ready = container.get("/ready")
    assert ready.status_code == 503
    # Without the time that the engine needs to tell the port.
    assert ready.elapsed.total_seconds() < 2
    assert "Retry-After" in ready.headers


def test_migrating_is_a_command_of_the_image(run: Run, postgres: Container) -> None:
    assert postgres.execute("createdb", "--username=postgres", "migrated").returncode == 0
    container = serve(run, url_of(postgres, "migrated"), "plccoach-api", "migrate")
    assert container.exit_code() == 0
    revision = postgres.execute(
        "psql", "--username=postgres", "--tuples-only", "--command=SELECT version_num FROM alembic_version", "migrated"
    )
    assert revision.stdout.strip() != ""


def test_the_image_is_smaller_than_500_megabytes() -> None:
    assert int(engine("image", "inspect", "--format={{.Size}}", _IMAGE).stdout) < _LARGEST_BYTES


def test_nothing_that_was_left_out_of_the_image_is_needed(service: Container) -> None:
    imported = service.execute("python", "-c", _IMPORT_EVERYTHING)
    assert (imported.returncode, imported.stderr) == (0, "")


@pytest.mark.parametrize("command", [("pytest", "-q", "-n0", "tests/rules/test_cursors.py"), ("alembic", "heads")])
def test_the_development_image_has_the_tests_and_their_tools(run: Run, command: tuple[str, ...]) -> None:
    sources = f"--volume={_PROJECT}:/app:ro"
    container = run(
        _DEVELOPMENT, *command, options=("--init", sources), settings={"DATABASE_URL": "postgresql://nowhere/x"}
    )
    assert container.exit_code() == 0, container.logs()


@pytest.mark.parametrize("folder", ["/", "/tmp"])
def test_alembic_works_in_any_folder_of_the_image(service: Container, folder: str) -> None:
    wait_until(lambda: service.answers("/ready"), "the service is ready", seconds=30)
    done = service.execute("sh", "-c", f"cd {folder} && alembic current")
    assert done.returncode == 0
    assert "(head)" in done.stdout


def test_the_service_ends_cleanly_within_ten_seconds_of_sigterm(run: Run, postgres: Container) -> None:
    container = serve(run, url_of(postgres))
    wait_until(lambda: container.answers("/ready"), "the service is ready", seconds=30)
    started = time.monotonic()
    engine("stop", "--time=20", container.name)
    assert time.monotonic() - started < 10
    assert container.state()["ExitCode"] == 0
