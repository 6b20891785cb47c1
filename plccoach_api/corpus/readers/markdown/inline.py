"""The words of a line of Markdown: without marks, links' targets, pictures, comments and numbers of notes."""

import re
from collections import Counter
from collections.abc import Sequence

from markdown_it.token import Token

from plccoach_api.corpus.book import PageStart, Paragraph, count_characters
from plccoach_api.corpus.readers.markdown.formulas import FORMULA
from plccoach_api.corpus.readers.markdown.references import BRACKETED, PLACE, PLACES

_PAGE_COMMENT = re.compile(r"<!--\s*(?:page|pp?\.|pg\.?)[\s:]+(?P<page>\d{1,6})\s*-->", re.IGNORECASE)
# Pandoc's `[p. 12]{.page}`, a note's `[^5]`, an attribute `{#id .class}`, and a template's `{{...}}` or `{%...%}`.
_MARK = re.compile(
    r"\[(?:pp?\.|page)? ?(?P<page>\d{1,6})\]\{[^{}\n]{0,40}\.page[^{}\n]{0,40}\}"
    r"|(?P<note>\[\^[^\]\[\s]{1,80}\]|\^\[[^\[\]]*\])"
    # Pandoc's `[@smith, p. 3]`, bookdown's `\@ref(fig:a)` and LaTeX's `\cite{smith}` name a source or a place by key.
    rf"|(?P<bracketed>{BRACKETED})|{PLACE}"
    r"|(?P<key>\[[^\[\]\n]{0,200}(?<!\w)@[\w:][^\[\]\n]{0,300}\]|\\?@ref\([^()\s]{1,80}\)|\((?:ref|\\?#[a-z]{2,5}):[\w:-]{1,80}\)"
    r"|\\(?:cite[a-z]?|ref|label|index)\{[^{}\n]{0,200}\})"
    # bookdown's `{-}` is a heading without a number.
    r"|(?P<attributes>\{(?::[^{}\n]{1,500}|\s?[#.][^{}\n]{0,500}|-(?:\s[#.][^{}\n]{0,200})?)\})"
    r"|(?P<template>\{\{[^{}]{0,500}\}\}|\{%[^%]{0,500}%\})"
)
# MyST's {ref}`text <target>`: the role stands at the end of the text before the code.
_ROLE = re.compile(r"\{[a-z][a-z:-]{0,30}\}$")
_ROLE_TITLE = re.compile(r"(?P<title>[^<]+)<[^>]*>")
_AFTER_LEFT_OUT = " .,;:!?)\n"
# "H~2~O", "x^2^" and "==marked words==", but not the formulas "x^2+y^2" and "a==b or c==d".
_MARKED = re.compile(
    r"(?<=\w)~(?P<low>[^\s~^]{1,20})~|(?<=\w)\^(?P<high>[^\s~^]{1,20})\^(?!\w)"
    r"|(?<![\w=])==(?P<marked>[^=\s](?:[^=\n]{0,200}[^=\s])?)==(?![\w=])"
)
# R Markdown prints the value of `r mean(scores)` there.
_INLINE_R = re.compile(r"(?:r|\{(?:r|python|julia)\}) .*[(\[$]")
_WITH_ATTRIBUTES = {"image", "link_close", "code_inline"}
_ATTRIBUTES = re.compile(r"\{[^{}\n]{0,500}[=#.][^{}\n]{0,500}\}")
# "[words][key]" of a link whose address is nowhere, and Obsidian's "[[page]]", "[[page|words]]" and "![[picture.png]]".
_LINK = re.compile(
    r"(?<![\w\]])(?:(?P<embedded>!)?\[\[(?:[^\[\]|\n]{1,200}\|)?(?P<page>[^\[\]|\n]{1,200})\]\]"
    r"|\[(?P<words>[^\[\]\n]{1,300})\]\[[^\[\]\n]{0,100}\])"
)
_SPAN = re.compile(r"\[(?P<text>[^\[\]\n]{1,300})\](?:(?=\{[#.])|\{[\w-]{1,40}=[^{}\n]{0,300}\})")


def page_of_comment(html: str) -> int | None:
    """Returns 12 for `<!-- page 12 -->`."""
    match = _PAGE_COMMENT.fullmatch(html.strip())
    return int(match["page"]) if match else None


