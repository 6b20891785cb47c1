"""Recognises a text that is no question to the books: a sum, an address, code, or an order to the coach itself.

The search would find passages that share a number or a word with it. A question about such a text is a question:
"How do I teach SQL?".
"""

import re

_LETTERS = re.compile(r"[^\W\d_]{2,}")
# "H5P" and "K12" are names, while "x2" and "5x" are parts of a sum.
_NAME_WITH_DIGIT = re.compile(r"\b[a-wz][^\W_]*\d", re.IGNORECASE)
_ARITHMETIC = frozenset(
    {"plus", "minus", "times", "divided", "multiplied", "sum", "root", "square", "calculate", "solve", "compute"}
    | {"equal", "equals"}
)
_OF_SUMS = _ARITHMETIC | {"what", "whats", "is", "are", "does", "how", "much", "the", "of", "and", "by", "to", "from"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A section of a law or a page of a book.
_PLACE = re.compile(r"§|\bpp?\.?\s?\d", re.IGNORECASE)
_CODE = re.compile(r"<!?/?[a-z][^<>]{0,200}>|\{\{[^{}]{0,200}\}\}|\$\{[^{}]{0,200}\}", re.IGNORECASE)
_CALL = re.compile(r"[a-z_][\w.]{0,60}\((?:\s*|[\d.,\s]+|[\"'].{0,500})\)\s*;?", re.IGNORECASE | re.DOTALL)
_SQL = re.compile(
    r"select\s+[\w.,*\s]{1,200}?\s+from\s+[\w.]+(?:\s+(?:where|limit|order by|union|join)\b|\s*(?:;|$))"
    r"|(?:drop|truncate|alter|create)\s+(?:table|database|schema|index)\s"
    r"|insert\s+into\s+\w+|delete\s+from\s+\w+\s*(?:where\b|;)|update\s+\w+\s+set\s+\w+\s*=|union\s+select\b",
    re.IGNORECASE,
)
_BEFORE_SQL = re.compile(r"^[^a-z]*(?:or\s+\d\s*=\s*\d[^a-z]*)?", re.IGNORECASE)
# "class discussion:" and "import learners" are code only where more of it follows.
_STATEMENT = re.compile(
    r"(?:(?:async )?def \w+\(.{0,200}\)[^:\n]{0,40}:|class \w+(?:\(.{0,200}\))?:\s*\n"
    r"|for \w+ in [^:\n]{1,200}:\s*\w+[(.=\[]|while [^:\n]{1,200}:\s*\w+[(.=\[]"
    r"|if [^:\n]{1,200}:\s*(?:return|print|pass|raise|break)\b|from [\w.]+ import [\w*]"
    r"|import [\w.]+(?: as \w+\s*(?:\n|$)|\s*\n)|function \w*\s*\(.{0,200}\)\s*\{|(?:const|let|var) \w+\s*="
    r"|#include\s*[<\"]|public (?:static|class|void) [^\n]{1,200}[({])"
)
_ELEMENT = re.compile(r"<(\w{1,20})(?: [^<>]{0,200})?>.*</\1>", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{1,60}", re.IGNORECASE)
_SQL_SIGNS = re.compile(r"[*;=]|--")
# An order stands at the beginning of a line, of a sentence, or after a comma. White space in a line is one space.
_BEGIN = (
    r"(?:^|[.!?;:,] ?)(?:(?:please|now|ok|hey|hi|coach|so|and|then|first|can you|could you|you must)[ ,]{1,3}+){0,4}"
)
_OWN = r"(?:previous|prior|above|earlier|preceding|original|initial|system|hidden|secret|your)"
_RULES = r"(?:instructions?|prompts?|rules|guidelines|directions|orders|messages?|text)"
_ORDERS = re.compile(
    rf"{_BEGIN}(?:"
    rf"(?:ignore|disregard|forget|override|bypass|skip) (?:\w+ ){{0,4}}?{_OWN} (?:\w+ ){{0,2}}?{_RULES}"
    r"|(?:print|show|reveal|repeat|output|display|tell|give|write|share|leak|what is|what's|what are) "
    rf"(?:(?:me|us|out|all|of|the|back) ){{0,4}}{_OWN} (?:\w+ ){{0,2}}?(?:prompts?|instructions?)"
    r"|(?:repeat|print|output) (?:\w+ ){0,4}(?:text|words|everything|prompt|instructions?) (?:above|before)"
    r"|you are now|from now on,? you|pretend (?:to be|that you|you are)|developer mode"
    r")\b",
    re.IGNORECASE,
)


def is_no_question(text: str) -> bool:
    return _is_sum(text) or _is_address(text) or _is_code(text.strip()) or _is_order(text)


def _is_address(text: str) -> bool:
    """Returns True for addresses alone, of pages or of mail: their words are no question."""
    rest = _ADDRESS.sub(" ", text)
    return rest != text and not _LETTERS.search(rest)


def _is_sum(text: str) -> bool:
    """Returns True for a text of numbers and words of arithmetic: "What is 2 + 2?". "What is a 504?" is a question."""
    numbers, words = _NUMBER.findall(text), _LETTERS.findall(text.lower())
    if not numbers or _NAME_WITH_DIGIT.search(text) or _PLACE.search(text) or not _OF_SUMS.issuperset(words):
        return False
    return not words or len(numbers) > 1 or not _ARITHMETIC.isdisjoint(words)


def _is_order(text: str) -> bool:
    return any(_ORDERS.search(" ".join(line.split())) for line in text.splitlines())


def _is_code(text: str) -> bool:
    if _CALL.fullmatch(text) or _STATEMENT.match(text) or _ELEMENT.fullmatch(text):
        return True
    statement = _BEFORE_SQL.sub("", text, count=1)
    if _SQL_SIGNS.search(text) and _SQL.match(statement):
        return True
    rest = _CODE.sub(" ", text)
    return rest != text and len(_LETTERS.findall(_CALL.sub(" ", rest))) == 0
