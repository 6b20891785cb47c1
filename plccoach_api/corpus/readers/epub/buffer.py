"""The text of a paragraph while it is read: white space is collapsed, and each page keeps its offset."""

from typing import NamedTuple

from plccoach_api.corpus.book import PageStart, Paragraph, count_characters


class Mark(NamedTuple):
    """A place in a buffer, to which it can return."""

    parts: int
    length: int
    separator: str


class TextBuffer:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._separator = ""
        self._starts: list[PageStart] = []

    def __bool__(self) -> bool:
        return self._length > 0

    @property
    def offset(self) -> int:
        """The offset of the next word."""
        return self._length + len(self._separator)

    @property
    def mark(self) -> Mark:
        return Mark(len(self._parts), self._length, self._separator)

    def add(self, text: str, page: int | None) -> None:
        words = text.split()
        if text[:1].isspace():
            self.separate(" ")
        if not words:
            return
        if not self._length and page is not None:
            self._starts = [PageStart(0, page)]
        joined = self._separator + " ".join(words)
        self._parts.append(joined)
        self._length += len(joined)
        self._separator = " " if text[-1:].isspace() else ""

    def add_lines(self, text: str, page: int | None) -> None:
        """Adds text that keeps its line ends."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.separate("\n")
            self.add(line, page)

    def separate(self, separator: str) -> None:
        """Puts a separator before the next word, if there is a word before."""
        if self._length and (not self._separator or self._separator == " "):
            self._separator = separator

    def turn_page(self, page: int) -> None:
        if self._length:
            self._starts.append(PageStart(self.offset, page))

    def since(self, mark: Mark) -> str:
        return "".join(self._parts[mark.parts :]).strip()

    def before(self, mark: Mark) -> str:
        return self._parts[mark.parts - 1] if mark.parts else ""

    def cut(self, mark: Mark) -> int:
        """Removes everything after a mark. Returns the number of characters that it removed."""
        removed = count_characters(self.since(mark))
        del self._parts[mark.parts :]
        self._length = mark.length
        # The words around what was removed stay apart if white space stood on either side.
        self._separator = mark.separator or self._separator
        self._starts = [each for each in self._starts if each.offset <= self.offset]
        return removed

    def paragraph(self, prefix: str = "") -> Paragraph:
        text = "".join(self._parts)
        return Paragraph(text, tuple(each for each in self._starts if each.offset < len(text))).prefixed(prefix)
