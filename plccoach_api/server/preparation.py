"""Prepares the database while the service already answers /health: the schema, then the sample corpus.

It runs in the process that supervises the workers, once for all of them, and keeps trying while
the database is away. Readiness is read off the database itself, so nothing is reported back.
"""

import asyncio
import threading
import time
from collections.abc import Callable

import psycopg

from plccoach_api import logs, resources
from plccoach_api.corpus.ingest import ingest, ingest_words
from plccoach_api.database import migrations
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_RETRY_SECONDS = 1.0


def begin(settings: Settings, *, afterwards: Callable[[Settings], None]) -> None:
    """Starts it in a thread that does not outlive the process, and goes on there with what comes `afterwards`."""

    def run() -> None:
        _persist(settings)
        afterwards(settings)

    threading.Thread(target=run, name="preparation", daemon=True).start()


def _persist(settings: Settings) -> None:
    while True:
        try:
            _prepare(settings)
        except psycopg.OperationalError as error:
            _log.warning("waiting for the database", error=type(error).__name__)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the service stays up to report it
            _log.exception("preparing the database failed; trying again")
        else:
            return
        time.sleep(_RETRY_SECONDS)


def _prepare(settings: Settings) -> None:
    database = settings.database or ""
    if migrations.current(database) != migrations.head():
        migrations.upgrade(database)
        _log.info("schema migrated", revision=migrations.head())
    if not settings.in_production:
        asyncio.run(_load_sample(settings))


async def _load_sample(settings: Settings) -> None:
    database = settings.database or ""
    books = sorted(resources.SAMPLE_CORPUS.glob("*.md"))
    try:
        await ingest(database, books, make_embedder(settings))
    except EmbeddingUnavailable as error:
        _log.warning("the sample corpus is loaded without vectors; ingest it again", reason=str(error))
        await ingest_words(database, books)
