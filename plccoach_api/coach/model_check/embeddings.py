"""Tries the embedding service with one question."""

from plccoach_api.coach.model_check.finding import ModelFinding
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.rules.embeddings import MOST_DIMENSIONS, index_kind
from plccoach_api.settings import Settings


async def check_embeddings(settings: Settings) -> ModelFinding:
    try:
        vector = await make_embedder(settings).embed_question("What is a norm?")
    except EmbeddingUnavailable as error:
        return ModelFinding(check="embeddings", ok=False, note=str(error), setting="OPENAI_EMBEDDING_MODEL")
    size = len(vector)
    note = f"vectors of {size} numbers"
    if size > MOST_DIMENSIONS:
        return ModelFinding(
            check="embeddings",
            ok=False,
            note=f"{note}: {MOST_DIMENSIONS} at most",
            setting="OPENAI_EMBEDDING_MODEL",
        )
    note += "" if index_kind(size) else ", which get no index in a large corpus"
    return ModelFinding(check="embeddings", ok=True, note=note)
