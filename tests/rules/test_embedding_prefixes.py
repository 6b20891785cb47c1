"""The words that models for vectors want before a text, by the name of the model."""

import pytest

from plccoach_api.rules.embedding_prefixes import prefixes_of


@pytest.mark.parametrize(
    ("model", "question", "passage"),
    [
        ("intfloat/multilingual-e5-small", "query:", "passage:"),
        ("e5-base-v2", "query:", "passage:"),
        ("nomic-embed-text:latest", "search_query:", "search_document:"),
        ("google/embeddinggemma-300m", "task: search result | query:", "title: none | text:"),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", "query:", None),
        ("snowflake-arctic-embed2", "query:", None),
        ("snowflake-arctic-embed-m-v1.5", "Represent this sentence for searching relevant passages:", None),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages:", None),
        ("mxbai-embed-large", "Represent this sentence for searching relevant passages:", None),
    ],
)
def test_models_are_known_by_a_part_of_their_name(model: str, question: str, passage: str | None) -> None:
    assert prefixes_of(model) == (question, passage)


@pytest.mark.parametrize(
    "model",
    ["text-embedding-3-large", "all-minilm", "bge-m3", "multilingual-e5-large-instruct", "e5-mistral-7b-instruct"],
)
def test_other_models_want_none(model: str) -> None:
    assert prefixes_of(model) is None
