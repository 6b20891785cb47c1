"""Turns the cells of a table into paragraphs, in the same way for every format.

A cell that holds a sentence is a paragraph. The other cells are lines such as `| Team | Days |`, one for each row. The
words of a row can be found, and the coach never quotes them as a sentence.
"""

import re
from collections.abc import Sequence

from plccoach_api.corpus.book import Paragraph, join_paragraphs

# The last five words of a sentence.
_SENTENCE = re.compile(r"\b[^\W\d_]{1,30}[,;]?(?:\s[\w'\u2019-]{1,30}[,;]?){4}[.?!](?:\s|$)")


def has_sentence(text: str) -> bool:
    """Returns True for a text with a sentence of five words or more; a label or a number is none."""
    return _SENTENCE.search(text) is not None


class TableRows:
    def __init__(self) -> None:
        self._paragraphs: list[Paragraph] = []
        self._rows: list[Paragraph] = []
        self._row: list[Paragraph] = []

    def add_cell(self, cell: Paragraph) -> None:
        """Adds a cell to the open row."""
        if not cell.text:
            return
        cell = Paragraph(cell.text.replace("\n", " "), cell.page_starts)
        if has_sentence(cell.text):
            self._end_rows()
            self._paragraphs.append(cell)
        else:
            self._row.append(cell)

    def end_row(self) -> None:
        if self._row:
            self._rows.append(_line(self._row))
            self._row = []

    def paragraphs(self) -> list[Paragraph]:
        """Returns the paragraphs of the whole table."""
        self._end_rows()
        return self._paragraphs

    def _end_rows(self) -> None:
        self.end_row()
        if self._rows:
            self._paragraphs.append(join_paragraphs(self._rows, "\n"))
            self._rows = []


def _line(cells: Sequence[Paragraph]) -> Paragraph:
    row = join_paragraphs(cells, " | ").prefixed("| ")
    return Paragraph(f"{row.text} |", row.page_starts)
