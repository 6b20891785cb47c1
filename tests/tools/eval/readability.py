"""Recognises quotes that nobody can read as an answer.

These patterns are independent of the rules by which the coach selects sentences, so that an error there is seen here.
"""

import re
from enum import Enum


class Flaw(Enum):
    question = "question"
    label = "label"
    table_row = "table row"
    caption = "caption"
    reference = "reference"
    fragment = "fragment"


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]{0,2}\s+(?=[A-Z\"“])")
_LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_QUESTION = re.compile(r"\?[\"'”’)]{0,2}$")
_LABEL = re.compile(r":$")
_TABLE_ROW = re.compile(r"\||\t| {3,}\S+ {3,}")
_CAPTION = re.compile(r"^(?:figure|fig\.|table|box|image|photo|illustration)\s+\d", re.IGNORECASE)
_REFERENCE = re.compile(r"\bdoi\b|https?://|\bet al\.$|\(\d{4}[a-z]?\)\.|\b(?:pp?|vol)\. ?\d+|\bISBN\b", re.IGNORECASE)
_COMPLETE_END = re.compile(r"[.!…][\"'”’)\]]{0,3}(?: ?\[\d{1,3}\])?$")
_LEAST_WORDS = 4


def flaw(quote: str) -> Flaw | None:
    """Returns the first flaw of the quote's sentences, or None for a quote of whole sentences.

    A list belongs to the sentence that introduces it, so its items need not be sentences.
    """
    lines = [line.strip() for line in quote.splitlines() if line.strip()]
    found: list[Flaw | None] = []
    introduced = False
    for index, line in enumerate(lines):
        is_item = _LIST_MARK.match(line) is not None
        introduced = introduced and is_item
        introduces = not is_item and any(map(_LIST_MARK.match, lines[index + 1 : index + 2]))
        flaws = [_flaw(_LIST_MARK.sub("", each)) for each in _SENTENCE_END.split(line) if each]
        if introduces and len(line.split()) >= _LEAST_WORDS and flaws[-1:] == [Flaw.label]:
            introduced = True
            flaws.pop()
        found += [each for each in flaws if not (introduced and is_item and each is Flaw.fragment)]
    return next(filter(None, found), None)


def _flaw(sentence: str) -> Flaw | None:
    patterns = {
        Flaw.table_row: _TABLE_ROW,
        Flaw.caption: _CAPTION,
        Flaw.question: _QUESTION,
        Flaw.label: _LABEL,
        Flaw.reference: _REFERENCE,
    }
    for kind, pattern in patterns.items():
        if pattern.search(sentence):
            return kind
    whole = _COMPLETE_END.search(sentence) and len(sentence.split()) >= _LEAST_WORDS and not sentence[0].islower()
    return None if whole else Flaw.fragment


def first_sentence(quote: str) -> str:
    return _SENTENCE_END.split(quote.strip())[0]
