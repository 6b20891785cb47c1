"""Reads a book from Markdown.

Its front matter or its title page names it: the first `#` is the title. A following line `by A, B and C` names
the authors, and `Year: 2026` the year. `## Chapter N: Title` begins a chapter, and `<!-- page 12 -->` begins a
page. A book may have its chapters on another level, and parts above them. Deeper headings stay in the text.
"""

from collections import Counter

from plccoach_api.corpus.readers.front_matter import FrontMatter, read_front_matter
from plccoach_api.corpus.readers.levelled_blocks import LevelledBlock, build, with_titles_below
from plccoach_api.corpus.readers.markdown.blocks import read_blocks
from plccoach_api.corpus.readers.parsed_book import ParsedBook


def parse(text: str) -> ParsedBook:
    """Reads a book that is one text."""
    return build(*read_document(text))


def read_document(text: str) -> tuple[FrontMatter, list[LevelledBlock], Counter[str]]:
    """Returns the front matter, the blocks, and the characters that are left out by their kind."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = read_front_matter(text)
    blocks, left_out = read_blocks(text[head.characters :])
    return head, with_titles_below(blocks), left_out
