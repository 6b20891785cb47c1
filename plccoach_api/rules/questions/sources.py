"""Recognises a question to one book or author: "What does Mara Ellison say about norms?"."""

import re
from collections.abc import Sequence

import msgspec

from plccoach_api.rules.questions.book_titles import title_matcher, title_words

_MOST_CHARACTERS = 300
_SAYS = r"(?:say|says|write|writes|wrote|said|think|thinks|recommend|recommends|suggest|suggests|advise|advises|teach)"
_ABOUT = r"(?: us)?(?: about| on| regarding)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"^what (?:does|do|did|has|have) (?P<source>.{{1,150}}?) {_SAYS}{_ABOUT} (?P<asked>.+)$",
        r"^(?:according to|as per|in the words of|in|from) (?P<source>[^,]{1,150}), (?P<asked>.+)$",
        r"^(?P<asked>.{1,150}?),? according to (?P<source>.+)$",
        r"^qué (?:dice|dicen|escribe|opina|recomienda) (?P<source>.{1,150}?) (?:sobre|acerca de|de) (?P<asked>.+)$",
        r"^según (?P<source>[^,]{1,150}), (?P<asked>.+)$",
    )
)


class AskedSource(msgspec.Struct, frozen=True):
    source: str
    """In small letters."""
    asked: str
    """The question without its source."""


def asked_source(question: str) -> AskedSource | None:
    """Returns what a question takes for a source. It may be none: "What do teachers say about norms?"."""
    if len(question) > _MOST_CHARACTERS:
        return None
    text = " ".join(question.split()).strip(" ?!.¿¡")
    match = next((match for form in _FORMS if (match := form.match(text))), None)
    return AskedSource(match["source"].lower(), match["asked"]) if match else None


def is_source(phrase: str, title: str, authors: Sequence[str]) -> bool:
    """Returns True when the phrase is the title of a book, says which kind of book it means, or names its author."""
    means, words = title_matcher(phrase, loose=False), title_words(phrase)
    return (means is not None and means(title)) or any(_names(words, title_words(author)) for author in authors)


def _names(words: Sequence[str], author: Sequence[str]) -> bool:
    """Returns True for an author's name, or for a part of it that has the last word."""
    return bool(words and author) and words[-1] == author[-1] and {*words} <= {*author}
