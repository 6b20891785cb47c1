"""Turns the lines on a PDF's pages into paragraphs and headings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTTextBox
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from plccoach_api.corpus.readers.running_heads import find_running_heads

# A heading is larger than the body text by this factor, and not longer than 200 characters.
_HEADING_RATIO = 1.12
_LONGEST_HEADING = 200
# A new paragraph begins after a gap that is larger than the page's line spacing by this factor.
_GAP_RATIO = 1.35
_SAME_SIZE_POINTS = 0.5
_INDENT_RATIO = 0.8
_LIST_ITEM = re.compile(r"(?:[-*•\u2013\u25aa\u25cf]|\d{1,2}[.)])\s")
_SENTENCE_END = re.compile(r"[.!?:;][\"')\]\u201d\u2019]*$")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    size: float
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, whose `heading_size` is 0, or a heading.

    `page` is the index of the page in the file. `first_page` and `last_page` are printed page numbers.
    """

    text: str
    heading_size: float
    page: int
    first_page: int | None
    last_page: int | None


def read_lines(page: PDFPage, parameters: LAParams) -> list[Line]:
    """Returns the lines of a page in reading order."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=parameters)
    PDFPageInterpreter(resources, device).process_page(page)
    lines = []
    boxes = [each for each in device.get_result() if isinstance(each, LTTextBox)]
    for box in boxes:
        for line in box:
            if text := " ".join(line.get_text().split()):
                sizes = Counter(round(each.size, 1) for each in line if isinstance(each, LTChar))
                size = sizes.most_common(1)[0][0] if sizes else 0.0
                lines.append(Line(text, size, line.x0, line.y1))
    return lines


def find_blocks(pages: Sequence[Sequence[Line]], page_numbers: Sequence[int | None]) -> Iterator[Block]:
    """Groups the lines of each page into blocks. Page numbers and running heads are left out."""
    body_pages = _without_running_heads(pages)
    body_size = _body_size(body_pages)
    for index, page in enumerate(body_pages):
        for lines in _group_paragraphs(page):
            text = _join_lines([line.text for line in lines])
            size = lines[0].size
            is_heading = size > body_size * _HEADING_RATIO > 0 and len(text) <= _LONGEST_HEADING
            yield Block(text, size if is_heading else 0.0, index, page_numbers[index], page_numbers[index])


def join_blocks(blocks: Iterator[Block]) -> list[Block]:
    """Joins the parts of a paragraph that continues on the next page, and the items of a list."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and not block.heading_size and not last.heading_size and (separator := _separator(last, block)):
            text = _join_lines([last.text, block.text]) if separator == " " else f"{last.text}{separator}{block.text}"
            joined[-1] = replace(last, text=text, last_page=block.last_page)
        else:
            joined.append(block)
    return joined


def _separator(last: Block, block: Block) -> str | None:
    """Returns the character that joins two blocks, or None if the blocks stay separate."""
    is_item = _LIST_ITEM.match(block.text)
    if is_item and _LIST_ITEM.match(last.text.rpartition("\n")[2]):
        return "\n"
    may_continue = block.page > last.page and not is_item and not _SENTENCE_END.search(last.text)
    return " " if may_continue and (block.text[:1].islower() or last.text.endswith(("-", ","))) else None


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Looks for running heads from the top of the page to its bottom, which is not always the reading order."""
    orders = [sorted(range(len(page)), key=lambda at, page=page: -page[at].top) for page in pages]  # type: ignore[misc]
    texts = [[page[at].text for at in order] for page, order in zip(pages, orders, strict=True)]
    dropped = [{order[at] for at in heads} for order, heads in zip(orders, find_running_heads(texts), strict=True)]
    return [[line for at, line in enumerate(page) if at not in drop] for page, drop in zip(pages, dropped, strict=True)]


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Returns the size in which most characters are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _group_paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    steps = [step for last, line in pairwise(lines) if 0 < (step := last.top - line.top) < 3 * max(line.size, 1)]
    spacing = median_low(steps) if steps else 0.0
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and _starts_paragraph(paragraph, line, spacing):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _starts_paragraph(paragraph: Sequence[Line], line: Line, spacing: float) -> bool:
    """Judges by size, bullet, gap and indent. The items of a list may have indented lines."""
    last = paragraph[-1]
    if abs(line.size - last.size) > _SAME_SIZE_POINTS or _LIST_ITEM.match(line.text):
        return True
    if not 0 < last.top - line.top <= _GAP_RATIO * spacing:
        return True
    is_indented = line.left - min(each.left for each in paragraph) > _INDENT_RATIO * line.size
    return is_indented and bool(_SENTENCE_END.search(last.text)) and not _LIST_ITEM.match(paragraph[0].text)


def _join_lines(lines: Sequence[str]) -> str:
    """Joins wrapped lines into one, and the two halves of a hyphenated word."""
    text = lines[0]
    for line in lines[1:]:
        is_hyphenated = re.search(r"[a-z]-$", text) and line[:1].islower()
        text = text[:-1] + line if is_hyphenated else f"{text} {line}"
    return text
