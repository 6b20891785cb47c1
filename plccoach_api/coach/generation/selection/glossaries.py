"""Recognises the entries of a glossary: "Rubric: a scoring guide that lists criteria", in a line of its own."""

import re

_ENTRY = re.compile(
    r"(?P<term>[^\W_][^:;.!?\n\u2013\u2014]{1,58}?)(?:: | [\u2013\u2014-] )(?P<meaning>[^\n]+)(?<![:?])$"
)
_MOST_WORDS_OF_TERM = 6
_LEAST_WORDS_OF_MEANING = 3


def term_of(line: str) -> str:
    """Returns the term that a line explains; nothing for any other line."""
    entry = _ENTRY.match(line)
    if (
        not entry
        or len(entry["term"].split()) > _MOST_WORDS_OF_TERM
        or len(entry["meaning"].split()) < _LEAST_WORDS_OF_MEANING
    ):
        return ""
    return entry["term"]
