"""Looks up the part of a book that a question names, in the place of a search."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import structs

from plccoach_api.coach.answer import Turn
from plccoach_api.coach.retrieval.follow_ups import Find
from plccoach_api.coach.retrieval.look_up_replies import FACTS, all_books, missing, which
from plccoach_api.coach.retrieval.outlined_parts import (
    chapter_of,
    has_part,
    titles_having,
    with_book_apart,
    with_whole_title,
)
from plccoach_api.coach.retrieval.passages import DEFAULT_OPTIONS, fitting
from plccoach_api.database.pool import Connection, Database
from plccoach_api.queries import books, chunks
from plccoach_api.queries.books import BookOutline
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.questions.book_titles import title_matcher, title_words
from plccoach_api.rules.questions.follow_ups import wants_more_or_less
from plccoach_api.rules.questions.look_ups import AskedPart, asked_part
from plccoach_api.rules.questions.replies import Replies, replies_to
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.questions.small_talk import small_talk
from plccoach_api.rules.stems import stems

_MOST_CHAPTERS = 40
# More chapters than this are about nothing in particular.
_MOST_ABOUT = 5
# The stems that a part uses most often say what it is about.
_CENTRAL_STEMS = 30


class LookUp(msgspec.Struct, frozen=True):
    """The result of a look-up: passages to answer from, the openings of a book's chapters, or a reply."""

    passages: tuple[Passage, ...] = ()
    openings: tuple[Passage, ...] = ()
    chapters: int = 0
    """The number of all chapters of the book. The openings may be fewer."""
    are_about: bool = False
    """True if the openings are those of the chapters that the question asks for."""
    reply: str = ""
    kind: MessageKind = MessageKind.answer


async def find_look_up(
    database: Database, question: str, history: Sequence[Turn], find: Find, book_ids: Sequence[UUID] | None
) -> LookUp | None:
    """Returns None for a question that names no part of a book.

    "That book" is the one that the question before it names, or else the one that answers it: `find` searches for it.
    """
    part, before = asked_part(question), _asked_before(question, history)
    replies = replies_to(question)
    earlier = asked_part(before)
    if earlier and wants_more_or_less(question):
        part = earlier
    if part is None:
        # "Which book do you mean?" is answered by a title.
        part = structs.replace(earlier, book=question.lower().strip(" .?!")) if earlier else None
        return (
            await database.run_on_replica(_look_up, part=part, book_ids=book_ids, replies=replies, is_title=True)
            if part
            else None
        )
    if _may_mean_earlier(part):
        if earlier:
            part = _continued(part, earlier)
        elif before and part.book:
            part = structs.replace(part, book=next((each.book_title for each in await find(before)), part.book))
    return await database.run_on_replica(_look_up, part=part, book_ids=book_ids, replies=replies)


def _may_mean_earlier(part: AskedPart) -> bool:
    return (
        part.kind != "books"
        and not part.title
        and (part.book is None or title_matcher(part.book, loose=part.is_sure) is None)
    )


def _asked_before(question: str, history: Sequence[Turn]) -> str:
    earlier = (each.content for each in reversed(history) if each.role is MessageRole.user and each.content != question)
    return next((text for text in earlier if not small_talk(text)), "")


def _continued(part: AskedPart, earlier: AskedPart) -> AskedPart:
    """Returns the part of the book that the earlier question named. "The next chapter" follows the earlier one."""
    book = earlier.book or part.book
    if part.step and part.number is None:
        return structs.replace(part, book=book, number=earlier.number)
    return structs.replace(part, book=book)


async def _look_up(
    connection: Connection,
    *,
    part: AskedPart,
    book_ids: Sequence[UUID] | None,
    replies: Replies,
    is_title: bool = False,
) -> LookUp | None:
    outlines = await books.list_outlines(connection, book_ids=book_ids)
    if part.kind == "about":
        return await _read_about(connection, outlines, part)
    if part.kind == "books":
        return _told(all_books(outlines, replies), MessageKind.clarification) if outlines else None
    return await _look_up_named(connection, outlines, part=part, replies=replies, is_title=is_title)


