"""Claims in another language than their passage: how they are recognised, and which sentence is nearest to them.

The two languages share numbers, names and words of the same origin ("evaluación", "evaluation"). That is enough to
choose a sentence to quote. It is not enough to judge the claim, so only its numbers are compared.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+|\d+")
# The most frequent words of Spanish, French, Portuguese, Italian and German that English does not have.
_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        "el la los las lo un una unos unas de del al y que en es se por para con su sus como más pero le les des et"
        " du est dans pour sur une qui der die das und ist nicht mit ein eine den dem von il di per gli della os as não"
        " com uma da em são à é"
    )
)
_COMMON_BEGINNING = 4
_LEAST_LETTERS = 5


def is_translated(claim: str, passage: str) -> bool:
    """Returns True when the claim has frequent words of a language that the passage is not written in."""
    foreign = _FUNCTION_WORDS.intersection(_words(claim))
    return len(foreign) > 1 and 2 * len(foreign & _words(passage)) < len(foreign)


def nearness(claim: str, sentence: str) -> float:
    """Returns how much of the claim is in the sentence: its numbers, and words of the same origin."""
    words = _words(sentence)
    beginnings = {_plain(word)[:_COMMON_BEGINNING] for word in words}
    claimed = [word for word in _words(claim) - _FUNCTION_WORDS if word.isdecimal() or len(word) >= _LEAST_LETTERS]
    found = sum(
        word in words if word.isdecimal() else _plain(word)[:_COMMON_BEGINNING] in beginnings for word in claimed
    )
    return found / (len(claimed) + len(words) ** 0.5 or 1.0)


def has_numbers(claim: str, passage: str) -> bool:
    """Returns True when the passage has every number that the claim writes in digits."""
    return {word for word in _words(claim) if word.isdecimal()} <= _words(passage)


@lru_cache(maxsize=500)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _plain(word: str) -> str:
    """Returns the word without its accents."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
