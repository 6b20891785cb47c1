"""The settings of the service that makes vectors. It is the service of answers, unless it has an address of its own."""

import msgspec

from plccoach_api.settings.environment import Environment, Secret, text, web_address


class EmbeddingService(msgspec.Struct, frozen=True, kw_only=True):
    base_url: str
    api_key: Secret | None
    model: str
    question_prefix: str | None
    """Models that tell questions from passages want words such as `query:` before each text."""
    passage_prefix: str | None


def from_environment(environment: Environment, *, base_url: str, api_key: Secret | None) -> EmbeddingService:
    """Takes the address and the key of the service of answers. The key goes to no other address."""
    own_base_url = environment.read("OPENAI_EMBEDDING_BASE_URL", web_address, base_url)
    no_prefix: str | None = None
    return EmbeddingService(
        base_url=own_base_url,
        api_key=environment.secret("OPENAI_EMBEDDING_API_KEY") or (api_key if own_base_url == base_url else None),
        model=environment.read("OPENAI_EMBEDDING_MODEL", text, "text-embedding-3-large"),
        question_prefix=environment.read("OPENAI_EMBEDDING_QUESTION_PREFIX", text, no_prefix),
        passage_prefix=environment.read("OPENAI_EMBEDDING_PASSAGE_PREFIX", text, no_prefix),
    )
