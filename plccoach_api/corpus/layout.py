"""From the lines of a PDF's pages to its paragraphs and headings."""

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

from plccoach_api.corpus.parsed_book import running_lines

# So much larger than the text around it, a line is a heading.
_LARGER = 1.12
_LONGEST_HEADING = 200
# So much farther apart than the lines of the page are, two of them are two paragraphs.
_PARTS = 1.35
_LIST_ITEM = re.compile(r"(?:[-*•\u2013\u25aa\u25cf]|\d{1,2}[.)])\s")
_ENDS = re.compile(r"[.!?:;][\"')\]\u201d\u2019]*$")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    size: float
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading, which has a size; `page` counts from 0, the others are printed numbers."""

    text: str
    size: float
    page: int
    first_page: int | None
    last_page: int | None


def lines_of(page: PDFPage, parameters: LAParams) -> list[Line]:
    """In reading order."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=parameters)
    PDFPageInterpreter(resources, device).process_page(page)
    found = []
    boxes = [each for each in device.get_result() if isinstance(each, LTTextBox)]
    for box in boxes:
        for line in box:
            if text := " ".join(line.get_text().split()):
                sizes = Counter(round(each.size, 1) for each in line if isinstance(each, LTChar))
                size = sizes.most_common(1)[0][0] if sizes else 0.0
                found.append(Line(text, size, line.x0, line.y1))
    return found


def blocks_of(pages: Sequence[Sequence[Line]], labels: Sequence[int | None]) -> Iterator[Block]:
    """Page by page, without what runs along all of them."""
    dropped = _running(pages)
    kept = [[line for at, line in enumerate(page) if at not in gone] for page, gone in zip(pages, dropped, strict=True)]
    sizes: Counter[float] = Counter()
    for line in (line for page in kept for line in page):
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    for number, page in enumerate(kept):
        for lines in _paragraphs(page):
            text = _flowing([line.text for line in lines])
            size = lines[0].size
            large = size > body * _LARGER > 0 and len(text) <= _LONGEST_HEADING
            yield Block(text, size if large else 0.0, number, labels[number], labels[number])


def joined(blocks: Iterator[Block]) -> list[Block]:
    """What a page's end cut in two is one again, and the items of a list are one list."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if last and not block.size and not last.size and (glue := _glue(last, block)):
            text = _flowing([last.text, block.text]) if glue == " " else f"{last.text}{glue}{block.text}"
            found[-1] = replace(last, text=text, last_page=block.last_page)
        else:
            found.append(block)
    return found


def _glue(last: Block, block: Block) -> str | None:
    items = _LIST_ITEM.match(block.text), _LIST_ITEM.match(last.text.rpartition("\n")[2])
    if all(items):
        return "\n"
    cut = block.page > last.page and not items[0] and not _ENDS.search(last.text)
    return " " if cut and (block.text[:1].islower() or last.text.endswith(("-", ","))) else None


def _running(pages: Sequence[Sequence[Line]]) -> list[set[int]]:
    """Places of running heads in reading order; they are looked for from top to bottom."""
    orders = [sorted(range(len(page)), key=lambda at, page=page: -page[at].top) for page in pages]  # type: ignore[misc]
    texts = [[page[at].text for at in order] for page, order in zip(pages, orders, strict=True)]
    return [{order[at] for at in found} for order, found in zip(orders, running_lines(texts), strict=True)]


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    steps = [step for last, line in pairwise(lines) if 0 < (step := last.top - line.top) < 3 * max(line.size, 1)]
    leading = median_low(steps) if steps else 0.0
    gathered: list[Line] = []
    for line in lines:
        if gathered and _begins(gathered, line, leading):
            yield gathered
            gathered = []
        gathered.append(line)
    if gathered:
        yield gathered


def _begins(gathered: Sequence[Line], line: Line, leading: float) -> bool:
    """Whether a line begins another paragraph than those before it: by its place, size, indent or bullet."""
    last = gathered[-1]
    if abs(line.size - last.size) > 0.5 or _LIST_ITEM.match(line.text):  # noqa: PLR2004 - points
        return True
    if not 0 < last.top - line.top <= _PARTS * leading:
        return True
    indented = line.left - min(each.left for each in gathered) > 0.8 * line.size
    return indented and bool(_ENDS.search(last.text)) and not _LIST_ITEM.match(gathered[0].text)


def _flowing(lines: Sequence[str]) -> str:
    """One line of those that were broken to a width; a word that was divided is whole."""
    text = lines[0]
    for line in lines[1:]:
        divided = re.search(r"[a-z]-$", text) and line[:1].islower()
        text = text[:-1] + line if divided else f"{text} {line}"
    return text
