"""The words and the patterns of numbers: digits, Roman numerals, English words, and "first" in other languages."""

import re

UNITS = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
)
ORDINALS = re.findall(
    r"\w+",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth",
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {
    **{word: at for at, word in enumerate(UNITS, 1)},
    **{word: at for at, word in enumerate(ORDINALS, 1)},
    **{word: 10 * at for at, word in enumerate(TENS, 2)},
    **{f"{word.removesuffix('y')}ieth": 10 * at for at, word in enumerate(TENS, 2)},
}
_UNIT = "|".join(sorted([*UNITS, *ORDINALS], key=len, reverse=True))
_TEN = "|".join(TENS)
# A space between the two words of a number is read as a hyphen only where the number ends: "Chapter Twenty One".
_WORD = rf"(?:{_TEN})(?:-(?:{_UNIT})|\s(?:{_UNIT})(?=\s*(?:[:.\u2013\u2014-]|$)))?|{_TEN.replace('y', 'ieth')}|{_UNIT}"
_ROMAN = r"(?=[clxvi])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
# "Chapitre premier", "Cap\u00edtulo primero": other languages write out the first number, and seldom the others.
_FIRST = r"premi(?:er|\u00e8re)|primer[oa]|prim[oa]|erste[rs]?"
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

NUMERAL = rf"(?:\d{{1,4}}|{_ROMAN}|(?:the\s)?(?:{_WORD}))"
"""The pattern of a number, without flags or groups that capture. Compile it with IGNORECASE."""
CARDINAL = rf"(?:\d{{1,3}}|{_ROMAN}|(?:{_TEN})(?:[ -](?:{'|'.join(UNITS[:9])}))?|{'|'.join(reversed(UNITS))})"
"""The same pattern without ordinals, which are words of titles too."""
NUMERAL_AFTER_WORD = rf"(?:{NUMERAL}|{_FIRST})"
"""The pattern of a number after the word "chapter" or "part"."""

COUNT_WORD = rf"(?:{'|'.join(UNITS[1:])}|{_TEN}|hundreds?|thousands?|millions?|dozens?|half|several|few)"
"""The pattern of a word that counts things. "One" is none, because it is an article as often."""


def parse_numeral(text: str) -> int:
    """Returns the value of a text that matches NUMERAL_AFTER_WORD."""
    text = text.lower().removeprefix("the").strip()
    if re.fullmatch(_FIRST, text):
        return 1
    if text.isdecimal():
        return int(text)
    words = re.split(r"[\s-]", text)
    if all(word in _WORDS for word in words):
        return sum(_WORDS[word] for word in words)
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
