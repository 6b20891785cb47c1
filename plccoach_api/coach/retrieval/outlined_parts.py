"""Finds the chapter or the pages that a question names in the outlines of the loaded books."""

import re
from collections.abc import Mapping, Sequence

from msgspec import structs

from plccoach_api.queries.books import BookOutline, OutlinedChapter
from plccoach_api.rules.questions.book_titles import title_matcher, title_words
from plccoach_api.rules.questions.look_ups import AskedPart
from plccoach_api.rules.stems import stems

_NUMBERED_TITLE = re.compile(r"^(?:chapter )?0*(\d{1,3})\b", re.IGNORECASE)
_SECTION_TITLE = re.compile(r"^(?:§{1,3} ?|[^\W\d]{3,9}\.? )?0*(\d{1,6})\b(?!\.\d)", re.IGNORECASE)
_OF_BOOK = re.compile(r",? (?:of|in|from|del?|en) (?=\S)")


def with_book_apart(part: AskedPart, outlines: Sequence[BookOutline]) -> AskedPart:
    """Takes a book from the end of a title that no chapter has: "the chapter on norms in the handbook"."""
    if not part.title or part.book or titles_having(part.title, outlines):
        return part
    for match in _OF_BOOK.finditer(part.title):
        book = part.title[match.end() :]
        means = title_matcher(book, loose=False)
        if means and any(means(each.title) for each in outlines):
            return structs.replace(part, title=part.title[: match.start()], book=book)
    return part


def with_whole_title(part: AskedPart, named: Sequence[BookOutline]) -> AskedPart:
    """Replaces some words of a title by the whole title, if only one chapter has them: "the chapter on copyright"."""
    having = titles_having(part.title or "", named)
    return structs.replace(part, title=having[0]) if len({*having}) == 1 else part


def titles_having(words: str, books: Sequence[BookOutline]) -> list[str]:
    """Returns the titles of the chapters that have all of the words."""
    asked = {*stems(" ".join(title_words(words)))}
    return [each.title for book in books for each in book.chapters if asked and asked <= {*stems(each.title)}]


def has_part(book: BookOutline, part: AskedPart) -> bool:
    if part.kind == "chapter":
        return chapter_of(book, part) is not None
    if part.pages:
        return (
            book.last_page is not None
            and book.first_page is not None
            and (book.first_page <= part.pages[1] and part.pages[0] <= book.last_page)
        )
    return True


def chapter_of(book: BookOutline, part: AskedPart) -> OutlinedChapter | None:
    if part.title:
        words = title_words(part.title)
        return next((each for each in book.chapters if title_words(each.title) == words), None)
    if part.is_section:
        titles = (
            (_SECTION_TITLE.match(each.title), each)
            for each in book.chapters
            if each.title.lower().startswith(part.label or "")
        )
        return next((each for match, each in titles if match and int(match[1]) == part.number), None)
    numbered = _numbered_chapters(book)
    if part.number is None or not numbered:
        return None
    number = max(numbered) if part.number < 0 else part.number
    if part.step and number in numbered:
        place = book.chapters.index(numbered[number]) + part.step
        return book.chapters[place] if 0 <= place < len(book.chapters) else None
    return numbered.get(number)


def _numbered_chapters(book: BookOutline) -> Mapping[int, OutlinedChapter]:
    """Returns the chapters by their number, by the number in their title, or else by their place."""
    numbered = {each.number: each for each in reversed(book.chapters) if each.number is not None}
    if numbered:
        return numbered
    titles = ((_NUMBERED_TITLE.match(each.title), each) for each in reversed(book.chapters))
    return {int(match[1]): each for match, each in titles if match} or dict(enumerate(book.chapters, start=1))
