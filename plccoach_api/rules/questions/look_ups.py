"""Recognises a question that names a part of a book: "Summarize chapter 3", "What is on page 12 of the handbook?".

Only whole questions of a few forms are recognised, because any other question is searched for. All expressions have one
open end at most, so that hostile text costs little.
"""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import structs

from plccoach_api.rules.numerals import NUMERAL, parse_numeral

Kind: TypeAlias = Literal[
    "chapter", "pages", "contents", "about", "authors", "chapter_count", "page_count", "edition", "books"
]

_MOST_CHARACTERS = 200
_POLITE = re.compile(
    r"^(?:please |(?:can|could|would|will) you |por favor |and |now |ok |then |so |what about |how about |y )+"
)
_TO_ME = re.compile(r"(?: please| for me| to me| for us)+$")
_BRIEF = r"(?:short |brief |quick |breve )?"
_SUMMARY = r"(?:summary|overview|outline|gist|recap|synopsis|tl;?dr)"
_POINTS = r"(?:main|key|central|most important) (?:points?|ideas?|takeaways?|messages?|arguments?)"
# The words before the name of a part that is to be summarized. It may be the title of a chapter.
_SUMMARIES = tuple(
    re.compile(rf"^{frame}$")
    for frame in (
        r"(?:summari[sz]e|sum up|outline|recap) (?P<part>.+)",
        r"tl;?dr:?(?: of| on| for)? (?P<part>.+)",
        rf"(?:give me |show me |write |i need |i want )?(?:an? |the )?{_BRIEF}{_SUMMARY} (?:of|on|for) (?P<part>.+)",
        rf"(?:give me |list |what are )?(?:the )?{_POINTS} (?:of|from|in) (?P<part>.+)",
        r"(?:resume|resumir|resúmeme|resumeme) (?P<part>.+)",
        rf"(?:dame |haz )?(?:un )?{_BRIEF}resumen de(?P<part>l? .+)",
    )
)
# The words before or around the name of any part.
_FRAMES = tuple(
    re.compile(rf"^{frame}$")
    for frame in (
        r"(?:explain|describe|quote|read|cite|show me|show) (?P<part>.+)",
        r"tell me (?:about|what is in|what's in|what is on|what's on) (?P<part>.+)",
        r"what(?: is|'s|s) (?:in|on|said in|said on|written in|written on) (?P<part>.+)",
        r"what (?:does|do) (?P<part>.+) (?:say|cover|contain|discuss|talk about|teach|deal with|argue|include)",
        r"what(?: is|'s|s| are) (?P<part>.+?)(?: all)? about",
        r"what (?:happens|comes|is said|is written|can i read) (?:in|on) (?P<part>.+)",
        r"explica (?P<part>.+)",
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
        r"(?:dame |muéstrame )?(?:la )?lista de(?: los)? capítulos de(?P<part>l? .+)",
        r"(?:dame |muéstrame )?(?:la |el )?(?:tabla de contenidos|índice) de(?P<part>l? .+)",
        r"qué capítulos (?:tiene|contiene|hay en) (?P<part>.+)",
    )
)
# "Which chapter is about norms?"
_ABOUT = tuple(
    re.compile(rf"^{frame}$")
    for frame in (
        r"(?:which|what) chapters? (?:is|are|talks?|tells?(?: me| us)?|speaks?) (?:all )?about (?P<part>.+)",
        r"(?:which|what) chapters? (?:deals? with|covers?|discuss(?:es)?|explains?|describes?|treats?) (?P<part>.+)",
        r"where in the books? (?:is|are|(?:can|do) i find) (?P<part>.+?)(?: discussed| explained| covered| described)?",
        r"(?:qué|cuál) capítulos? (?:tratan?|hablan?) (?:de|sobre) (?P<part>.+)",
    )
)
# "What does the handbook say on page 12?"
_SAYS_ON = re.compile(r"^what (?:does|do) (?P<book>.+?) (?:say|have|contain) (?:on|in) (?P<part>(?:the )?\S.*)$")
_FRAMES_OF_FACTS: Mapping[Kind, tuple[str, ...]] = {
    "authors": (
        r"who (?:wrote|has written|authored|created|made|compiled|edited|published) (?P<part>.+)",
        r"(?:who (?:is|are|was|were) )?(?:the )?authors? of (?P<part>.+)",
        r"quién(?:es)? (?:escribió|escribieron) (?P<part>.+)",
        r"quién(?:es)? (?:es|son) (?:el autor|la autora|los autores) de(?P<part>l? .+)",
    ),
    "chapter_count": (
        r"how many chapters (?:does|do|has) (?P<part>.+?)(?: have| contain| got)?",
        r"how many chapters (?:are )?(?:there )?in (?P<part>.+)",
        r"(?:the )?number of chapters (?:of|in) (?P<part>.+)",
        r"cuántos capítulos (?:tiene|hay en) (?P<part>.+)",
        r"how many chapters(?: are there)?",
    ),
    "page_count": (
        r"how many pages (?:does|do|has) (?P<part>.+?)(?: have| contain| got)?",
        r"how many pages (?:are )?(?:there )?in (?P<part>.+)",
        r"how (?:long|big) is (?P<part>.*\b(?:book|handbook|guide|manual))",
        r"cuántas páginas tiene (?P<part>.+)",
    ),
    "edition": (
        r"(?:what|which) edition (?:is|of|do you have of) (?P<part>.+?)(?: is (?:it|this|that)| do you have)?",
        r"what(?: is|'s) the edition of (?P<part>.+)",
        r"(?:what|which) edition(?: is (?:it|this|that)| do you have)?",
        r"when was (?P<part>.+) (?:published|written)",
    ),
    "books": (
        r"(?:what|which) (?:books|sources|texts) do you (?:have|know|use|work (?:from|with))",
        r"(?:what|which) (?:books|texts) (?:are (?:there|available|loaded|in your library)|have you (?:got|read))",
        r"(?:list |show me |name |what are )(?:all )?(?:of )?(?:your|the|my) books",
        r"what are (?:the|your|these|all) (?:books|sources) about",
        r"qué libros (?:tienes|tiene|hay)",
    ),
}
_FACTS = {kind: tuple(re.compile(rf"^{frame}$") for frame in frames) for kind, frames in _FRAMES_OF_FACTS.items()}
_NEXT = {"next": 1, "following": 1, "previous": -1, "preceding": -1, "after": 1, "before": -1}

