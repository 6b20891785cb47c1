"""Looks up the part of a book that a question names, in the place of a search."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import structs

from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import books, chunks
from plccoach_api.queries.books import BookOutline, OutlinedChapter
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.look_ups import AskedPart, asked_part, title_matcher, title_words
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.routing import content_words
from plccoach_api.rules.stems import stems

_MOST_PASSAGES = 7
_TOKEN_LIMIT = 6_000
_MOST_CHAPTERS = 40
_MOST_NAMED = 5
# The stems that a part uses most often say what it is about.
_CENTRAL_STEMS = 30
_NUMBERED_TITLE = re.compile(r"^(?:chapter )?0*(\d{1,3})\b", re.IGNORECASE)


class LookUp(msgspec.Struct, frozen=True):
    """The result of a look-up: passages to answer from, the openings of a book's chapters, or a reply."""

    passages: tuple[Passage, ...] = ()
    openings: tuple[Passage, ...] = ()
    reply: str = ""
    kind: MessageKind = MessageKind.answer


async def find_look_up(database: Database, question: str, book_ids: Sequence[UUID] | None) -> LookUp | None:
    """Returns None for a question that names no part of a book."""
    part = asked_part(question)
    return await database.run_idempotent(_look_up, part=part, book_ids=book_ids or None) if part else None


async def _look_up(connection: Connection, *, part: AskedPart, book_ids: Sequence[UUID] | None) -> LookUp | None:
    outlines = await books.list_outlines(connection, book_ids=book_ids)
    named = _named(part, outlines)
    if not named:
        is_sure = outlines and (part.number or part.pages)
        return _told(f"I have no book called “{part.book}”. {_these(outlines)}") if is_sure else None
    if part.kind == "authors":
        return _authors(named)
    having = [book for book in named if _has(book, part)]
    if not having:
        return _told(_missing(part, named)) if part.number or part.pages else None
    if len(having) > 1:
        return LookUp(reply=_which(having), kind=MessageKind.clarification)
    return await _read(connection, having[0], part)


def _named(part: AskedPart, outlines: Sequence[BookOutline]) -> list[BookOutline]:
    """Returns the books that the question may mean: all of them when it names none, but only of a chapter or a page."""
    means = title_matcher(part.book, loose=part.kind in {"chapter", "pages"}) if part.book else None
    return [book for book in outlines if means is None or means(book.title)]


def _has(book: BookOutline, part: AskedPart) -> bool:
    if part.kind == "chapter":
        return _chapter(book, part) is not None
    if part.pages:
        return (
            book.last_page is not None
            and book.first_page is not None
            and (book.first_page <= part.pages[1] and part.pages[0] <= book.last_page)
        )
    return True


def _chapter(book: BookOutline, part: AskedPart) -> OutlinedChapter | None:
    if part.title:
        words = title_words(part.title)
        return next((each for each in book.chapters if title_words(each.title) == words), None)
    numbered = {each.number: each for each in reversed(book.chapters) if each.number is not None}
    if not numbered:
        titles = ((_NUMBERED_TITLE.match(each.title), each) for each in reversed(book.chapters))
        numbered = {int(match[1]): each for match, each in titles if match}
    if not numbered:
        numbered = dict(enumerate(book.chapters, start=1))
    return numbered.get(part.number or 0)


async def _read(connection: Connection, book: BookOutline, part: AskedPart) -> LookUp | None:
    if part.kind == "contents":
        openings = await chunks.list_openings(connection, book_id=book.id, limit=_MOST_CHAPTERS)
        return LookUp(openings=tuple(openings)) if openings else None
    chapter = _chapter(book, part) if part.kind == "chapter" else None
    first, last = part.pages or (None, None)
    passages = await chunks.list_for_part(
        connection,
        book_id=book.id,
        chapter_id=chapter.id if chapter else None,
        first_page=first,
        last_page=last,
        limit=_MOST_PASSAGES,
    )
    cut = (_cut(passage, part.pages) if part.pages else passage for passage in passages)
    fitting = [*_fitting([passage for passage in cut if passage.content.strip()])]
    return LookUp(passages=tuple(_weighted(fitting))) if fitting else _told(_missing(part, [book]))


def _cut(passage: Passage, pages: tuple[int, int]) -> Passage:
    """Returns only the text on the pages. A passage without offsets of its pages is returned whole."""
    if not passage.page_offsets or passage.page_numbers is None:
        return passage
    starts = [*zip(passage.page_offsets, passage.page_numbers, strict=True)]
    start = max((offset for offset, number in starts if number <= pages[0]), default=0)
    end = min((offset for offset, number in starts if number > pages[1]), default=len(passage.content))
    kept = [(max(0, offset - start), number) for offset, number in starts if offset < end]
    kept = [each for place, each in enumerate(kept) if place + 1 == len(kept) or kept[place + 1][0] > 0]
    return structs.replace(
        passage,
        content=passage.content[start:end],
        page_offsets=tuple(offset for offset, _ in kept),
        page_numbers=tuple(number for _, number in kept),
    )


def _fitting(passages: Sequence[Passage]) -> Iterator[Passage]:
    tokens = 0
    for passage in passages:
        tokens += passage.tokens
        if tokens <= _TOKEN_LIMIT:
            yield passage


def _weighted(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Weighs the stems that the part uses most often, in the place of a question's stems."""
    used = Counter(stem for passage in passages for stem in stems(content_words(passage.content)) if stem.isalpha())
    weights = {stem: float(count) for stem, count in used.most_common(_CENTRAL_STEMS)}
    return (structs.replace(passage, weights=weights) for passage in passages)


def _told(reply: str) -> LookUp:
    return LookUp(reply=reply, kind=MessageKind.refusal)


def _authors(named: Sequence[BookOutline]) -> LookUp:
    replies = (
        f"“{book.title}” is by {_listed(book.authors, 'and')}."
        if book.authors
        else f"I do not know who wrote “{book.title}”."
        for book in named[:_MOST_NAMED]
    )
    return LookUp(reply=" ".join(replies), kind=MessageKind.clarification)


def _missing(part: AskedPart, named: Sequence[BookOutline]) -> str:
    what = f"page {part.pages[0]}" if part.pages else f"chapter {part.number}"
    if len(named) > 1:
        return f"None of my {len(named)} books has a {what}."
    [book] = named
    if part.pages:
        known = f"It has the pages {book.first_page} to {book.last_page}." if book.first_page else "It has no pages."
    else:
        known = f"It has {len(book.chapters)} chapters." if len(book.chapters) > 1 else "It has no further chapters."
    return f"“{book.title}” has no {what}. {known}"


def _which(having: Sequence[BookOutline]) -> str:
    titles = [f"“{book.title}”" for book in having[:_MOST_NAMED]]
    if len(having) > _MOST_NAMED:
        return f"Which book do you mean? I have {len(having)} that this fits, for example {_listed(titles, 'and')}."
    return f"Which book do you mean: {_listed(titles, 'or')}?"


def _these(outlines: Sequence[BookOutline]) -> str:
    titles = [f"“{book.title}”" for book in outlines[:_MOST_NAMED]]
    begin = "My books are" if len(outlines) <= _MOST_NAMED else f"I have {len(outlines)} books, for example"
    return f"{begin} {_listed(titles, 'and')}." if len(outlines) > 1 else f"My only book is {titles[0]}."


def _listed(names: Sequence[str], conjunction: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {conjunction} {last}" if others else last
