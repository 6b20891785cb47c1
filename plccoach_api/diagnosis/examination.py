"""Asks the database, the model, the collector of traces and the machine, each for a limited time.

Nothing secret is in a note.
"""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from psycopg import Error, OperationalError
from psycopg.errors import UndefinedTable

from plccoach_api.database import migrations, session
from plccoach_api.database.pool import Connection, ResponseTimeout
from plccoach_api.database.replica import Position, read_position
from plccoach_api.diagnosis import judgements
from plccoach_api.diagnosis.check import Check, Subject
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.queries import embedding_sets, schema, servers
from plccoach_api.settings import AnswererKind, Settings

_CONNECT_SECONDS = 4
_ANSWER_SECONDS = 6.0
_MODEL_SECONDS = 30.0

# libpq has no code for these; it has only the message of the server.
_REFUSED = re.compile(r"authentication|pg_hba|role .* does not exist|no password", re.IGNORECASE)
_NO_DATABASE = re.compile(r"database .* does not exist", re.IGNORECASE)
_POOLER = re.compile(r"unsupported startup parameter", re.IGNORECASE)
_FULL = re.compile(r"too many (?:clients|connections)|connection slots", re.IGNORECASE)


async def examine_database(settings: Settings, database: str) -> list[Check]:
    """Returns the checks of the database; only the first one when it cannot be reached."""
    try:
        # As the pool connects, because a pooler refuses these options.
        async with _connected(database, session.OPTIONS) as connection:
            migrations.require_encoding(connection)
            checks = await _primary(connection)
            has_sets = all(check.ok for check in checks if check.check in {Subject.extension, Subject.schema})
            sets = await embedding_sets.list(connection) if has_sets else None
            position = await read_position(connection) if settings.database_read else None
    except migrations.UnusableDatabase as error:
        return [Check(Subject.database, ok=False, note=error.note, remedy=error.remedy)]
    except Error as error:
        return [_unreachable(error, "DATABASE_DIRECT_URL" if settings.has_pooler else "DATABASE_URL")]
    # The primary's time would run while these two wait for other servers.
    if settings.has_pooler:
        checks.append(await _pooler(settings))
    if settings.database_read and position:
        checks.append(await _replica(settings, settings.database_read, position))
    if sets is not None:
        embedder = make_embedder(settings)
        checks.append(judgements.judge_embeddings(embedder.provider, embedder.model, sets))
    return checks


async def examine_model(settings: Settings) -> list[Check]:
    if settings.answerer is not AnswererKind.openai:
        return []
    # Imports the SDK, which takes up to a second.
    from plccoach_api.coach.model_check.check import ModelCheck  # noqa: PLC0415

    try:
        async with asyncio.timeout(_MODEL_SECONDS):
            found = await ModelCheck(settings).connect()
    except TimeoutError:
        note = f"the model did not reply within {_MODEL_SECONDS:.0f} s"
        return [Check(Subject.model, ok=False, note=note, remedy="check the service at OPENAI_BASE_URL")]
    remedy = f"check {found.setting}" if found.setting else "run `plccoach-api model check`"
    return [Check(Subject.model, ok=found.ok, note=found.note, remedy=None if found.ok else remedy)]


def examine_traces(settings: Settings) -> list[Check]:
    if settings.traces is None:
        return []
    # The SDK is an optional extra.
    from plccoach_api.tracing.sending import refusal  # noqa: PLC0415

    if reason := refusal(settings.traces):
        remedy = "check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS, and that the collector runs"
        return [Check(Subject.traces, ok=False, note=f"the collector takes no spans: {reason}", remedy=remedy)]
    return [Check(Subject.traces, ok=True, note="the collector takes spans")]


def examine_disk(settings: Settings) -> Check:
    """Looks at DATA_DIR, or at the folder in which it will be made. Only the embedded database has to write there."""
    folder = next(each for each in (settings.data_dir, *settings.data_dir.parents) if each.is_dir())
    free = shutil.disk_usage(folder).free // 1_000_000
    return judgements.judge_disk(free, writable=settings.database is not None or _is_writable(folder))


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


@asynccontextmanager
async def _connected(database: str, options: str | None = None) -> AsyncIterator[Connection]:
    connection = await Connection.connect(
        database,
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        application_name="plccoach-api doctor",
        options=options and session.options_of(database, options),
    )
    async with connection:
        # A frozen server answers neither a statement nor its cancellation.
        with ResponseTimeout(connection, _ANSWER_SECONDS):
            yield connection


async def _primary(connection: Connection) -> list[Check]:
    before = datetime.now(UTC)
    server = await servers.get(connection)
    middle = before + (datetime.now(UTC) - before) / 2
    return [
        judgements.judge_server(server),
        judgements.judge_extension(server),
        judgements.judge_rights(server),
        judgements.judge_schema(await _schema(connection), migrations.head()),
        judgements.judge_clock(server.answered_at - middle),
    ]


async def _schema(connection: Connection) -> migrations.SchemaState:
    try:
        found = await schema.get(connection)
    except UndefinedTable:
        found = None
    return migrations.SchemaState(found.revision, found.oldest) if found else migrations.SchemaState(None, None)


async def _pooler(settings: Settings) -> Check:
    try:
        async with _connected(settings.database or "") as connection:
            found = await servers.list_session_settings(connection, names=list(session.SETTINGS))
    except Error as error:
        return _unreachable(error, "DATABASE_URL", Subject.pooler)
    return judgements.judge_pooler(session.lacking({each.name: each.setting for each in found}))


async def _replica(settings: Settings, address: str, primary: Position) -> Check:
    try:
        async with _connected(address, None if settings.has_pooler else session.OPTIONS) as connection:
            return judgements.judge_replica(primary, await read_position(connection))
    except Error as error:
        return _unreachable(error, "DATABASE_READ_URL", Subject.replica)


def _unreachable(error: Error, name: str, subject: Subject = Subject.database) -> Check:
    """Describes the error in our own words: the message of the server may name the host and the user.

    `name` is the setting that holds the address.
    """
    message = str(error)
    if error.sqlstate is not None:
        note, remedy = f"the database answered with an error ({error.sqlstate})", "look at the log of the database"
    elif _NO_DATABASE.search(message):
        note, remedy = "the server has no database of this name", f"create the database, or correct {name}"
    elif _REFUSED.search(message):
        note = "the server refuses the user or the password"
        remedy = f"correct the user and the password in {name}, or pg_hba.conf of the server"
    elif _POOLER.search(message):
        note = f"{name} leads to a pooler"
        remedy = (
            "set DATABASE_DIRECT_URL to PostgreSQL itself, and DATABASE_URL to the pooler: docs/operating/pooler.md"
        )
    elif _FULL.search(message):
        note, remedy = "the server has no connection left", "lower DB_POOL_SIZE or WORKERS, or raise max_connections"
    elif isinstance(error, OperationalError):
        note = "the database cannot be reached"
        remedy = f"check the host and the port in {name}, and that the server runs and is not overloaded"
    else:
        note, remedy = f"the database cannot be used ({type(error).__name__})", "look at the log of the database"
    return Check(subject, ok=False, note=note, remedy=remedy)