_LAST = -1
_SPANISH_ORDINALS = (
    *("primer", "segundo", "tercer", "cuarto", "quinto"),
    *("sexto", "séptimo", "octavo", "noveno", "décimo"),
)
_OTHER_NUMERALS: Mapping[str, int] = {
    **{word: value for value, word in enumerate(_SPANISH_ORDINALS, start=1)},
    **dict.fromkeys(("last", "final", "último", "ultimo"), _LAST),
}
_VALUE = rf"\d{{1,6}}|{NUMERAL}"
_ORDINAL = rf"{'|'.join(_OTHER_NUMERALS)}|{NUMERAL}"
_BOOK = r"(?:(?:,| of| in| from|, in|, of| de| del| en) (?P<book>\S.*))?"
_NUMBERED = rf"(?:chapter|ch\.?|capítulo|capitulo) ?(?:number |no\. |#)?(?P<number>{_VALUE})"
_CHAPTER_BY_NUMBER = (
    re.compile(rf"^(?:the |el )?{_NUMBERED}{_BOOK}$"),
    re.compile(rf"^(?:the |el )?(?P<number>{_ORDINAL}) (?:chapter|capítulo|capitulo){_BOOK}$"),
)
# "Section 12" and "§ 12" are chapters of a law, whose titles begin with them.
_SECTION = re.compile(
    r"^(?:the |la )?(?:(?:section|article|unit|lesson|module|sección|artículo|unidad|lección|módulo) "
    r"|(?:sec|art)\.? ?|§{1,3} ?)"
    rf"(?:number |no\. |#)?(?P<number>\d{{1,6}}){_BOOK}$"
)
# "Step 4" and "Week 5" are chapters whose titles begin with them.
_LABELLED = re.compile(
    r"^(?:the )?(?P<label>step|week|day|tool|stage|phase|rule|principle|activity|appendix|part|session|topic|strategy)"
    rf" ?(?:number |no\. |#)?(?P<number>\d{{1,3}}){_BOOK}$"
)
_BESIDE_CHAPTER = (
    re.compile(
        rf"^(?:what (?:comes|is|follows) )?(?:the chapter )?(?:right |just )?(?P<step>after|before) {_NUMBERED}{_BOOK}$"
    ),
    re.compile(r"^(?:the )?(?P<step>next|following|previous|preceding) chapter(?P<number>)(?P<book>)$"),
)
_PAGES = re.compile(
    r"^(?:the |la |las )?(?:pages?|pp?\.?|págs?\.?|páginas?|paginas?) ?(?P<first>\d{1,6})"
    rf"(?: ?(?:-|\u2013|\u2014|to|through|and|until|a|y) ?(?P<last>\d{{1,6}}))?{_BOOK}$"
)
# "Summarize the handbook, chapter 3"
_AFTER_BOOK = re.compile(
    rf"^(?P<book>\S.*?),? (?P<part>(?:chapter|ch\.?|capítulo|pages?|pp?\.?|página) ?(?:{_VALUE}|\d.*))$"
)
_CHAPTER_BY_TITLE = (
    re.compile(r'^(?:the )?chapter "(?P<title>[^"]+)"(?:(?:,| of| in| from) (?P<book>\S.*))?$'),
    re.compile(
        r"^(?:the |el )?(?:chapter|section|part|capítulo|sección|parte)"
        r" (?:on|about|called|titled|named|entitled|sobre) (?P<title>\S.*)$"
    ),
    re.compile(r"^(?:the|el) (?:chapter|capítulo) (?P<title>\S.*)$"),
    re.compile(r"^(?:the )?(?P<title>\S+(?: \S+){0,7}) chapter(?:(?: of| in| from) (?P<book>\S.*))?$"),
    re.compile(rf"^the (?!(?:{_ORDINAL}|next|following|previous|same|whole) )(?P<title>\S+(?: \S+){{0,7}}) section$"),
)


