"""Compares a phrase of a question with the title of a book."""

import re
from collections.abc import Callable

_SMALL_WORDS = frozenset({"the", "a", "an", "and", "el", "la", "los", "las", "y", "of", "de", "del"})
_THIS = re.compile(r"^(?:the|this|that|your|our|my|el|la|este|esta|tu)\b")
_BOOKS = frozenset({"book", "textbook", "text", "libro"})
_KINDS_OF_BOOK = frozenset({"handbook", "guide", "guidebook", "manual", "series", "workbook", "primer", "guía"})
_PRONOUNS = frozenset({"it", "this", "that", "one", "each", "these", "same", "there"})
_WORD = re.compile(r"[^\W_]+")
# A subtitle stands after a colon, after a dash, or in brackets.
_SUBTITLE = re.compile(r":|\(| [\u2013\u2014-] ")
_LEAST_WORDS_OF_SUBTITLE = 2


def title_words(title: str) -> list[str]:
    return [word for word in _WORD.findall(title.lower()) if word not in _SMALL_WORDS]


def title_matcher(phrase: str, *, loose: bool) -> Callable[[str], bool] | None:
    """Returns a function that says whether a phrase means the book with a title.

    A phrase is a whole title, with or without its subtitle, the subtitle alone, or says what kind of book it means:
    "the handbook", "the Basecamp handbook". A loose phrase may be any words of a title. Returns None for a phrase that
    means any book: "that book", or a loose "it".
    """
    words = title_words(phrase)
    is_book = loose or not _BOOKS.isdisjoint(words)
    rest = [word for word in words if word not in _BOOKS and not (is_book and word in _PRONOUNS)]
    if words and not rest:
        return None
    says_book = _THIS.match(phrase) is not None and any(word in _BOOKS | _KINDS_OF_BOOK for word in words)

    def means(title: str) -> bool:
        whole = title_words(title)
        names = [whole, *_parts(title)]
        return rest in names or words in names or ((loose or says_book) and bool(rest) and {*rest} <= {*whole})

    return means


def _parts(title: str) -> list[list[str]]:
    """Returns the words of the short title and those of the subtitle."""
    short, *subtitle = (title_words(part) for part in _SUBTITLE.split(title, maxsplit=1))
    return [short, *(words for words in subtitle if len(words) >= _LEAST_WORDS_OF_SUBTITLE)]
