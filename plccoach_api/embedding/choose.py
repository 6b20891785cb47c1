"""The embedder that the settings choose."""

from plccoach_api.embedding.cache import CachedEmbedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.settings import EmbedderKind, Settings


def make_embedder(settings: Settings) -> Embedder:
    if settings.embeddings is EmbedderKind.openai:
        from plccoach_api.embedding.openai import OpenAIEmbedder  # noqa: PLC0415 - 15 MB of each worker

        return CachedEmbedder(OpenAIEmbedder(settings))
    from plccoach_api.embedding.local import LOCAL  # noqa: PLC0415 - loaded only where it is used

    # Its vectors take less time than a look into the cache.
    return LOCAL