class AskedPart(msgspec.Struct, frozen=True, kw_only=True):
    """The part that a question names, in small letters. `book` is None when the question names no book."""

    kind: Kind
    number: int | None = None
    """The last chapter is -1."""
    step: int = 0
    """1 for the chapter after the one with the number, or after the one that was asked about before."""
    title: str | None = None
    pages: tuple[int, int] | None = None
    book: str | None = None
    names_chapters: bool = False
    is_guess: bool = False
    """True when `book` may be something else than a title: "Explain why we skip chapter 3"."""
    is_summary: bool = False
    """True when `book` may as well be the title of a chapter: "Summarize designing exercises"."""
    is_section: bool = False
    """True when the title of the chapter has the number: "Section 12"."""
    label: str | None = None
    """The word that the title of such a chapter begins with, if it is a certain one: "Step 4"."""

    @property
    def is_numbered(self) -> bool:
        """True for chapters and pages by their number, which may be 0."""
        return self.number is not None or self.pages is not None

    @property
    def is_sure(self) -> bool:
        """False for a question that may well be about something else than a book: "What is in a norm?"."""
        return self.kind != "contents" or self.names_chapters


def asked_part(question: str) -> AskedPart | None:
    """Returns the part that the whole question asks for. A title may turn out to be no title of a book or a chapter."""
    if len(question) > _MOST_CHARACTERS:
        return None
    text = " ".join(question.lower().replace("“", '"').replace("”", '"').replace("\u2019", "'").split())
    text = _TO_ME.sub("", _POLITE.sub("", text.strip(" ?!.¿¡")))
    if chapters_or_fact := _chapters_or_fact(text):
        return chapters_or_fact
    if (match := _SAYS_ON.match(text)) and (part := _numbered(match["part"])) and part.book is None:
        return structs.replace(part, book=match["book"])
    for frames in (_SUMMARIES, _FRAMES):
        if match := _first(frames, text):
            name = _part(match)
            return _named(name or "") or AskedPart(kind="contents", book=name, is_summary=frames is _SUMMARIES)
    named = _named(text)
    return None if named and named.is_guess else named


def _chapters_or_fact(text: str) -> AskedPart | None:
    if match := _first(_CONTENTS, text):
        return AskedPart(kind="contents", book=_part(match), names_chapters=True)
    if match := _first(_ABOUT, text):
        return AskedPart(kind="about", title=_part(match))
    facts = ((kind, match) for kind, patterns in _FACTS.items() if (match := _first(patterns, text)))
    return next((AskedPart(kind=kind, book=_part(match)) for kind, match in facts), None)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(text))), None)


def _part(match: re.Match[str]) -> str | None:
    part = (match.groupdict().get("part") or "").strip()
    # "resumen del capítulo 3"
    return part.removeprefix("l ").strip('"') or None


def _named(part: str) -> AskedPart | None:
    if numbered := _numbered(part):
        return numbered
    if match := _first(_CHAPTER_BY_TITLE, part):
        return AskedPart(kind="chapter", title=match["title"], book=match.groupdict().get("book"))
    if (match := _AFTER_BOOK.match(part)) and (numbered := _numbered(match["part"])):
        return structs.replace(numbered, book=match["book"], is_guess=True)
    return None


def _numbered(part: str) -> AskedPart | None:
    if match := _first(_CHAPTER_BY_NUMBER, part):
        return AskedPart(kind="chapter", number=_value(match["number"]), book=match["book"])
    if match := _SECTION.match(part):
        return AskedPart(kind="chapter", number=int(match["number"]), book=match["book"], is_section=True)
    if match := _LABELLED.match(part):
        number, label = int(match["number"]), match["label"]
        return AskedPart(kind="chapter", number=number, book=match["book"], is_section=True, label=label)
    if match := _first(_BESIDE_CHAPTER, part):
        step = _NEXT[match["step"]]
        return AskedPart(
            kind="chapter",
            number=_value(match["number"]) if match["number"] else None,
            step=step,
            book=match["book"] or None,
        )
    if match := _PAGES.match(part):
        first, last = sorted((int(match["first"]), int(match["last"] or match["first"])))
        return AskedPart(kind="pages", pages=(first, last), book=match["book"])
    return None


def _value(numeral: str) -> int:
    return _OTHER_NUMERALS.get(numeral) or parse_numeral(numeral)
