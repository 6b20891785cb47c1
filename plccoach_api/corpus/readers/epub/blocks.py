"""The blocks of an EPUB's text, and the lists and tables that become one block each."""

from dataclasses import dataclass, field

from plccoach_api.corpus.book import Paragraph, count_characters, join_paragraphs
from plccoach_api.corpus.readers.tables import TableRows

# A cell of data is shorter, and has one or two paragraphs.
_MOST_CELL_CHARACTERS = 400
_MOST_CELL_BLOCKS = 2


@dataclass(frozen=True, slots=True)
class EpubBlock:
    """`level` is that of a heading. `targets` are the links in the block, `linked` the characters of their text."""

    paragraph: Paragraph
    level: int | None = None
    targets: tuple[str, ...] = ()
    linked: int = 0

    @property
    def text(self) -> str:
        """The text without the marks of a heading."""
        return self.paragraph.text if self.level is None else self.paragraph.text.lstrip("# ")


class ListCollector:
    """Collects the items of nested lists as the lines of one block. All paragraphs of an item are one line."""

    def __init__(self) -> None:
        # For each open list the number of its next item, or None if it has no numbers.
        self._numbers: list[int | None] = []
        self._marker: str | None = None
        self._items: list[list[Paragraph]] = []
        self._targets: list[str] = []
        self._linked = 0

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def open(self, start: str | None, *, is_numbered: bool) -> None:
        self._numbers.append(_number(start, 1) if is_numbered else None)

    def close(self) -> bool:
        """Ends the innermost list. Returns True if it was the outermost one too."""
        if self._numbers:
            self._numbers.pop()
        self._marker = None
        return not self._numbers

    def start_item(self, value: str | None) -> None:
        if not self._numbers:
            return
        number = self._numbers[-1]
        if number is None:
            self._marker = "- "
        else:
            number = _number(value, number)
            self._marker = f"{number}. "
            self._numbers[-1] = number + 1

    def add(self, paragraph: Paragraph, targets: tuple[str, ...], linked: int) -> None:
        if self._marker is not None or not self._items:
            self._items.append([paragraph.prefixed(self._marker or "")])
        else:
            self._items[-1].append(paragraph)
        self._marker = None
        self._targets += targets
        self._linked += linked

    def take(self) -> EpubBlock | None:
        """Returns the items so far as one block."""
        items, self._items = self._items, []
        targets, self._targets = tuple(self._targets), []
        linked, self._linked = self._linked, 0
        if not items:
            return None
        return EpubBlock(join_paragraphs([join_paragraphs(item, " ") for item in items], "\n"), None, targets, linked)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default  # noqa: PLR2004


@dataclass(slots=True)
class TableCollector:
    """Collects the cells of a table, and returns the blocks that TableRows makes of a table of data.

    A table with one column, long cells or headings only places its text on the page, so its paragraphs stay paragraphs.
    """

    _rows: list[list[list[EpubBlock]]] = field(default_factory=list)
    _before: list[EpubBlock] = field(default_factory=list)

    def start_row(self) -> None:
        self._rows.append([])

    def start_cell(self) -> None:
        if not self._rows:
            self.start_row()
        self._rows[-1].append([])

    def add(self, block: EpubBlock) -> None:
        """Text outside of cells is the table's caption."""
        if self._rows and self._rows[-1]:
            self._rows[-1][-1].append(block)
        else:
            self._before.append(block)

    def blocks(self) -> list[EpubBlock]:
        rows = [[cell for cell in row if cell] for row in self._rows]
        if self._places_text(rows):
            return [*self._before, *(block for row in rows for cell in row for block in cell)]
        table = TableRows()
        for row in rows:
            for cell in row:
                table.add_cell(join_paragraphs([block.paragraph for block in cell], " "))
            table.end_row()
        return [*self._before, *_with_links(table.paragraphs(), rows)]

    @staticmethod
    def _places_text(rows: list[list[list[EpubBlock]]]) -> bool:
        if max(map(len, rows), default=0) <= 1:
            return True
        cells = [cell for row in rows for cell in row]
        return any(
            len(cell) > _MOST_CELL_BLOCKS
            or any(block.level is not None for block in cell)
            or sum(count_characters(block.text) for block in cell) > _MOST_CELL_CHARACTERS
            for cell in cells
        )


def _with_links(paragraphs: list[Paragraph], rows: list[list[list[EpubBlock]]]) -> list[EpubBlock]:
    """Returns the blocks. The links stand in the first one: a list of contents has no sentences, and is one block."""
    every = [block for row in rows for cell in row for block in cell]
    targets = tuple(target for block in every for target in block.targets)
    first = [EpubBlock(each, None, targets, sum(block.linked for block in every)) for each in paragraphs[:1]]
    return [*first, *map(EpubBlock, paragraphs[1:])]
