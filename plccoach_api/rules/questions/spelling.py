"""Decides which word of the corpus a misspelt word means."""

from collections.abc import Callable, Iterable

LEAST_LETTERS = 3
# Too many short words differ in one letter: "bake" and "base". So only a slip of the keys is corrected in
# them, and a vowel that is missing.
_SHORT = 4
# From this length on, a word may have two errors.
_LONG = 10
# The most frequent first, because "hwo" may be "how" and "who".
_FUNCTION_WORDS = (
    *("the", "what", "and", "how", "that", "for", "with", "are", "you", "this", "from", "have", "does", "can", "why"),
    *("when", "which", "who", "where", "they", "should", "would", "could", "about", "your", "our", "their", "them"),
    *("there", "these", "between", "because", "before", "after", "without", "other", "many", "much", "give", "make"),
)
_SUFFIXES = ("s", "es", "ed", "ing", "er", "ers", "ly", "est")
_LEAST_LETTERS_OF_BASE = 4
# Pieces of words are common, too: "statment" is no form of "stat", and "traning" none of "tran".
_LEAST_LETTERS_OF_SURE_BASE = 5
_SAME_LETTERS = 2
# British and American letters. What they make has to be a word of the corpus.
_OTHER_LETTERS = (
    *(("is", "iz"), ("ys", "yz"), ("our", "or"), ("tre", "ter"), ("ogue", "og"), ("ence", "ense"), ("mme", "m")),
    *(("ll", "l"), ("grey", "gray")),
)
_LEAST_LETTERS_OF_VARIANT = 5


def other_spellings(word: str) -> frozenset[str]:
    """Returns the other spellings that a British or American word may have: "organise" for "organize"."""
    if len(word) < _LEAST_LETTERS_OF_VARIANT:
        return frozenset()
    both = (pair for one, other in _OTHER_LETTERS for pair in ((one, other), (other, one)))
    return frozenset(
        word[:place] + new + word[place + len(old) :]
        for old, new in both
        for place in range(len(word))
        if word.startswith(old, place)
    )


def is_right(word: str, is_common: Callable[[str], bool]) -> bool:
    """Returns True for a common word, a form of one, or two of them joined: such a word is not misspelt.

    The corpus does not have every right word: "film" would become "firm".
    """
    if is_common(word):
        return True
    bases = (word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix))
    if any(len(base) >= _LEAST_LETTERS_OF_BASE and any(map(is_common, _forms(base))) for base in bases):
        return True
    splits = range(_LEAST_LETTERS_OF_BASE, len(word) - _LEAST_LETTERS_OF_BASE + 1)
    return any(is_common(word[:split]) and is_common(word[split:]) for split in splits)


def may_lack_letter(word: str, is_common: Callable[[str], bool]) -> bool:
    """Returns True for a word that is right only by a short piece of it."""
    bases = (word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix))
    is_sure = any(len(base) >= _LEAST_LETTERS_OF_SURE_BASE and any(map(is_common, _forms(base))) for base in bases)
    return not (is_sure or is_common(word))


def with_lacking_letter(word: str, similar: Iterable[str], is_common: Callable[[str], bool]) -> str | None:
    """Returns the common word among the similar ones that has one letter more, and begins like the word."""
    longer = (other for other in similar if other[:_SAME_LETTERS] == word[:_SAME_LETTERS] and is_common(other))
    return next((other for other in longer if _lacks_letter(word, other)), None)


def _forms(base: str) -> Iterable[str]:
    yield base
    yield f"{base}e"
    if base.endswith("i"):
        yield f"{base[:-1]}y"
    if base[-1] == base[-2]:
        yield base[:-1]


def function_word(word: str) -> str | None:
    """Returns the word such as "what" that a slip of the keys turned into a short word: "wat", "waht", "whhat"."""
    near = (other for other in _FUNCTION_WORDS if word[0] == other[0])
    return next((other for other in near if _is_slip(word, other) or _lacks_letter(word, other)), None)


def _is_slip(word: str, other: str) -> bool:
    """Returns True if two neighbours are swapped, or if a letter is typed once too often or too rarely."""
    if len(word) == len(other):
        return _errors(word, other, 1) == 1 and sorted(word) == sorted(other)
    shorter, longer = sorted((word, other), key=len)
    pairs = (place for place in range(1, len(longer)) if longer[place] == longer[place - 1])
    return any(longer[:place] + longer[place + 1 :] == shorter for place in pairs)


def _lacks_letter(word: str, other: str) -> bool:
    return len(word) + 1 == len(other) and _errors(word, other, 1) == 1


def _lacks_vowel(word: str, other: str) -> bool:
    """Returns True if a vowel within the other word is missing: "gols" for "goals"."""
    inside = (place for place in range(1, len(other) - 1) if other[place] in "aeiou")
    return any(other[:place] + other[place + 1 :] == word for place in inside)


def best_correction(word: str, similar: Iterable[str]) -> str | None:
    """Returns the nearest of the similar words, which come in the order of their frequency, or None if none is near."""
    if len(word) <= _SHORT:
        alike = [other for other in similar if word[0] == other[0]]
        slips = (other for other in alike if _is_slip(word, other))
        return next(slips, None) or next((other for other in alike if _lacks_vowel(word, other)), None)
    most = 2 if len(word) >= _LONG else 1
    near = [(errors, other[0] != word[0], other) for other in similar if (errors := _errors(word, other, most)) <= most]
    # `min` returns the first of equals, and the first is the most frequent.
    return min(near, key=lambda each: each[:2])[2] if near else None


def _errors(word: str, other: str, most: int) -> int:
    """Counts the letters to insert, leave out, replace or swap with their neighbour; more than `most` if too many."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last: list[int] = [*range(len(other) + 1)]
    for row, letter in enumerate(word, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            errors = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == wanted:
                errors = min(errors, before[column - 2] + 1)
            current.append(errors)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return last[-1]
