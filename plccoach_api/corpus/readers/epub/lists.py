"""Finds lists of contents and indexes in an EPUB's text. A list ends where its entries end."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from plccoach_api.corpus.book import count_characters
from plccoach_api.corpus.readers.epub.blocks import EpubBlock
from plccoach_api.corpus.readers.headings import is_page_list
from plccoach_api.corpus.readers.page_lists import has_page

_SEE = re.compile(r"(?:^|[\s,.;(])see (?:also )?\S", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019)]*$")
_MOST_ENTRY_CHARACTERS = 150
# More blocks in a row that are no entries belong to the book.
_MOST_WORDS_BETWEEN = 10
_LEAST_LINKS = 4
_LINKED_SHARE = 0.7


def find_lists(blocks: Sequence[EpubBlock], starts: Mapping[int, str], titles: AbstractSet[str]) -> dict[int, str]:
    """Returns the indexes of the blocks that belong to a list of contents or an index, with what they belong to.

    `starts` are the blocks that begin a chapter, with its title, `titles` the titles of all chapters in small letters.
    """
    found: dict[int, str] = {}
    index = 0
    while index < len(blocks):
        text = blocks[index].text
        has_heading = is_page_list(text)
        title = text if has_heading else starts.get(index, "")
        if not is_page_list(title):
            index += 1
            continue
        end = _end_of_list(blocks, index + has_heading, starts, titles)
        reason = "index" if "index" in title.casefold() else "list of contents"
        found.update(dict.fromkeys(range(index, end), reason))
        index = max(end, index + 1)
    return found


def is_list_of_links(blocks: Sequence[EpubBlock]) -> bool:
    """Returns True for a text that has little but links into the book, which is a list of contents in any language."""
    targets = [target for block in blocks for target in block.targets if "://" not in target]
    characters = sum(count_characters(block.text) for block in blocks)
    return len(targets) >= _LEAST_LINKS and sum(block.linked for block in blocks) >= _LINKED_SHARE * characters


def _end_of_list(blocks: Sequence[EpubBlock], start: int, starts: Mapping[int, str], titles: AbstractSet[str]) -> int:
    """Returns the index after the last entry. Short words between entries, such as a part's name, belong to them."""
    end = start
    for index in range(start, len(blocks)):
        if index in starts and index > start:
            break
        block = blocks[index]
        if _is_entry(block, titles):
            end = index + 1
        elif index - end >= _MOST_WORDS_BETWEEN or _ends_list(blocks, index, starts, titles):
            break
    return end


def _ends_list(blocks: Sequence[EpubBlock], index: int, starts: Mapping[int, str], titles: AbstractSet[str]) -> bool:
    text = blocks[index].text
    if blocks[index].level is not None and not _is_entry_next(blocks, index, starts, titles):
        return True
    return len(text) > _MOST_ENTRY_CHARACTERS or bool(_SENTENCE_END.search(text))


def _is_entry(block: EpubBlock, titles: AbstractSet[str]) -> bool:
    if block.linked and block.linked >= count_characters(block.text) / 2:
        # The heading of a chapter may link back to the list of contents.
        return block.level is None
    if block.level is not None:
        return False
    lines = block.text.split("\n")
    # An item of a list, or a row of a table.
    entries = sum(_is_entry_line(line.removeprefix("- ").strip(" |"), titles) for line in lines)
    return entries > len(lines) / 2


def _is_entry_line(line: str, titles: AbstractSet[str]) -> bool:
    if line.casefold() in titles:
        return True
    return len(line) <= _MOST_ENTRY_CHARACTERS and (has_page(line) or _SEE.search(line) is not None)


def _is_entry_next(
    blocks: Sequence[EpubBlock], index: int, starts: Mapping[int, str], titles: AbstractSet[str]
) -> bool:
    following = index + 1
    return following < len(blocks) and following not in starts and _is_entry(blocks[following], titles)
