"""The headings, paragraphs and lists of a Markdown text, and what of it is none of these.

Code, notes, comments and HTML are left out. Code and HTML that hold a sentence, and the text of an admonition, are
paragraphs.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from plccoach_api.corpus.book import Paragraph, count_characters, join_paragraphs
from plccoach_api.corpus.readers.levelled_blocks import LevelledBlock
from plccoach_api.corpus.readers.markdown.dialects import without_dialects
from plccoach_api.corpus.readers.markdown.formulas import with_formulas
from plccoach_api.corpus.readers.markdown.inline import InlineText, page_of_comment
from plccoach_api.corpus.readers.tables import TableRows, has_sentence

_TASK = re.compile(r"\[[ xX]\][ \t]+")
# "# Preface {-}" and "# Preface {#preface .unnumbered}"
_UNNUMBERED = re.compile(r"\{(?:[^{}\n]{0,500}\s)?(?:-|\.unnumbered)(?:\s[^{}\n]{0,500})?\}\s{0,20}$")
# A directive of MyST whose content is a text, such as ```{note}.
_DIRECTIVE = re.compile(
    r"\{(?:admonition|note|tip|hint|important|warning|caution|danger|attention|error|seealso|epigraph|sidebar|margin|"
    r"exercise|solution|dropdown|card|topic|prf:\w+)\}"
)
_DIRECTIVE_OPTIONS = re.compile(r"(?::[\w-]+:[^\n]*(?:\n|$))*")
_NO_TEXT = re.compile(r"<(script|style|svg|figure|iframe|video|pre)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_HTML_HEADING = re.compile(r"<(?P<end>/?)h(?P<level>[1-6])\b[^<>]*>", re.IGNORECASE)
_HTML_TABLE = re.compile(r"(<table\b.*?(?:</table\s*>|\Z))", re.DOTALL | re.IGNORECASE)
_HTML_ROW = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
_HTML_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# A list of contents has at least as many entries, all of which are links.
_LEAST_LINKS = 3
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def read_blocks(text: str) -> tuple[list[LevelledBlock], Counter[str]]:
    """Returns the blocks in order, and the characters that are left out by their kind."""
    reader = _BlockReader()
    reader.read(text)
    return reader.blocks, reader.left_out


def _parser() -> MarkdownIt:
    return with_formulas(MarkdownIt("commonmark").enable(["table", "strikethrough"]))


@dataclass(slots=True)
class _List:
    """An open list. `number` is the number of its next item, or None if its items have marks."""

    number: int | None


class _BlockReader:
    def __init__(self) -> None:
        self.blocks: list[LevelledBlock] = []
        self.left_out: Counter[str] = Counter()
        self._page: int | None = None
        self._lists: list[_List] = []
        self._items: list[Paragraph] = []
        self._item: list[Paragraph] = []
        self._item_mark = ""
        self._link_items = 0
        self._table: TableRows | None = None

    def read(self, text: str) -> None:
        """Reads a text and, after it, the texts inside its code and admonitions in their place."""
        lines, notes = without_dialects(text)
        self.left_out["notes"] += notes
        tokens = _parser().parse(lines)
        level = 0
        for token in tokens:
            if token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "heading_close":
                level = 0
            elif token.type == "inline":
                self._read_inline(token, level)
            elif token.type in {"fence", "code_block"}:
                self._read_code(token)
            elif token.type == "html_block":
                self._read_html(token.content)
            elif token.type in {"table_open", "tr_close", "table_close"}:
                self._read_table_token(token)
            else:
                self._read_list_token(token)

    def _read_inline(self, token: Token, level: int) -> None:
        inline = InlineText(self._page)
        inline.feed(token.children or [])
        self._page = inline.page
        self.left_out.update(inline.left_out)
        paragraph = inline.paragraph
        if not paragraph.text:
            return
        if self._table:
            self._table.add_cell(paragraph)
        elif self._lists and level == 0:
            is_task = not self._item and _TASK.match(paragraph.text)
            self._item.append(_on_one_line(paragraph.part(is_task.end()) if is_task else paragraph))
            self._link_items += _is_link_alone(token)
        else:
            self._end_item()
            self._end_list()
            is_numbered = not (level and _UNNUMBERED.search(token.content))
            self.blocks.append(LevelledBlock(_on_one_line(paragraph) if level else paragraph, level, is_numbered))

    def _read_table_token(self, token: Token) -> None:
        if token.type == "table_open":
            self._table = TableRows()
        elif self._table and token.type == "tr_close":
            self._table.end_row()
        elif self._table:
            self._add_table(self._table)
            self._table = None

    def _add_table(self, table: TableRows) -> None:
        self._end_item()
        self._end_list()
        self.blocks += map(LevelledBlock, table.paragraphs())

    def _read_list_token(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._end_item()
            start = token.attrGet("start")
            is_ordered = token.type == "ordered_list_open"
            self._lists.append(_List((1 if start is None else int(start)) if is_ordered else None))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._end_item()
            self._lists.pop()
            if not self._lists:
                self._end_list()
        elif token.type == "list_item_open":
            self._end_item()
            last = self._lists[-1]
            self._item_mark = "- " if last.number is None else f"{last.number}. "
            last.number = None if last.number is None else last.number + 1

    def _end_item(self) -> None:
        if self._item:
            item = join_paragraphs(self._item, " ")
            mark = Paragraph.on(
                self._item_mark, item.first_page if item.page_starts[:1] and not item.page_starts[0].offset else None
            )
            self._items.append(join_paragraphs([mark, item], ""))
            self._item = []

    def _end_list(self) -> None:
        """Adds the list. A list of links to other places of the book is a list of contents."""
        if self._items:
            joined = join_paragraphs(self._items, "\n")
            if self._link_items == len(self._items) and self._link_items >= _LEAST_LINKS:
                self.left_out["list of contents"] += count_characters(joined.text)
            else:
                self.blocks.append(LevelledBlock(joined))
        self._items, self._link_items = [], 0

    def _read_code(self, token: Token) -> None:
        content = token.content
        directive = _DIRECTIVE.match(token.info.strip())
        if directive:
            # The title of an admonition stands beside its name.
            self._read_inner(token.info.strip()[directive.end() :])
            content = content[_DIRECTIVE_OPTIONS.match(content).end() :]  # type: ignore[union-attr]  # it always matches
        if directive or (token.type == "code_block" and has_sentence(content)):
            self._read_inner(content)
        else:
            self.left_out["code"] += count_characters(content)

    def _read_inner(self, content: str) -> None:
        """Reads the paragraphs of a text inside another one. Its lists and code are not looked into again."""
        for each in re.split(r"\n\s*\n", content):
            inline = InlineText(self._page)
            inline.feed(_parser().parseInline(each.strip())[0].children or [])
            self._page = inline.page
            self.left_out.update(inline.left_out)
            if not inline.paragraph.text:
                continue
            if self._lists:
                self._item.append(_on_one_line(inline.paragraph))
            else:
                self.blocks.append(LevelledBlock(_on_one_line(inline.paragraph)))

    def _read_html(self, html: str) -> None:
        if (page := page_of_comment(html)) is not None:
            self._page = page
            return
        text = _HTML_COMMENT.sub("", html)
        self.left_out["comments"] += count_characters(html) - count_characters(text)
        without = _NO_TEXT.sub("", text)
        self.left_out["HTML"] += count_characters(_TAG.sub("", text)) - count_characters(_TAG.sub("", without))
        for part in _HTML_TABLE.split(without):
            if _HTML_TABLE.match(part):
                self._read_html_table(part)
            else:
                self._read_html_part(part)

    def _read_html_table(self, html: str) -> None:
        table = TableRows()
        for row in _HTML_ROW.split(html):
            for cell in _HTML_CELL.split(row):
                table.add_cell(Paragraph.on(unescape(" ".join(_TAG.sub(" ", cell).split())), self._page))
            table.end_row()
        self._add_table(table)

    def _read_html_part(self, html: str) -> None:
        level, start = 0, 0
        for mark in _HTML_HEADING.finditer(html):
            self._read_html_text(html[start : mark.start()], level)
            level, start = 0 if mark["end"] else int(mark["level"]), mark.end()
        self._read_html_text(html[start:], level)

    def _read_html_text(self, html: str, level: int) -> None:
        words = " ".join(_TAG.sub(" ", html).split())
        if level and words:
            self._end_item()
            self._end_list()
            self.blocks.append(LevelledBlock(Paragraph.on(unescape(words), self._page), level))
        elif has_sentence(words):
            self._read_inner(words)
        else:
            self.left_out["HTML"] += count_characters(words)


def _is_link_alone(token: Token) -> bool:
    """Returns True for a paragraph that is one link to a place of this book."""
    children: Sequence[Token] = [each for each in token.children or [] if each.content.strip() or each.nesting]
    if len(children) < 3 or children[0].type != "link_open" or children[-1].type != "link_close":  # noqa: PLR2004
        return False
    is_one = sum(each.type == "link_open" for each in children) == 1
    return is_one and "://" not in str(children[0].attrGet("href"))


def _on_one_line(paragraph: Paragraph) -> Paragraph:
    return Paragraph(paragraph.text.replace("\n", " "), paragraph.page_starts)
