"""The sentences that answer a look-up from what is known of a book, without its text."""

from collections.abc import Callable, Mapping, Sequence

from plccoach_api.queries.books import BookOutline
from plccoach_api.rules.questions.look_ups import AskedPart, Kind
from plccoach_api.rules.questions.replies import Replies

_MOST_NAMED = 5
_MOST_LISTED = 12


def missing(part: AskedPart, named: Sequence[BookOutline], replies: Replies) -> str:
    """Says that no book has the part, and what there is."""
    what = _name_of(part, replies)
    if len(named) > 1:
        most = max((_last(book, part) for book in named), default=0)
        known = (replies.last_page if part.pages else replies.last_chapter).format(last=most) if most else ""
        return f"{replies.in_no_book.format(count=len(named), part=what)} {known}".rstrip()
    [book] = named
    if part.pages:
        known = _range_of(book, replies.has_pages) if book.first_page else replies.has_no_pages
    else:
        known = _chapters(book, replies)
    return f"{replies.not_in_book.format(title=book.title, part=what)} {known}"


def which(having: Sequence[BookOutline], replies: Replies) -> str:
    titles = [f"“{book.title}”" for book in having[:_MOST_NAMED]]
    if len(having) > _MOST_NAMED:
        return replies.which_of_many.format(count=len(having), titles=_listed(titles, replies.and_))
    return replies.which_book.format(titles=_listed(titles, replies.or_))


def all_books(outlines: Sequence[BookOutline], replies: Replies) -> str:
    """Names all books, or a few examples of many."""
    are_few = len(outlines) <= _MOST_LISTED
    named = outlines if are_few else outlines[:_MOST_NAMED]
    titles = _listed([f"“{book.title}”" for book in named], replies.and_)
    text = replies.books if are_few else replies.many_books
    return (text if len(outlines) > 1 else replies.only_book).format(count=len(outlines), titles=titles)


def _name_of(part: AskedPart, replies: Replies) -> str:
    if part.pages:
        first, last = part.pages
        return (replies.page if first == last else replies.pages).format(first=first, last=last)
    if part.number is None or part.number < 0 or part.step:
        return replies.other_chapter
    return replies.chapter.format(number=part.number)


def _last(book: BookOutline, part: AskedPart) -> int:
    if part.pages:
        return book.last_page or 0
    return max([len(book.chapters), *(each.number or 0 for each in book.chapters)])


def _range_of(book: BookOutline, text: str) -> str:
    return text.format(title=book.title, first=book.first_page, last=book.last_page)


def _chapters(book: BookOutline, replies: Replies) -> str:
    count = len(book.chapters)
    return replies.has_chapters.format(count=count) if count > 1 else replies.has_no_further_chapters


def _authors(book: BookOutline, replies: Replies) -> str:
    if not book.authors:
        return replies.authors_unknown.format(title=book.title)
    return replies.authors.format(title=book.title, authors=_listed(book.authors, replies.and_))


def _chapter_count(book: BookOutline, replies: Replies) -> str:
    count = len(book.chapters)
    return (replies.one_chapter if count == 1 else replies.chapter_count).format(title=book.title, count=count)


def _page_count(book: BookOutline, replies: Replies) -> str:
    return _range_of(book, replies.pages_unknown if book.first_page is None else replies.page_count)


def _edition(book: BookOutline, replies: Replies) -> str:
    parts = ((replies.edition_name, book.edition), (replies.year_name, book.year))
    known = ", ".join(f"{name}: {value}" for name, value in parts if value)
    return (replies.edition if known else replies.edition_unknown).format(title=book.title, known=known)


FACTS: Mapping[Kind, Callable[[BookOutline, Replies], str]] = {
    "authors": _authors,
    "chapter_count": _chapter_count,
    "page_count": _page_count,
    "edition": _edition,
}


def _listed(names: Sequence[str], conjunction: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last
