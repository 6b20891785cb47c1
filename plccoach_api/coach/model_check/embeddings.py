"""Tries the configured service of vectors, and says which settings to use."""

import time
from collections.abc import AsyncIterator

from plccoach_api.coach.model_check.context import long_text
from plccoach_api.coach.model_check.finding import ModelFinding
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder, EmbeddingUnavailable, Vector
from plccoach_api.rules.embedding_prefixes import prefixes_of
from plccoach_api.rules.embeddings import MOST_DIMENSIONS, has_windows, index_kind
from plccoach_api.settings import Settings

_QUESTION = "What is a norm?"
_PASSAGE_TOKENS = 1000
_ENDINGS = ("The treasurer counted the coins of the old bank.", "A zebra sleeps while it stands in the tall grass.")
_SLOW_SECONDS = 1.0
# The inner product of two vectors of single precision that are the same.
_EQUAL = 0.99999


async def check_embeddings(settings: Settings) -> list[ModelFinding]:
    embedder = make_embedder(settings)
    try:
        return [finding async for finding in _findings(embedder, settings)]
    except EmbeddingUnavailable as error:
        setting = "OPENAI_EMBEDDING_BASE_URL, OPENAI_EMBEDDING_API_KEY or OPENAI_EMBEDDING_MODEL"
        return [ModelFinding(check="embeddings", ok=False, note=str(error), setting=setting)]


async def _findings(embedder: Embedder, settings: Settings) -> AsyncIterator[ModelFinding]:
    passage = long_text(_PASSAGE_TOKENS)
    # A server may load its model for the first request, which says nothing about the next question.
    endings = await embedder.embed([passage + ending for ending in _ENDINGS])
    started = time.monotonic()
    size = len(await embedder.embed_question(_QUESTION))
    seconds = time.monotonic() - started
    yield _vectors(size, seconds)
    yield _passages(size, *endings)
    yield _prefixes(settings)


def _vectors(size: int, seconds: float) -> ModelFinding:
    note = f"vectors of {size} numbers"
    if size > MOST_DIMENSIONS:
        note += f": {MOST_DIMENSIONS} at most"
        return ModelFinding(check="embeddings", ok=False, note=note, setting="OPENAI_EMBEDDING_MODEL")
    note += f", {seconds:.2f} s for a question"
    if seconds > _SLOW_SECONDS:
        return ModelFinding(check="embeddings", ok=False, note=f"{note}, which waits for it", needed=False)
    note += "" if index_kind(size) else "; they get no index in a large corpus"
    return ModelFinding(check="embeddings", ok=True, note=note)


def _passages(size: int, one: Vector, other: Vector) -> ModelFinding:
    """Compares the vectors of two passages that differ in their last sentence."""
    if sum(a * b for a, b in zip(one, other, strict=True)) < _EQUAL:
        return ModelFinding(check="passages", ok=True, note="a passage of 1,000 tokens is read to its end")
    note = "the model reads only the beginning of a passage of 1,000 tokens, and does not say so"
    if has_windows(size):
        return ModelFinding(check="passages", ok=True, note=f"{note}; its windows of four sentences are read whole")
    return ModelFinding(check="passages", ok=False, note=note, setting="OPENAI_EMBEDDING_MODEL", needed=False)


def _prefixes(settings: Settings) -> ModelFinding:
    service = settings.embedding_service
    if service.question_prefix or service.passage_prefix:
        return ModelFinding(check="prefixes", ok=True, note="the configured words stand before questions and passages")
    known = prefixes_of(service.model)
    if known is None:
        return ModelFinding(check="prefixes", ok=True, note="nothing stands before questions and passages")
    return ModelFinding(
        check="prefixes",
        ok=False,
        note="models of this name were trained with words before questions and passages; ingest the books again then",
        setting=" ".join(
            f'OPENAI_EMBEDDING_{role}_PREFIX="{prefix}"'
            for role, prefix in (("QUESTION", known.question), ("PASSAGE", known.passage))
            if prefix
        ),
        needed=False,
    )
