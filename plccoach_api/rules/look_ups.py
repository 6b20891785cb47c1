"""Recognises a question that names a part of a book: "Summarize chapter 3", "What is on page 12 of the handbook?".

Only whole questions of a few forms are recognised, because any other question is searched for. All expressions have one
open end at most, so that hostile text costs little.
"""

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec

_MOST_CHARACTERS = 200
_NUMBERS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
)
_ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
)
_SPANISH_ORDINALS = (
    "primer",
    "segundo",
    "tercer",
    "cuarto",
    "quinto",
    "sexto",
    "séptimo",
    "octavo",
    "noveno",
    "décimo",
)
_VALUES = {
    word: value for words in (_NUMBERS, _ORDINALS, _SPANISH_ORDINALS) for value, word in enumerate(words, start=1)
}

_POLITE = re.compile(r"^(?:please |can you |could you |would you |will you |por favor )+")
_BRIEF = r"(?:short |brief |quick |breve )?"
_SUMMARY = r"(?:summary|overview|outline|gist|recap|synopsis)"
_POINTS = r"(?:main|key|central|most important) (?:points?|ideas?|takeaways?|messages?|arguments?)"
# The words before or around the name of a part.
_FRAMES = tuple(
    re.compile(rf"^{frame}$")
    for frame in (
        r"(?:summari[sz]e|sum up|outline|recap|explain|describe|quote|read|cite|show me|show) (?P<part>.+)",
        r"tell me (?:about|what is in|what's in|what is on|what's on) (?P<part>.+)",
        rf"(?:give me |show me |write |i need |i want )?(?:an? |the )?{_BRIEF}{_SUMMARY} (?:of|on|for) (?P<part>.+)",
        rf"(?:give me |list |what are )?(?:the )?{_POINTS} (?:of|from|in) (?P<part>.+)",
        r"what(?: is|'s|s) (?:in|on|said in|said on|written in|written on) (?P<part>.+)",
        r"what (?:does|do) (?P<part>.+) (?:say|cover|contain|discuss|talk about|teach|deal with|argue|include)",
        r"what(?: is|'s|s| are) (?P<part>.+?)(?: all)? about",
        r"(?:resume|resumir|resúmeme|resumeme|explica) (?P<part>.+)",
        rf"(?:dame |haz )?(?:un )?{_BRIEF}resumen de(?P<part>l? .+)",
        r"qué (?:dice|contiene|explica|hay en|pone en) (?P<part>.+)",
        r"de qué (?:trata|habla) (?P<part>.+)",
    )
)
_CONTENTS = tuple(
    re.compile(rf"^{frame}$")
    for frame in (
        r"(?:list |show me |show |give me |what are |which are )?(?:all )?(?:the )?chapters (?:of|in) (?P<part>.+)",
        r"(?:which|what) chapters (?:does|do) (?P<part>.+) (?:have|contain|include)",
        r"(?:which|what) chapters are (?:there )?in (?P<part>.+)",
        r"(?:show me |give me |show )?(?:the )?(?:table of )?contents of (?P<part>.+)",
        r"qué capítulos (?:tiene|contiene|hay en) (?P<part>.+)",
    )
)
_AUTHORS = tuple(
    re.compile(rf"^{frame}$")
    for frame in (
        r"who (?:wrote|has written|authored) (?P<part>.+)",
        r"(?:who (?:is|are|was|were) )?(?:the )?authors? of (?P<part>.+)",
        r"quién(?:es)? (?:escribió|escribieron) (?P<part>.+)",
        r"quién(?:es)? (?:es|son) (?:el autor|la autora|los autores) de(?P<part>l? .+)",
    )
)

