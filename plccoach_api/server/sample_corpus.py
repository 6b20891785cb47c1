"""Loads the sample corpus into a development database."""

import asyncio

from plccoach_api import logs, resources
from plccoach_api.corpus.ingest import IngestOptions, ingest, ingest_without_vectors, read_trusted
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)


def load(settings: Settings) -> None:
    asyncio.run(_load(settings))


async def _load(settings: Settings) -> None:
    database = settings.direct.database or ""
    books = sorted(resources.SAMPLE_CORPUS.glob("*.md"))
    try:
        await ingest(database, books, make_embedder(settings), IngestOptions(read=read_trusted))
    except EmbeddingUnavailable as error:
        _log.warning("sample corpus loaded without vectors; ingest it again", reason=str(error))
        await ingest_without_vectors(database, books)
