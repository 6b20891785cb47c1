"""The database's address: from DATABASE_URL, else DB_SECRET, else the secret that DB_SECRET_NAME names.

DATABASE_DIRECT_URL is its address past a pooler, and DATABASE_READ_URL that of its read replica.
"""

import re
from collections.abc import Callable
from typing import Annotated

import msgspec
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from plccoach_api.settings.environment import Environment, InvalidValue, Secret, text

SOURCES = ("DATABASE_URL", "DB_SECRET", "DB_SECRET_NAME")

_SCHEMES = ("postgresql://", "postgresql+psycopg://")
_URL = f"a URL that begins with {' or '.join(_SCHEMES)} is allowed, its user, password and name percent-encoded"
_OBJECT = "a JSON object with username, password, host, port and dbname is allowed"
# libpq reads a connection string only up to a NUL.
_NO_NUL = msgspec.Meta(pattern=r"^[^\x00]*$")
_WORD = msgspec.Meta(min_length=1, pattern=r"^[^\x00]*$")


class DatabaseSecret(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON object that AWS Secrets Manager stores for a database. RDS adds fields, which are ignored."""

    username: Annotated[str, _WORD]
    password: Annotated[str, _NO_NUL]
    host: Annotated[str, _WORD]
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 5432
    dbname: Annotated[str, _WORD]


def from_environment(environment: Environment) -> Secret | None:
    """Returns a libpq connection string, or None when no setting names a database."""
    if (url := environment.secret("DATABASE_URL")) is not None:
        return _parse(environment, "DATABASE_URL", url, _from_url)
    if (secret := environment.secret("DB_SECRET")) is not None:
        return _parse(environment, "DB_SECRET", secret, _from_object)
    if name := environment.read("DB_SECRET_NAME", text, ""):
        region = environment.read("AWS_REGION", text, "us-east-1")
        return _parse(environment, "DB_SECRET_NAME", Secret(name), lambda value: _from_aws(value, region))
    return None


def direct_from_environment(environment: Environment, database: Secret | None) -> Secret | None:
    """Returns the connection string past a pooler, or None when `database` is direct itself."""
    return _other_address(environment, database, "DATABASE_DIRECT_URL", "lead to the pooler")


def read_from_environment(environment: Environment, database: Secret | None) -> Secret | None:
    """Returns the connection string of the read replica, or None when there is none."""
    return _other_address(environment, database, "DATABASE_READ_URL", "lead to the primary")


def _other_address(environment: Environment, database: Secret | None, name: str, of_database: str) -> Secret | None:
    """Returns the connection string, or None when it is that of `database`."""
    if (url := environment.secret(name)) is None:
        return None
    other = _parse(environment, name, url, _from_url)
    if other and database is None and environment.problems.keys().isdisjoint(SOURCES):
        environment.refuse_secret(name, f"DATABASE_URL must be set too, and {of_database}")
    return None if other and database and _is_same(other, database) else other


def _is_same(one: Secret, other: Secret) -> bool:
    return conninfo_to_dict(one) == conninfo_to_dict(other)


def _parse(environment: Environment, name: str, value: Secret, parse: Callable[[Secret], Secret]) -> Secret | None:
    try:
        return parse(value)
    except InvalidValue as error:
        environment.refuse_secret(name, str(error))
        return None


def _from_url(url: Secret) -> Secret:
    scheme = next((scheme for scheme in _SCHEMES if url.startswith(scheme)), None)
    if scheme is None:
        raise InvalidValue(_URL)
    try:
        parameters = conninfo_to_dict(_SCHEMES[0] + url.removeprefix(scheme))
    except (ProgrammingError, UnicodeError):
        raise InvalidValue(_URL) from None
    # An unescaped slash in a password moves the rest of it into the port; libpq would fail only when it connects.
    if not re.fullmatch(r"[\d,]*", str(parameters.get("port", ""))):
        raise InvalidValue(_URL)
    return Secret(make_conninfo(**{name: str(value) for name, value in parameters.items()}))


def _from_object(secret: Secret) -> Secret:
    try:
        parts = msgspec.json.decode(secret.encode(), type=DatabaseSecret, strict=False)
    except (msgspec.DecodeError, UnicodeError):
        raise InvalidValue(_OBJECT) from None
    return Secret(
        make_conninfo(
            user=parts.username, password=parts.password, host=parts.host, port=parts.port, dbname=parts.dbname
        )
    )


def _from_aws(name: Secret, region: str) -> Secret:
    # boto3 is an optional extra and slow to import.
    try:
        from plccoach_api.settings import aws
    except ImportError:
        raise InvalidValue("reading AWS Secrets Manager needs an extra: install plccoach-api[aws]") from None
    return _from_object(aws.read_secret(name, region))
