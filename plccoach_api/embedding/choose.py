"""Makes the embedder that the settings choose."""

from plccoach_api.embedding.cache import CachedEmbedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.settings import EmbedderKind, Settings


def make_embedder(settings: Settings) -> Embedder:
    if settings.embeddings is EmbedderKind.openai:
        from plccoach_api.embedding.openai import OpenAIEmbedder  # noqa: PLC0415 - 15 MB a worker that need not be

        return CachedEmbedder(OpenAIEmbedder(settings))
    from plccoach_api.embedding.local import LOCAL  # noqa: PLC0415 - what is not chosen is not imported

    return CachedEmbedder(LOCAL)
