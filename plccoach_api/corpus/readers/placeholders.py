"""Recognises titles and authors that a program wrote because nobody gave one."""

import re

from plccoach_api.corpus.readers.headings import is_page_list

_NO_TITLE = re.compile(
    r"(?:untitled|unknown|(?:main |book )?title|new document|document\s?\d*|microsoft word\b.*|"
    r".*\.(?:docx?|pdf|indd|tex|rtf))",
    re.IGNORECASE,
)
_NO_AUTHORS = frozenset(
    {
        "admin",
        "administrator",
        "author",
        "author's name",
        "microsoft office user",
        "python-docx",
        "un-named",
        "unknown",
        "unknown author",
        "user",
        "windows user",
    }
)
# "Tutors: Ada Lovelace"
_LABEL = re.compile(r"[^\W\d_][^\W\d_ ]{2,20}(?: [^\W\d_]{1,20})?: (?=\S)")
_LONGEST = 300


def real_title(text: str | None) -> str | None:
    """Returns None for a placeholder, for the heading of a list of contents, and for a whole paragraph."""
    title = " ".join((text or "").split())
    if not title or len(title) > _LONGEST or _NO_TITLE.fullmatch(title) or is_page_list(title):
        return None
    return title


def real_authors(names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the names without a label before the first of them."""
    return tuple(_LABEL.sub("", name, count=1) for name in names if name.strip().lower() not in _NO_AUTHORS)
