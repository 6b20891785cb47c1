"""Gathers paragraphs into chapters while a reader goes through a book."""

from plccoach_api.corpus.book import Chapter, Paragraph
from plccoach_api.corpus.readers.headings import is_page_list, parse_heading


class ChapterBuilder:
    """Text before the first heading belongs to a chapter without a number or title. Chapters without text are dropped.

    A chapter that only lists pages, such as the index, is dropped too.
    """

    def __init__(self) -> None:
        self._chapters: list[tuple[int | None, str, list[Paragraph]]] = [(None, "", [])]

    @property
    def is_empty(self) -> bool:
        return len(self._chapters) == 1 and not self._chapters[0][2]

    def open(self, number: int | None, title: str) -> None:
        """Begins a chapter."""
        self._chapters.append((number, title, []))

    def append(self, paragraph: Paragraph) -> None:
        """Adds a paragraph to the open chapter."""
        self._chapters[-1][2].append(paragraph)

    def add(self, paragraph: Paragraph) -> None:
        """Begins a chapter if the paragraph is a chapter's heading. Adds it to the open chapter otherwise."""
        if heading := parse_heading(paragraph.text):
            self.open(*heading)
        elif is_page_list(paragraph.text.strip(" .:#")):
            self.open(None, paragraph.text)
        else:
            self.append(paragraph)

    def chapters(self) -> list[Chapter]:
        return [
            Chapter(number, title, tuple(paragraphs))
            for number, title, paragraphs in self._chapters
            if paragraphs and not is_page_list(title)
        ]
