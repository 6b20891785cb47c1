"""Recognises the entries of a glossary: "Rubric: a scoring guide that lists criteria", in a line of its own."""

import re

from plccoach_api.coach.generation.selection.readable import is_entry
from plccoach_api.coach.generation.sentences import Sentence

_ENTRY = re.compile(
    r"(?P<term>[^\W_][^:;.!?\n\u2013\u2014]{1,58}?)(?:: | [\u2013\u2014-] )(?P<meaning>[^\n]+)(?<![:?])$"
)
# A row of one cell, as it stands before a sentence of its row.
_CELL = re.compile(r"(?:^|\n)\| (?P<term>[^|\n]{2,58}) \|\s*$")
_MARKS = " \t-*\u20220123456789.)"
_MOST_WORDS_OF_TERM = 6
_MOST_BEFORE = 70
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


def term_in(content: str, sentence: Sentence) -> str:
    """Returns the term that a sentence of a text explains: at its beginning, or in the cell before it."""
    if cell := _CELL.search(content, max(0, sentence.span.start - _MOST_BEFORE), sentence.span.start):
        return cell["term"]
    term = term_of(sentence.text)
    if not term or not is_entry(sentence):
        return ""
    before = content[content.rfind("\n", 0, sentence.span.start) + 1 : sentence.span.start]
    return "" if before.strip(_MARKS) else term
