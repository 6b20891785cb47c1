"""The words that some models for vectors were trained with, before each question and before each passage.

The words are those of pages on the models and of programs that use them. Only the check of a model reads them, to
remind of a setting.
"""

import re
from typing import NamedTuple


class Prefixes(NamedTuple):
    question: str
    passage: str | None = None


_SENTENCE = "Represent this sentence for searching relevant passages:"
_BY_NAME = (
    (re.compile(r"\be5-(?:small|base|large)(?!.*instruct)"), Prefixes("query:", "passage:")),
    (re.compile(r"nomic-embed-text"), Prefixes("search_query:", "search_document:")),
    (re.compile(r"embeddinggemma"), Prefixes("task: search result | query:", "title: none | text:")),
    (re.compile(r"arctic-embed(?:2|.*-v2)"), Prefixes("query:")),
    (re.compile(r"bge-(?:small|base|large)-en|mxbai-embed|arctic-embed"), Prefixes(_SENTENCE)),
)


def prefixes_of(model: str) -> Prefixes | None:
    """Returns the words that models of this name want, or None for other names."""
    name = model.lower()
    return next((prefixes for pattern, prefixes in _BY_NAME if pattern.search(name)), None)
