"""The check of a service of vectors: how long they are, what it reads of a passage, and what its model wants."""

import hashlib
from typing import Any

from plccoach_api.coach.model_check.embeddings import check_embeddings
from plccoach_api.coach.model_check.finding import ModelFinding
from tests.embedding.vector_service import Answer, settings_of


def reading(characters: int = 100_000, *, numbers: int = 384) -> Answer:
    """A service whose model reads so much of a text, and does not say so."""

    def answer(body: dict[str, Any]) -> tuple[int, Any]:
        digests = [hashlib.shake_256(text[:characters].encode()).digest(numbers) for text in body["input"]]
        return 200, {"data": [{"index": at, "embedding": [*digest]} for at, digest in enumerate(digests)]}

    return answer


async def findings(answer: Answer, **variables: str) -> dict[str, ModelFinding]:
    with settings_of(answer, **variables) as (settings, _):
        return {each.check: each for each in await check_embeddings(settings)}


async def test_a_service_that_reads_whole_passages_passes_every_check() -> None:
    found = await findings(reading())
    assert list(found) == ["embeddings", "passages", "prefixes"]
    assert found["embeddings"].note.startswith("vectors of 384 numbers, ")
    assert found["passages"].ok
    assert found["prefixes"].ok


async def test_a_model_that_cuts_a_passage_does_no_harm_where_windows_are_read() -> None:
    passages = (await findings(reading(1000, numbers=1024)))["passages"]
    assert passages.ok
    assert "reads only the beginning" in passages.note
    assert "windows" in passages.note


async def test_a_model_that_cuts_a_passage_is_told_where_its_vectors_are_too_long_for_windows() -> None:
    passages = (await findings(reading(1000, numbers=1025)))["passages"]
    assert (passages.ok, passages.setting) == (False, "OPENAI_EMBEDDING_MODEL")


async def test_a_model_that_wants_words_before_a_text_is_told_their_settings() -> None:
    prefixes = (await findings(reading(), OPENAI_EMBEDDING_MODEL="nomic-embed-text"))["prefixes"]
    assert (prefixes.ok, prefixes.needed) == (False, False)
    assert prefixes.setting == (
        'OPENAI_EMBEDDING_QUESTION_PREFIX="search_query:" OPENAI_EMBEDDING_PASSAGE_PREFIX="search_document:"'
    )


async def test_configured_words_are_not_judged() -> None:
    variables = {"OPENAI_EMBEDDING_MODEL": "nomic-embed-text", "OPENAI_EMBEDDING_QUESTION_PREFIX": "question:"}
    assert (await findings(reading(), **variables))["prefixes"].ok


async def test_a_service_that_fails_is_told_in_one_line() -> None:
    [found] = (await findings(lambda _: (401, {}))).values()
    assert (found.check, found.ok, found.needed) == ("embeddings", False, True)
    assert found.note == "the embedding service failed (AuthenticationError)"
    assert found.setting is not None
    assert "OPENAI_EMBEDDING_API_KEY" in found.setting