_VALUE = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_ORDINAL = "|".join((*_ORDINALS, *_SPANISH_ORDINALS))
_BOOK = r"(?:(?:,| of| in| from|, in|, of| de| del| en) (?P<book>\S.*))?"
_CHAPTER_BY_NUMBER = (
    re.compile(rf"^(?:the |el )?(?:chapter|ch\.?|capítulo|capitulo) (?:number |no\. |#)?(?P<number>{_VALUE}){_BOOK}$"),
    re.compile(rf"^(?:the |el )?(?P<number>{_ORDINAL}) (?:chapter|capítulo|capitulo){_BOOK}$"),
)
_PAGES = re.compile(
    r"^(?:the |la |las )?(?:pages?|pp?\.?|páginas?|paginas?) ?(?P<first>\d{1,4})"
    rf"(?: ?(?:-|\u2013|to|through|and|a|y) ?(?P<last>\d{{1,4}}))?{_BOOK}$"
)
_CHAPTER_BY_TITLE = (
    re.compile(r'^(?:the )?chapter "(?P<title>[^"]+)"(?:(?:,| of| in| from) (?P<book>\S.*))?$'),
    re.compile(r"^(?:the |el )?(?:chapter|capítulo) (?:on|about|called|titled|named|entitled|sobre) (?P<title>\S.*)$"),
    re.compile(r"^the (?P<title>\S.*) chapter(?:(?: of| in| from) (?P<book>\S.*))?$"),
)


Kind: TypeAlias = Literal["chapter", "pages", "contents", "authors"]


class AskedPart(msgspec.Struct, frozen=True, kw_only=True):
    """The part that a question names, in small letters. `book` is None when the question names no book."""

    kind: Kind
    number: int | None = None
    title: str | None = None
    pages: tuple[int, int] | None = None
    book: str | None = None


def asked_part(question: str) -> AskedPart | None:
    """Returns the part that the whole question asks for. A title may turn out to be no title of a book or a chapter."""
    if len(question) > _MOST_CHARACTERS:
        return None
    text = " ".join(question.lower().replace("“", '"').replace("”", '"').replace("\u2019", "'").split())
    text = _POLITE.sub("", text.strip(" ?!.¿¡"))
    if match := _first(_CONTENTS, text):
        return AskedPart(kind="contents", book=_part(match))
    if match := _first(_AUTHORS, text):
        return AskedPart(kind="authors", book=_part(match))
    if match := _first(_FRAMES, text):
        return _named(_part(match)) or AskedPart(kind="contents", book=_part(match))
    return _numbered(text)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(text))), None)


def _part(match: re.Match[str]) -> str:
    part = match["part"].strip()
    # "resumen del capítulo 3"
    return part.removeprefix("l ")


def _named(part: str) -> AskedPart | None:
    if numbered := _numbered(part):
        return numbered
    if match := _first(_CHAPTER_BY_TITLE, part):
        return AskedPart(kind="chapter", title=match["title"], book=match.groupdict().get("book"))
    return None


def _numbered(part: str) -> AskedPart | None:
    if match := _first(_CHAPTER_BY_NUMBER, part):
        value = match["number"]
        return AskedPart(kind="chapter", number=_VALUES.get(value) or int(value), book=match["book"])
    if match := _PAGES.match(part):
        first = int(match["first"])
        return AskedPart(kind="pages", pages=(first, int(match["last"] or first)), book=match["book"])
    return None


_ARTICLES = frozenset({"the", "a", "an", "el", "la", "los", "las"})
_THIS = re.compile(r"^(?:the|this|that|your|our|my|el|la|este|esta|tu)\b")
_BOOKS = frozenset({"book", "textbook", "text", "libro"})
_KINDS_OF_BOOK = frozenset({"handbook", "guide", "guidebook", "manual", "series", "workbook", "primer", "guía"})
_WORD = re.compile(r"[^\W_]+")


def title_words(title: str) -> list[str]:
    return [word for word in _WORD.findall(title.lower()) if word not in _ARTICLES]


def title_matcher(phrase: str, *, loose: bool) -> Callable[[str], bool] | None:
    """Returns a function that says whether a phrase means the book with a title.

    A phrase is a whole title, with or without its subtitle, or says what kind of book it means: "the handbook", "the
    Basecamp handbook". A loose phrase may be any words of a title. Returns None for a phrase that means any book.
    """
    words = title_words(phrase)
    rest = [word for word in words if word not in _BOOKS]
    if words and not rest:
        return None
    says_book = _THIS.match(phrase) is not None and any(word in _BOOKS | _KINDS_OF_BOOK for word in words)

    def means(title: str) -> bool:
        whole, short = title_words(title), title_words(title.partition(":")[0])
        return rest in (whole, short) or words in (whole, short) or ((loose or says_book) and {*rest} <= {*whole})

    return means
