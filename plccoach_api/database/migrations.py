"""Migrations of the schema. Any number of replicas may start them at once."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any, LiteralString, TextIO

import psycopg
from psycopg.errors import (
    FeatureNotSupported,
    InsufficientPrivilege,
    InvalidSchemaName,
    UndefinedFile,
    UndefinedObject,
    UndefinedTable,
)

from plccoach_api import logs, resources
from plccoach_api.rules import revisions
from plccoach_api.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config


_log = logs.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The schema's revision, and the oldest revision whose code can run on it. An empty database has neither."""

    revision: str | None
    oldest: str | None

    @property
    def pending(self) -> tuple[str, ...]:
        return revisions.pending(known(), self.revision)

    @property
    def is_behind(self) -> bool:
        return revisions.is_behind(known(), revision=self.revision, oldest=self.oldest)

    @property
    def can_run(self) -> bool:
        return revisions.can_run(known(), revision=self.revision, oldest=self.oldest)


class SchemaMismatch(Exception):
    """This version cannot run on the schema, or cannot migrate it. The message is one line for the terminal."""


class UnusableDatabase(Exception):
    """The operator has to change the database first. The message is one line: what is wrong, and what to do."""

    def __init__(self, note: str, remedy: str) -> None:
        super().__init__(f"{note}: {remedy}")
        self.note = note
        self.remedy = remedy


@cache
def known() -> tuple[str, ...]:
    """Returns all revisions, the head last.

    They are read from the names of the files, because importing alembic costs each worker 40 MB.
    """
    files = (resources.MIGRATIONS / "versions").glob("[0-9]*.py")
    return tuple(sorted(path.stem.partition("_")[0] for path in files))


def head() -> str:
    return known()[-1]


def state(database: str) -> SchemaState:
    with psycopg.connect(database, connect_timeout=5, autocommit=True) as connection:
        require_encoding(connection)
        return SchemaState(
            revision=_value(connection, "SELECT version_num FROM alembic_version"),
            oldest=_value(connection, "SELECT oldest FROM schema_compatibility"),
        )


def require_encoding(connection: psycopg.BaseConnection[Any]) -> None:
    """Raises UnusableDatabase unless the database stores every character. A server made with LANG=C has SQL_ASCII."""
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise UnusableDatabase(
            f"the database has the encoding {encoding}, but only UTF8 is allowed",
            "create another one with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'",
        )


def prepare(database: str) -> None:
    """Upgrades the schema if it is behind. Raises SchemaMismatch if this version cannot run on it."""
    found = state(database)
    if found.is_behind:
        upgrade(database)
        _log.info("schema migrated", revision=head())
    else:
        require_compatible(found)


def require_compatible(found: SchemaState) -> None:
    """Raises SchemaMismatch if this version cannot run on the schema."""
    if found.can_run:
        return
    if found.is_behind:
        raise SchemaMismatch("the database's schema does not match this version; run `plccoach-api migrate` first")
    raise SchemaMismatch(
        f"the schema (revision {found.revision}) needs a newer version of the service: "
        f"revision {found.oldest or found.revision} or later, and this version has {head()}"
    )


def upgrade(database: str, revision: str = "head") -> None:
    """Runs the missing migrations; waits first while another process runs them."""
    from alembic import command

    with _refusals_explained(), psycopg_errors():
        command.upgrade(_configuration(database), revision)


def downgrade(database: str, revision: str) -> None:
    from alembic import command

    with psycopg_errors():
        command.downgrade(_configuration(database), revision)


def move(database: str, target: str) -> None:
    """Upgrades or downgrades the schema to a revision, "head" or "base". Raises SchemaMismatch if it cannot."""
    if _is_upgrade(state(database), target):
        upgrade(database, target)
    else:
        downgrade(database, target)


def sql(database: str, target: str) -> str:
    """Returns the statements that `move` would run."""
    from alembic import command

    found = state(database)
    upwards = _is_upgrade(found, target)
    output = StringIO()
    path = f"{found.revision or 'base'}:{target}"
    (command.upgrade if upwards else command.downgrade)(_configuration(database, output), path, sql=True)
    return output.getvalue()


def _is_upgrade(found: SchemaState, target: str) -> bool:
    line = ("base", *known())
    target = head() if target == "head" else target
    if target not in line:
        raise SchemaMismatch(f"there is no revision {target!r}: base, head or one of {', '.join(known())} is allowed")
    if (revision := found.revision or "base") not in line:
        raise SchemaMismatch(f"this version does not know the schema's revision {revision}: use the version that does")
    return line.index(target) >= line.index(revision)


def _value(connection: psycopg.Connection, query: LiteralString) -> str | None:
    try:
        row = connection.execute(query).fetchone()
    except UndefinedTable:
        return None
    return row[0] if row else None


@contextmanager
def psycopg_errors() -> Iterator[None]:
    """Raises psycopg's error, because SQLAlchemy's error repeats the statement and the row in its text."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise error.orig or error from None


@contextmanager
def _refusals_explained() -> Iterator[None]:
    """Raises UnusableDatabase for what only an operator can mend: missing rights, schemas and extensions."""
    try:
        yield
    except (InsufficientPrivilege, InvalidSchemaName, FeatureNotSupported, UndefinedFile, UndefinedObject) as error:
        note = f"the database refuses a migration: {error.diag.message_primary}"
        raise UnusableDatabase(note, "run `plccoach-api doctor`, which says what is missing") from error


def database_of(settings: Settings) -> AbstractContextManager[str]:
    """Yields the connection string past a pooler; starts the embedded database first if the settings name none."""
    if (database := settings.direct.database) is not None:
        return nullcontext(database)
    from plccoach_api.database import embedded

    return embedded.running(settings.data_dir)


def _configuration(database: str, output: TextIO | None = None) -> "Config":
    from alembic.config import Config

    configuration = Config(output_buffer=output) if output else Config()
    configuration.set_main_option("script_location", str(resources.MIGRATIONS).replace("%", "%%"))
    configuration.attributes["database"] = database
    return configuration
