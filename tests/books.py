"""Loads books that a test wrote."""

from collections.abc import Sequence
from pathlib import Path

from plccoach_api.corpus.ingest import IngestOptions, ingest, read_trusted
from plccoach_api.corpus.report import Report
from plccoach_api.embedding.embedder import Embedder


async def ingest_trusted(database_url: str, paths: Sequence[Path], embedder: Embedder) -> list[Report]:
    """Ingests books without a process that reads each of them, which would start for a quarter of a second."""
    return await ingest(database_url, paths, embedder, IngestOptions(read=read_trusted))
