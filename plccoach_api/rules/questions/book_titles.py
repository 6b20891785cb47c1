"""Compares a phrase of a question with the title of a book."""

import re
from collections.abc import Callable, Iterator

_SMALL_WORDS = frozenset({"the", "a", "an", "and", "el", "la", "los", "las", "y", "of", "de", "del"})
_THIS = re.compile(r"^(?:the|this|that|your|our|my|el|la|este|esta|tu)\b")
_BOOKS = frozenset({"book", "textbook", "text", "libro"})
_KINDS_OF_BOOK = frozenset({"handbook", "guide", "guidebook", "manual", "series", "workbook", "primer", "guía"})
_PRONOUNS = frozenset({"it", "this", "that", "one", "each", "these", "same", "there"})
_WORD = re.compile(r"[^\W_]+")
# A subtitle stands after a colon, after a dash, or in brackets.
_SUBTITLE = re.compile(r":|\(| [\u2013\u2014-] ")
_LEAST_WORDS_OF_SUBTITLE = 2
_NO_INITIALS = _SMALL_WORDS | {"with", "for", "in", "to", "on", "at", "by", "from", "as"}
_LEAST_INITIALS = 3


def title_words(title: str) -> list[str]:
    return [word for word in _WORD.findall(title.lower()) if word not in _SMALL_WORDS]


def title_matcher(phrase: str, *, loose: bool) -> Callable[[str], bool] | None:
    """Returns a function that says whether a phrase means the book with a title.

    A phrase means a book when it is the whole title, the title without its subtitle, the subtitle alone, or the title's
    initials. It may also name the kind of book, alone or with words of the title: "the handbook", "the Basecamp
    handbook". A loose phrase may be any words of a title. Returns None for a phrase that means any book: "that book",
    or a loose "it".
    """
    words = title_words(phrase)
    is_book = loose or not _BOOKS.isdisjoint(words)
    rest = [word for word in words if word not in _BOOKS and not (is_book and word in _PRONOUNS)]
    if words and not rest:
        return None
    says_book = _THIS.match(phrase) is not None and any(word in _BOOKS | _KINDS_OF_BOOK for word in words)

    named = [word for word in rest if word not in _KINDS_OF_BOOK]

    def means(title: str) -> bool:
        whole = title_words(title)
        names = [whole, *_parts(title), *_initials(title)]
        if rest in names or words in names:
            return True
        # "The Basecamp handbook" may be called "Basecamp: Notes", but "the handbook" says that it is one.
        own = named if says_book and named and _KINDS_OF_BOOK.isdisjoint(whole) else rest
        return (loose or says_book) and bool(own) and ({*own} <= {*whole} or own in names)

    return means


def _parts(title: str) -> list[list[str]]:
    """Returns the words of the short title and those of the subtitle."""
    short, *subtitle = (title_words(part) for part in _SUBTITLE.split(title, maxsplit=1))
    return [short, *(words for words in subtitle if len(words) >= _LEAST_WORDS_OF_SUBTITLE)]


def _initials(title: str) -> Iterator[list[str]]:
    """Yields the initials of a title, which may leave out small words: "Learning in a Team" is "lt"."""
    words = _WORD.findall(_SUBTITLE.split(title, maxsplit=1)[0].lower())
    for initials in {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in _NO_INITIALS),
    }:
        if len(initials) >= _LEAST_INITIALS:
            yield [initials]
