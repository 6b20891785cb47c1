"""Recognises titles and authors that a program wrote because nobody gave one."""

import re

from plccoach_api.corpus.readers.headings import is_page_list

_NO_TITLE = re.compile(
    r"(?:untitled|unknown|(?:main |book )?title|new document|document\s?\d*|microsoft word\b.*|"
    r"\((?:anonymous|unspecified|untitled|none)\)|(?:https?:|file:|www\.|localhost\b|doi:).*|"
    r".*\.(?:docx?|pdf|indd|tex|rtf|dvi|ps|odt|pptx?|xlsx?|qxd|p65|pub|pages|html?|md|txt))",
    re.IGNORECASE,
)
# "Handbook_2024_final" and "front-cover-student" are names of files.
_FILE_NAME = re.compile(r"\S*_\S*|[a-z\d]+(?:-[a-z\d]+){2,}")
_NO_AUTHORS = frozenset(
    {
        "admin",
        "administrator",
        "anonymous",
        "apple",
        "author",
        "author's name",
        "microsoft office user",
        "owner",
        "python-docx",
        "student",
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


def is_file_name(text: str) -> bool:
    """Returns True for a name without spaces, such as a file or an anchor has."""
    return _FILE_NAME.fullmatch(text) is not None


def real_title(text: str | None) -> str | None:
    """Returns None for a placeholder, the name of a file, the heading of a list of contents, and a whole paragraph."""
    title = " ".join((text or "").split())
    is_none = _NO_TITLE.fullmatch(title) or is_file_name(title) or not any(map(str.isalnum, title))
    return None if is_none or len(title) > _LONGEST or is_page_list(title) else title


def real_authors(names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the names without a label before the first of them. One word in small letters is an account's name."""
    return tuple(_LABEL.sub("", name, count=1) for name in names if not _is_no_author(name.strip()))


def _is_no_author(name: str) -> bool:
    return name.lower() in _NO_AUTHORS or (name.islower() and " " not in name)
