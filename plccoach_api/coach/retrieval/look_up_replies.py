"""The sentences that answer a look-up from what is known of a book, without its text."""

from collections.abc import Callable, Mapping, Sequence

from plccoach_api.queries.books import BookOutline
from plccoach_api.rules.look_ups import AskedPart, Kind

_MOST_NAMED = 5


def missing(part: AskedPart, named: Sequence[BookOutline]) -> str:
    """Says that no book has the part, and what there is."""
    what = _name_of(part)
    if len(named) > 1:
        most = max((_last(book, part) for book in named), default=0)
        known = f" The last {'page' if part.pages else 'chapter'} of any of them is {most}." if most else ""
        return f"None of my {len(named)} books has {what}.{known}"
    [book] = named
    if part.pages:
        known = f"It has the pages {book.first_page} to {book.last_page}." if book.first_page else "It has no pages."
    else:
        known = _chapters(book)
    return f"“{book.title}” has no {what.removeprefix('a ')}. {known}"


def which(having: Sequence[BookOutline]) -> str:
    titles = [f"“{book.title}”" for book in having[:_MOST_NAMED]]
    if len(having) > _MOST_NAMED:
        return f"Which book do you mean? I have {len(having)} that this fits, for example {_listed(titles, 'and')}."
    return f"Which book do you mean: {_listed(titles, 'or')}?"


def all_books(outlines: Sequence[BookOutline]) -> str:
    titles = [f"“{book.title}”" for book in outlines[:_MOST_NAMED]]
    begin = "My books are" if len(outlines) <= _MOST_NAMED else f"I have {len(outlines)} books, for example"
    return f"{begin} {_listed(titles, 'and')}." if len(outlines) > 1 else f"My only book is {titles[0]}."


def _name_of(part: AskedPart) -> str:
    if part.pages:
        first, last = part.pages
        return f"a page {first}" if first == last else f"pages {first} to {last}"
    if part.number is None or part.number < 0 or part.step:
        return "a chapter there"
    return f"a chapter {part.number}"


def _last(book: BookOutline, part: AskedPart) -> int:
    return (
        (book.last_page or 0) if part.pages else max(len(book.chapters), *(each.number or 0 for each in book.chapters))
    )


def _chapters(book: BookOutline) -> str:
    count = len(book.chapters)
    return f"It has {count} chapters." if count > 1 else "It has no further chapters."


def _authors(book: BookOutline) -> str:
    if not book.authors:
        return f"I do not know who wrote “{book.title}”."
    return f"“{book.title}” is by {_listed(book.authors, 'and')}."


def _chapter_count(book: BookOutline) -> str:
    count = len(book.chapters)
    return f"“{book.title}” has {count} {'chapter' if count == 1 else 'chapters'}."


def _page_count(book: BookOutline) -> str:
    if book.first_page is None:
        return f"I do not know the pages of “{book.title}”."
    return f"“{book.title}” has the pages {book.first_page} to {book.last_page}."


def _edition(book: BookOutline) -> str:
    known = [*([f"edition: {book.edition}"] if book.edition else []), *([f"year: {book.year}"] if book.year else [])]
    if not known:
        return f"I do not know the edition or the year of “{book.title}”."
    return f"I have this of “{book.title}”: {', '.join(known)}."


FACTS: Mapping[Kind, Callable[[BookOutline], str]] = {
    "authors": _authors,
    "chapter_count": _chapter_count,
    "page_count": _page_count,
    "edition": _edition,
}


def _listed(names: Sequence[str], conjunction: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last
