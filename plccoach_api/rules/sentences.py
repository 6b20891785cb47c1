"""The sentences of a text, as spans of it, so that a quote is always a verbatim part of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CAPITALS = "".join(chr(code) for code in (*range(0x250), *range(0x370, 0x530)) if chr(code).isupper())
# In German, \u201c closes.
_CLOSING = "\"')]\u201d\u2019\u201c\u00bb"
STOP = re.compile(r"[.!?\u2026]")
"""A sentence ends with one of these. A text without one is one sentence."""
# The end of a sentence: a full stop, a question mark or an exclamation mark, with closing quotes or brackets and the
# number of a note after it, then white space, then a capital letter, a digit, or a Spanish opening mark, perhaps
# after a dash or opening quotes. "e.g. a" does not end, because a small letter follows.
_END = re.compile(
    rf"""(?<={STOP.pattern})(?P<closing>(?:[{re.escape(_CLOSING)}]|\ \u00bb)*)"""
    rf"""(?P<note>\[\^?\d[\d ,;\u2013-]{{0,20}}\]|\d{{1,3}}|[\u00b9\u00b2\u00b3\u2070-\u2079]{{1,3}})?\s+"""
    rf"""(?=(?:[\u2014\u2013]\ ?)?(?:["'(\[\u201c\u2018\u201e]|\u00ab\ ?){{0,2}}"""
    rf"""(?P<next>[{_CAPITALS}]\w{{0,9}}|[0-9\u00bf\u00a1]))"""
)
_LONGEST_ABBREVIATION = 12
# An abbreviation that something always follows.
_TITLE = re.compile(
    r"(?:\b(?:Dra?|Mr|Mrs|Ms|Prof|Sra?|Srta|Rev|Gen|Col|Capt|Lt|Sgt|Gov|Sen|Rep|Hon|Messrs|Mme|Mlle)"
    r"|\b(?:z|z\. ?B|d\. ?h|bzw|vgl|ggf|Nr|e\.g|i\.e|eg|ie|viz|cf|vs|ca|approx|incl|esp|p\. ?ej|[Ss]ee esp))\.$"
)
# An abbreviation before a number: "No." alone can be a whole sentence.
_NUMBERED = re.compile(
    r"\b(?:No|Nos|[Ff]igs?|[Ee]qs?|[Cc]h|[Cc]haps?|[Ss]ecs?|[Pp]aras?|pp?|p[aá]gs?|[Vv]ols?|n[uú]m|[Aa]rt|[Cc]ap|pt|ser|ll?"
    r"|(?<=[\d,;] )nos?|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# "Am 3. Mai" is a date in German. The other months have the same names in English.
_DAY = re.compile(r"\b\d{1,2}\.$")
_MONTHS = frozenset({"Januar", "Februar", "M\u00e4rz", "Mai", "Juni", "Juli", "Oktober", "Dezember"})
# An abbreviation that can end a sentence: "at 9 a.m. The", but not "at 9 a.m. Monday" or "J. K. Rowling".
_AMBIGUOUS = re.compile(
    r"(?:\b(?:[^\W\d_]{1,2}\.){1,6}[^\W\d_]|\b[A-Z]|\b(?:al|etc|Jr|Inc|Ltd|Co|Corp|St|Ave|Mt|Ft|[Ee]ds?|Univ|Dept"
    r"|[Dd]iss|[Tt]rans|[Rr]ev|ibid|EE|UU|Uds?|M\.Ed|Ph\.D|Ed\.D))\.$"
)
_BEGINNING_WORDS = (
    "A After All Although An And Another Any Are As At Because Before Both But By Do Does Each Even Every "
    "Few First For From He Her Here His How However I If In Instead Is It Its Just Like Many Most My No "
    "Nor Not Nothing Now Of On Once One Only Or Other Our Over Perhaps She Since So Some Still Such "
    "Teachers Students That The Their Them Then There These They This Those Though Through Thus To Today "
    "Under Until We What When Where Whether Which While Who Why With Without Yet You Your El La Los Las "
    "Un Una En Es Esto Este Esta Por Para Pero Cuando Como Si No Y"
)
_BEGINNINGS = frozenset(_BEGINNING_WORDS.split())
# "You should be able to…" introduces a list, too.
_INTRODUCES = (":", "...", "\u2026")
# "means a group composed of\u2014", then "(A) the parents;", as in laws, some of which have no dash there.
_INTRODUCES_LETTERS = re.compile(
    r"(?:[:\u2026\u2014\u2013]|--|\.\.\.|\b(?:as|by|for|if|in|includes?|is|are|may|means|must|of|shall|that|the|to|unless"
    r"|when|where|which|who|with))$"
)
_LETTERED = re.compile(r"\((?:[A-Za-z]|[ivx]{1,5}|\d{1,2})\)\s|[A-Za-z]\)\s|[A-Z]\.\s")
# A law may go on for pages.
_MOST_LETTERED_CHARACTERS = 700
_LIST_ITEM = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def sentences(text: str) -> Iterator[Span]:
    """Yields every sentence. A list belongs to the sentence that introduces it. Headings and table rows are none."""
    blocks = list(_blocks(text))
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        if block.of(text).startswith(("#", "| ")):
            continue
        *spans, last = _split(text, block)
        yield from spans
        end = last.end
        introduces = last.of(text).endswith(_INTRODUCES)
        is_item = introduces and in_list(text, block)
        while introduces and index < len(blocks) and in_list(text, blocks[index]):
            if is_item and blocks[index].of(text).endswith(":"):
                # The next item introduces items of its own.
                break
            end = blocks[index].end
            index += 1
        while (
            index < len(blocks)
            and _LETTERED.match(text, blocks[index].start)
            and _INTRODUCES_LETTERS.search(text, max(last.start, last.end - _LONGEST_ABBREVIATION), last.end)
            and blocks[index].end - last.start <= _MOST_LETTERED_CHARACTERS
        ):
            end = blocks[index].end
            index += 1
        yield Span(last.start, end)


def in_list(text: str, span: Span) -> bool:
    """Returns True when the line on which the span begins is an item of a list."""
    start = text.rfind("\n", 0, span.start) + 1
    while start < span.start and text[start].isspace():
        start += 1
    return _LIST_ITEM.match(text, start) is not None


def _blocks(text: str) -> Iterator[Span]:
    """Yields the lines that are not empty. A paragraph, a heading and a list item are one line each."""
    for line in re.finditer(r"[^\n]+", text):
        if stripped := line.group().strip():
            start = line.start() + line.group().index(stripped)
            yield Span(start, start + len(stripped))


def _split(text: str, block: Span) -> list[Span]:
    marker = _LIST_ITEM.match(text, block.start, block.end)
    spans, start = [], marker.end() if marker else block.start
    for gap in _END.finditer(text, start, block.end):
        if _is_end(text, start, gap):
            end = gap.end("note") if gap["note"] else gap.end("closing")
            spans.append(Span(start, end))
            start = gap.end()
    return [*spans, Span(start, block.end)]


def _is_end(text: str, start: int, gap: re.Match[str]) -> bool:
    before = text[max(start, gap.start() - _LONGEST_ABBREVIATION) : gap.start()]
    if gap["note"] and not gap["closing"] and not before[:-1][-1:].isalpha():
        # "version 3.12 The" has a decimal number, and no note.
        return gap["note"].startswith("[")
    if not before.endswith(".") or gap["closing"]:
        return True
    if _TITLE.search(before) or (gap["next"] in _MONTHS and _DAY.search(before)):
        return False
    if _NUMBERED.search(before) and (gap["next"].isdigit() or set(gap["next"]) <= set("IVXLC")):
        return False
    return not _AMBIGUOUS.search(before) or gap["next"] in _BEGINNINGS