class InlineText:
    """Gathers the words of a paragraph, the pages that begin in it, and what it leaves out.

    A line end stays a line end, because the lines of a title page mean different things.
    """

    def __init__(self, page: int | None) -> None:
        self.page = page
        self.left_out: Counter[str] = Counter()
        self._texts: list[str] = []
        self._length = 0
        self._starts: list[PageStart] = [] if page is None else [PageStart(0, page)]
        self._superscript: list[str] | None = None

    @property
    def paragraph(self) -> Paragraph:
        """The words so far, without spaces at both ends."""
        return Paragraph("".join(self._texts), tuple(self._starts)).stripped()

    def add(self, text: str) -> None:
        """Adds words. The space before something that is left out is not needed with the space or stop after it."""
        last = self._texts[-1] if self._texts else ""
        if last.endswith(" ") and text[:1] in _AFTER_LEFT_OUT and text:
            self._texts[-1] = last[:-1]
            self._length -= 1
        self._texts.append(text)
        self._length += len(text)

    def turn_page(self, page: int) -> None:
        self.page = page
        if self._starts and self._starts[-1].offset >= self._length:
            self._starts.pop()
        self._starts.append(PageStart(self._length, page))

    def feed(self, tokens: Sequence[Token]) -> None:
        """Adds the words of the tokens."""
        for at, token in enumerate(tokens):
            if token.type == "text":
                text = token.content
                if at and tokens[at - 1].type in _WITH_ATTRIBUTES and (match := _ATTRIBUTES.match(text)):
                    text = text[match.end() :]
                follows_code = at + 1 < len(tokens) and tokens[at + 1].type == "code_inline"
                self._feed_text(_ROLE.sub("", text) if follows_code else text)
            elif token.type == "code_inline" and _INLINE_R.match(token.content):
                self.left_out["code"] += count_characters(token.content)
            elif token.type == "code_inline":
                is_role = at > 0 and tokens[at - 1].type == "text" and _ROLE.search(tokens[at - 1].content)
                title = _ROLE_TITLE.fullmatch(token.content) if is_role else None
                self.add(title["title"].rstrip() if title else token.content)
            elif token.type == FORMULA:
                self.add(token.content)
            elif token.type in {"softbreak", "hardbreak"}:
                self.add("\n")
            elif token.type == "html_inline":
                self._feed_html(token.content)
            elif token.type == "image":
                self.left_out["descriptions of pictures"] += count_characters(token.content)
        # A `<sup>` without an end.
        self._end_superscript()

    def _feed_text(self, text: str) -> None:
        if self._superscript is not None:
            self._superscript.append(text)
            return
        text = _LINK.sub(self._read_link, text) if "[" in text else text
        text = _MARKED.sub(lambda match: match[match.lastindex or 0], text)
        text = _SPAN.sub(r"\g<text>", text) if "]{" in text and ".page" not in text else text
        end = 0
        for mark in _MARK.finditer(text):
            self.add(text[end : mark.start()])
            end = mark.end()
            if mark["page"]:
                self.turn_page(int(mark["page"]))
            elif mark["note"]:
                self.left_out["notes"] += count_characters(mark[0])
            elif mark["place"]:
                self.add(PLACES[mark["place"]])
            elif mark["key"] or mark["bracketed"]:
                self.left_out["references by key"] += count_characters(mark[0])
            elif mark["template"]:
                self.left_out["marks of a template"] += count_characters(mark[0])
        self.add(text[end:])

    def _read_link(self, link: re.Match[str]) -> str:
        if link["embedded"]:
            self.left_out["embedded files"] += count_characters(link[0])
            return ""
        return str(link["page"] or link["words"])

    def _feed_html(self, html: str) -> None:
        tag = html.lower()
        if (page := page_of_comment(html)) is not None:
            self.turn_page(page)
        elif tag.startswith("<br"):
            self.add("\n")
        elif tag.startswith("<sup"):
            self._end_superscript()
            self._superscript = []
        elif tag.startswith("</sup"):
            self._end_superscript()
        elif tag.startswith("<!--"):
            self.left_out["comments"] += count_characters(html)

    def _end_superscript(self) -> None:
        if self._superscript is None:
            return
        number, self._superscript = "".join(self._superscript), None
        if number.strip().strip("[]()").isdecimal():
            self.left_out["notes"] += count_characters(number)
        else:
            self.add(number)