async def _look_up_named(
    connection: Connection, outlines: Sequence[BookOutline], *, part: AskedPart, replies: Replies, is_title: bool
) -> LookUp | None:
    part = with_book_apart(part, outlines)
    named = _named(part, outlines, loose=part.is_sure and not is_title)
    if not named and part.is_summary:
        # "Summarize designing exercises": a chapter has this title.
        part = AskedPart(kind="chapter", title=part.book)
        named = [*outlines]
    if not named:
        is_sure = outlines and part.is_numbered and not (is_title or part.is_guess or part.is_section)
        return (
            _told(f"{replies.no_such_book.format(title=part.book)} {all_books(outlines, replies)}") if is_sure else None
        )
    part = with_whole_title(part, named)
    having = [book for book in named if has_part(book, part)]
    if not having:
        return _told(missing(part, named, replies)) if part.is_numbered and not part.is_section else None
    if len(having) > 1:
        return _told(which(having, replies), MessageKind.clarification)
    if fact := FACTS.get(part.kind):
        return _told(fact(having[0], replies), MessageKind.clarification)
    return await _read(connection, having[0], part, replies)


async def _read_about(connection: Connection, outlines: Sequence[BookOutline], part: AskedPart) -> LookUp | None:
    """Returns the openings of the chapters whose titles have the words, if they are a few of one book."""
    found = ((book.id, titles_having(part.title or "", [book])) for book in outlines)
    having = [(book_id, titles) for book_id, titles in found if titles]
    if len(having) != 1 or len(having[0][1]) > _MOST_ABOUT:
        return None
    [(book_id, titles)] = having
    openings = await chunks.list_openings(connection, book_id=book_id, limit=_MOST_CHAPTERS)
    about = tuple(each for each in openings if each.chapter_title in titles)
    return LookUp(openings=about, chapters=len(about), are_about=True) if about else None


def _named(part: AskedPart, outlines: Sequence[BookOutline], *, loose: bool) -> list[BookOutline]:
    """Returns the books that the question may mean: all of them if it names none, one if it has the whole title."""
    if part.book is None:
        return [*outlines]
    means, words = title_matcher(part.book, loose=loose), title_words(part.book)
    named = [book for book in outlines if means is None or means(book.title)]
    return [book for book in named if title_words(book.title) == words] or named


async def _read(connection: Connection, book: BookOutline, part: AskedPart, replies: Replies) -> LookUp | None:
    if part.kind == "contents":
        openings = await chunks.list_openings(connection, book_id=book.id, limit=_MOST_CHAPTERS)
        return LookUp(openings=tuple(openings), chapters=len(book.chapters)) if openings else None
    chapter = chapter_of(book, part) if part.kind == "chapter" else None
    first, last = part.pages or (None, None)
    passages = await chunks.list_for_part(
        connection,
        book_id=book.id,
        chapter_id=chapter.id if chapter else None,
        first_page=first,
        last_page=last,
        limit=DEFAULT_OPTIONS.limit,
    )
    cut = (_cut(passage, part.pages) if part.pages else passage for passage in passages)
    read = fitting([passage for passage in cut if passage.content.strip()])
    return LookUp(passages=tuple(_weighted(read))) if read else _told(missing(part, [book], replies))


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


def _weighted(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Weighs the stems that the part uses most often, in the place of a question's stems."""
    used = Counter(stem for passage in passages for stem in stems(content_words(passage.content)) if stem.isalpha())
    weights = {stem: float(count) for stem, count in used.most_common(_CENTRAL_STEMS)}
    return (structs.replace(passage, weights=weights) for passage in passages)


def _told(reply: str, kind: MessageKind = MessageKind.refusal) -> LookUp:
    return LookUp(reply=reply, kind=kind)
