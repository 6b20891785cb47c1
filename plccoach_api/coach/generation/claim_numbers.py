"""Reads the numbers of a sentence, in digits and in words, with the unit of time that follows each."""

from collections.abc import Mapping, Sequence

from plccoach_api.rules.stems import stems

_TIMES = frozenset(stems("minute hour day week month year semester quarter percent second decade"))


def _counted(words: str, first: int, step: int = 1) -> dict[str, float]:
    return {word: float(first + step * index) for index, word in enumerate(words.split())}


NUMBER_WORDS: Mapping[str, float] = {
    **_counted("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen", 2),
    **_counted("seventeen eighteen nineteen", 17),
    **_counted("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 3),
    **_counted("twenty thirty forty fifty sixty seventy eighty ninety hundred", 20, 10),
    "thirds": 3,
    "quarters": 4,
    "fourths": 4,
    "twice": 2,
    "dozen": 12,
}


def _number(word: str) -> float | None:
    if not word[0].isdigit():
        return NUMBER_WORDS.get(word)
    digits = word.replace(",", "")
    return float(digits) if digits.isascii() and digits.count(".") <= 1 else None


def numbers_of(words: Sequence[str]) -> dict[float, frozenset[str]]:
    found: dict[float, frozenset[str]] = {}
    for index, word in enumerate(words):
        number = _number(word)
        if number is not None and number != 1:
            following = [stem for each in words[index + 1 : index + 5] for stem in stems(each)]
            unit = next((stem for stem in following if stem in _TIMES), None)
            found[number] = found.get(number, frozenset()) | ({unit} if unit else frozenset())
    return found
