"""Recognises the headings of chapters and parts, and the lists of pages: contents, index, figures."""

import re
import unicodedata

from plccoach_api.rules.numerals import CARDINAL, NUMERAL, NUMERAL_AFTER_WORD, parse_numeral

_CHAPTER_WORDS = (
    r"(?:chap(?:ter|\.)|cap[i\u00ed]tulo|cap[i\u00ed]tol|chapitre|kapit(?:el|tel|ola)|capitolo|hoofdstuk|"
    r"rozdzia[l\u0142]|\u0433\u043b\u0430\u0432\u0430)"
)
_PART_WORDS = r"(?:part|book|volume|parte|teil|partie)"
_AFTER_WORD = (
    rf"\s(?P<number>{NUMERAL_AFTER_WORD})(?!\w)(?P<separator>\s*[:.\u2013\u2014|-](?!\d))?\s*"
    r"(?P<title>[^\s].{0,200})?"
)
_CHAPTER = re.compile(rf"(?:#{{1,6}}\s)?{_CHAPTER_WORDS}{_AFTER_WORD}", re.IGNORECASE)
# "3. Kapitel: Normen"
_NUMBER_BEFORE = re.compile(
    r"(?:#{1,6}\s)?(?P<number>\d{1,3})\.?\s(?:kapitel|kapittel|fejezet|luku)(?!\w)"
    r"(?P<separator>\s*[:.\u2013\u2014|-])?\s*(?P<title>[^\s].{0,200})?",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?:#{{1,6}}\s)?{_PART_WORDS}{_AFTER_WORD}", re.IGNORECASE)
# "4. Norms", "4 - Norms", "IV: Norms", and "4.0 Norms" above the sections 4.1 and 4.2.
_NUMBERED = re.compile(
    rf"(?P<number>\d{{1,3}}(?=(?:\.0)?[.:)]?\s)|{NUMERAL}(?=[.:)]\s))(?:\.0)?[.:)]?\s+(?:[\u2013\u2014-]\s+)?"
    r"(?P<title>\S.*)",
    re.IGNORECASE,
)
# "C. Norms" stands after A and B far more often than after 99 chapters.
_LETTERS_OF_LISTS = frozenset("cl")
_NUMBER_ALONE = re.compile(rf"(?P<number>{CARDINAL})\.?", re.IGNORECASE)
_ANY_CHAPTER = re.compile(rf"\b{_CHAPTER_WORDS}\s(?:\d|[ivxlc]+\b)", re.IGNORECASE)
# Attributes of Markdown, which some converters leave in a heading.
_ATTRIBUTES = re.compile(r" ?\{[^{}]{0,80}\}$")
_PAGE_LIST = re.compile(
    r"(?:(?:brief |short |detailed )?(?:table of )?contents|toc|(?:subject |author |name |general )?index|"
    r"index of [^\W\d]+(?: [^\W\d]+)?|list of (?:figures|tables|illustrations)|"
    # In other languages; `Register` and `Contenido` may also be titles of chapters.
    r"inhaltsverzeichnis|stichwortverzeichnis|sachregister|table des mati[e\u00e8]res|sommaire|"
    r"[i\u00ed]ndice(?: general)?|tabla de contenidos?|sommario|inhoudsopgave|inneh\u00e5llsf\u00f6rteckning|"
    r"\u043e\u0433\u043b\u0430\u0432\u043b\u0435\u043d\u0438\u0435|\u76ee\u5f55|\u76ee\u6b21)",
    re.IGNORECASE,
)
_FRONT = r"foreword|preface|prologue|introduction|author's note|dedication|acknowledge?ments"
_BACK = r"conclusion|epilogue|afterword|postscript|glossary|bibliography|references|about the authors?|notes|endnotes"
_UNNUMBERED = re.compile(
    rf"(?:(?P<front>{_FRONT})|(?P<back>{_BACK}|appendi(?:x|ces)(?:\s(?:[a-z]|\d{{1,2}}|[ivx]{{1,5}}))?))"
    r"(?:\s*[:.\u2013\u2014-]\s+(?P<title>\S.{0,150}))?",
    re.IGNORECASE,
)
_APPENDIX = re.compile(r"(?:appendix|annex|anhang|anexo|annexe)\s(?:[a-z]|\d{1,2}|[ivx]{1,5})(?!\w)", re.IGNORECASE)
# A heading has no more words than a long title of an old novel.
_MOST_TITLE_CHARACTERS = 100
_MOST_CAPITALS = 200
_SENTENCE_END_INSIDE = re.compile(r"[a-z]{3}[.?!]\s")
_MINOR_WORD_LENGTH = 4
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# A heading's full stop is no part of its title, but that of "U.S." is.
_FULL_STOP = re.compile(r"(?<=\w{2})\.$|(?<=\s[ivxlc\d])\.$", re.IGNORECASE)
# The marks of Markdown, and not those of "C#".
_MARKS = re.compile(r"^#{1,6}\s+|(?<!\s)\s++#+$")
_OPENING = "\"'(\u201c\u2018\u00bf\u00a1*_"
# "Beginnings ..... 3" is an entry of a list of contents.
_LEADERS = re.compile(r"(?:\.{3}|(?:\. ){3}|\u2026)\s*\d{1,4}$|^\d+$")


def parse_heading(text: str) -> tuple[int | None, str] | None:
    """Returns the number and title of `Chapter 4: Title` or `CHAPTER IV. TITLE.`, or None for any other text.

    The title of a heading without a title is the heading.
    """
    return _parse_numbered(_CHAPTER, text) or _parse_numbered(_NUMBER_BEFORE, text)


def is_part(text: str) -> bool:
    """Returns True for the heading of a part, such as `Part II: Teams`. Parts are the level above chapters."""
    return parse_part(text) is not None


def parse_part(text: str) -> tuple[int | None, str] | None:
    """Returns the number and title of `Part II: Teams`, or None for any other text."""
    return _parse_numbered(_PART, text)


def parse_number_alone(text: str) -> int | None:
    """Returns the number of a heading that is nothing else: `4`, `IV` or `Four`."""
    match = _NUMBER_ALONE.fullmatch(text.strip())
    return parse_numeral(match["number"]) if match else None


def parse_outline_entry(text: str) -> tuple[int | None, str]:
    """Returns the number and title of an entry of a book's outline.

    In an outline, `4. Title` or a title alone also names a chapter. `C. Title` has no number.
    """
    text = _one_line(text)
    if heading := parse_heading(text):
        return heading
    if (numbered := _NUMBERED.fullmatch(text)) and numbered["number"].lower() not in _LETTERS_OF_LISTS:
        return parse_numeral(numbered["number"]), numbered["title"]
    return None, text


def is_chapter_or_appendix(text: str) -> bool:
    """Returns True for the first line of a chapter or an appendix: `Chapter 4`, `Appendix B`."""
    return parse_heading(text) is not None or is_bare_appendix(text)


def is_bare_appendix(text: str) -> bool:
    """Returns True for `Appendix B` without a title."""
    return _APPENDIX.fullmatch(_plain(text)) is not None


def is_page_list(title: str) -> bool:
    """Returns True for a table of contents or an index, which lists pages and says nothing that can be cited."""
    return _PAGE_LIST.fullmatch(_plain(title)) is not None


def is_index(title: str) -> bool:
    """Returns True for an index. Its entries are words of the text, while a list of contents has titles."""
    return is_page_list(title) and "index" in title.lower()


def is_front_matter(text: str) -> bool:
    """Returns True for a heading such as `Preface`, which begins a chapter without a number before the first one."""
    match = _UNNUMBERED.fullmatch(_plain(text))
    return match is not None and match["front"] is not None


def is_back_matter(text: str) -> bool:
    """Returns True for a heading such as `Appendix A: Forms`, which begins a chapter after the last numbered one."""
    match = _UNNUMBERED.fullmatch(_plain(text))
    return match is not None and match["back"] is not None


def is_bare_heading(text: str) -> bool:
    """Returns True for `Chapter 3` or `Part II` without a title, which may stand on the next line."""
    text = _one_line(text)
    match = _CHAPTER.fullmatch(text) or _NUMBER_BEFORE.fullmatch(text) or _PART.fullmatch(text)
    return match is not None and not match["title"]


def looks_like_title(text: str) -> bool:
    """Returns True for a line that can be the title below `Chapter 3`: a heading, capitals, or Words Like These."""
    if text.startswith("#"):
        return True
    words = re.findall(r"[^\W\d_]+", text)
    if not words or "\n" in text or text.endswith((",", ";", ":")) or text[0].islower():
        return False
    if _IN_BRACKETS.sub("", text).isupper():
        return len(text) <= _MOST_CAPITALS
    if text.endswith(".") or len(text) > _MOST_TITLE_CHARACTERS or _SENTENCE_END_INSIDE.search(text):
        return False
    return words[0][0].isupper() and all(word[0].isupper() for word in words if len(word) >= _MINOR_WORD_LENGTH)


def _parse_numbered(pattern: re.Pattern[str], text: str) -> tuple[int | None, str] | None:
    text = _one_line(text)
    match = pattern.fullmatch(text)
    if match is None or not _is_title(match["title"] or "", match["separator"]):
        return None
    plain = text.lstrip("# ")
    return parse_numeral(match["number"]), plain_title(match["title"] or plain)


def _one_line(text: str) -> str:
    return _ATTRIBUTES.sub("", unicodedata.normalize("NFC", " ".join(text.split())))


def plain_title(text: str) -> str:
    """Returns a heading without its marks and its full stop."""
    return _FULL_STOP.sub("", _MARKS.sub("", text.strip()))


def _is_title(title: str, separator: str | None) -> bool:
    """Judges the words after the number: `Chapter 4 describes` begins a sentence, `Chapter 1. Loomings.` is a title."""
    if title.endswith((",", ";")) or _LEADERS.search(title) or len(_ANY_CHAPTER.findall(title)) > 1:
        return False
    if separator is None and title and not (title[0].isupper() or title[0] in _OPENING):
        return False
    if title.endswith("."):
        is_one = title.isupper() or not _SENTENCE_END_INSIDE.search(title)
        return separator is not None and len(title) <= _MOST_TITLE_CHARACTERS and is_one
    return True


def _plain(title: str) -> str:
    return " ".join(title.split()).strip(" .:#*_").replace("\u2019", "'")
