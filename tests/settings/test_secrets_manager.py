"""DB_SECRET_NAME: the database's secret is read from AWS Secrets Manager, which moto imitates on loopback."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from psycopg.conninfo import conninfo_to_dict

from plccoach_api import settings
from plccoach_api.settings.environment import SettingsError
from tests.live import COMMAND, environment

SECRET = {"username": "coach", "password": "h'u s\\h", "host": "db.example.org", "port": 6432, "dbname": "plc"}


@pytest.fixture(scope="module")
def manager() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def account(manager: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables that point boto3 to the imitation; they are also set in this process."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    variables = {
        "AWS_ENDPOINT_URL": manager,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    # boto3 caches the first credentials that it finds.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return variables


@pytest.fixture
def store(account: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Any]:
    """Stores a secret under a name of its own for this test; returns the name."""
    name = f"plccoach/{request.node.name}"
    client = boto3.client("secretsmanager", region_name="us-east-1", endpoint_url=account["AWS_ENDPOINT_URL"])

    def store(**value: str | bytes) -> str:
        client.create_secret(Name=name, **value)
        return name

    yield store
    client.close()


def problem(**process: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings.load(process, None)
    (line,) = caught.value.problems
    return line


def test_the_named_secret_holds_the_address_of_the_database(store: Any) -> None:
    name = store(SecretString=json.dumps(SECRET | {"engine": "postgres", "dbInstanceIdentifier": "coach-1"}))
    database = settings.load({"DB_SECRET_NAME": name}, None).database
    assert conninfo_to_dict(database or "") == {
        "user": "coach",
        "password": "h'u s\\h",
        "host": "db.example.org",
        "port": "6432",
        "dbname": "plc",
    }
    assert "h'u s" not in repr(database)


@pytest.mark.usefixtures("account")
def test_a_secret_is_found_only_in_its_own_region() -> None:
    client = boto3.client("secretsmanager", region_name="eu-west-1")
    client.create_secret(Name="plccoach/abroad", SecretString=json.dumps(SECRET))
    client.close()
    assert settings.load({"DB_SECRET_NAME": "plccoach/abroad", "AWS_REGION": "eu-west-1"}, None).database
    assert problem(DB_SECRET_NAME="plccoach/abroad").endswith("ResourceNotFoundException in us-east-1")


def test_a_missing_secret_ends_the_process_with_one_line(account: dict[str, str]) -> None:
    variables = environment(**account, DB_SECRET_NAME="plccoach/missing")
    done = subprocess.run([*COMMAND, "migrate"], env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr == (
        "plccoach-api: DB_SECRET_NAME is not usable (its value is not shown): "
        "AWS Secrets Manager answered ResourceNotFoundException in us-east-1\n"
    )


@pytest.mark.parametrize(
    "value",
    [
        {"SecretString": "hush"},
        {"SecretString": '["hush"]'},
        {"SecretString": '{"password": "hush"}'},
        {"SecretBinary": b"hush"},
    ],
)
def test_a_malformed_secret_is_refused_without_showing_it(store: Any, value: dict[str, str | bytes]) -> None:
    line = problem(DB_SECRET_NAME=store(**value))
    assert line.startswith("DB_SECRET_NAME is not usable (its value is not shown): ")
    assert "hush" not in line


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "EndpointConnectionError"),
        ("AWS_ENDPOINT_URL", "nowhere", "ValueError"),
        ("AWS_ACCESS_KEY_ID", "", "NoCredentialsError"),
        ("AWS_PROFILE", "nobody", "ProfileNotFound"),
    ],
)
def test_every_other_fault_of_the_account_is_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, error: str
) -> None:
    monkeypatch.setenv(name, value)
    line = problem(DB_SECRET_NAME="plccoach/any")
    assert line.endswith(f"AWS Secrets Manager returned no text in us-east-1 ({error})")


@pytest.mark.usefixtures("account")
def test_an_invalid_region_is_reported_in_one_line() -> None:
    assert problem(DB_SECRET_NAME="plccoach/any", AWS_REGION="the moon").endswith("(InvalidRegionError)")
