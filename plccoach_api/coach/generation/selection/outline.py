"""A passage as the sentences that an answer can show, each with its section and its paragraph.

Readers keep what a book has beside its sentences: table rows, code, captions, references, questions to the reader. None
of it can stand in an answer.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from plccoach_api.coach.generation.selection.announcements import announcing
from plccoach_api.coach.generation.selection.glossaries import term_in
from plccoach_api.coach.generation.selection.listed import with_lists
from plccoach_api.coach.generation.selection.readable import QUESTION_END, is_list, is_readable
from plccoach_api.coach.generation.sentences import HEADING, Sentence
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import strip_references
from plccoach_api.rules.sentences import Span, in_list
from plccoach_api.rules.stems import stems

_MOST_HEADING_WORDS = 14

_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| ", re.MULTILINE)
_SOURCES = re.compile(
    r"(?:references?|bibliography|works cited|sources|further reading|contents|table of contents|index|(?:end)?notes"
    r"|citations?|credits|copyright|acknowledge?ments|licen[cs]e|referencias|bibliograf[ií]a|[ií]ndice)\b[\s:.]*",
    re.IGNORECASE,
)
# A line that is a caption, or an entry of a bibliography, as a whole: its title looks like a sentence.
_LINE_OF_NO_PROSE = re.compile(
    r"(?i:figure|fig\.?|table|box|image|photo|plate|chart|exhibit|figura|tabla|cuadro)\s+[\dIVX.]{0,5}[\dIVX][.:]"
    r"|(?:\[?\d{1,3}[\].]\s+)?[^\W\d_][\w'\u2019-]{1,30}, (?:[A-Z]\.|[A-Z][a-z]+ [A-Z]\.).{0,200}\b(?:1[5-9]|20)\d\d\b"
)
# A sentence in brackets is said beside the one before it. "(ii)" only counts.
_POINTS_BACK = re.compile(
    r"\((?!(?:\d{1,3}|[a-z]|[ivx]{1,5})\))"
    r"|(?:this|that|these|those|it|its|they|their|them|he|she|his|her|such|both|neither|instead|however|but|and|so|then"
    r"|thus|therefore|for (?:example|instance)|also|another|similarly|or|yet|finally|second(?:ly)?|third(?:ly)?"
    r"|there (?:is|are|was|were) also)\b",
    re.IGNORECASE,
)
# After such a sentence, questions are what it speaks of, and not put to the reader.
_SPEAKS_OF_QUESTIONS = re.compile(r"\b(?:questions?|asks?|asked|asking|wonder|preguntas?)\b", re.IGNORECASE)


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A sentence with its place in the passage."""

    sentence: Sentence
    heading: str
    """The heading of the sentence's section; empty when the passage does not have it."""
    section: int
    paragraph: int
    place: int
    """The number of the sentence in its passage."""
    is_item: bool
    has_list: bool
    """True for a sentence that introduces a list, and has it in its text."""
    is_readable: bool
    """False for what no reader takes for a sentence of an answer."""
    is_spoken_of: bool
    """True for a question that a sentence before it announces. It can be shown after that sentence."""
    points_back: bool
    """True when the sentence cannot be understood without the sentence before it."""
    follows_table: bool
    """True when two rows of a table or more stand directly before the sentence."""
    announces: bool
    """True for a sentence about the text around it: "This chapter presents …"."""
    term: str
    """The term that an entry of a glossary explains, or nothing. The entry is shown if its term is asked for."""
    label: str
    """The line or the heading that introduces a list, if no sentence does. The list is shown if it is asked for."""

    @property
    def can_be_shown(self) -> bool:
        """True for what is shown at least when it is asked for."""
        return self.is_readable or bool(self.term or self.label)

    @property
    def is_list_of_heading(self) -> bool:
        return self.label == self.heading != ""


# An outline takes 10 kB, most of it the stems of its sentences.
@lru_cache(maxsize=500)
def outline_of(content: str) -> tuple[Placed, ...]:
    return tuple(_placed(content))


@lru_cache(maxsize=500)
def torn_off(content: str) -> tuple[bool, ...]:
    """Returns True for each sentence that points back to one that cannot be shown."""
    outline = outline_of(content)
    before = (None, *outline)
    return tuple(
        placed.points_back and not (last and last.is_readable and last.section == placed.section)
        for placed, last in zip(outline, before, strict=False)
    )


def with_neighbours(outline: Sequence[Placed], placed: Placed) -> list[Placed]:
    """Returns a sentence with those directly before and after it in its section."""
    near = outline[max(0, placed.place - 1) : placed.place + 2]
    return [each for each in near if each.section == placed.section]


def _placed(content: str) -> Iterator[Placed]:
    headings = headings_in(content)
    code = _Code(content)
    item = is_prose = speaks_of_questions = False
    section, paragraph, end = 0, 0, 0
    whole = [*with_lists(content)]
    announces = announcing(content, [each.span for each in whole])
    for place, (sentence, announced) in enumerate(zip(whole, announces, strict=True)):
        start = sentence.span.start
        while section < len(headings) and headings[section][0] < start:
            section += 1
        heading = headings[section - 1][1] if section else ""
        if place == 0 or "\n" in content[end:start]:
            paragraph += 1
            item = in_list(content, sentence.span)
            is_prose = not _LINE_OF_NO_PROSE.match(content, content.rfind("\n", 0, start) + 1)
            speaks_of_questions = False
        rows = len(_ROW.findall(content, end, start))
        end = sentence.span.end
        is_question = QUESTION_END.search(sentence.text) is not None
        is_spoken_of = is_prose and is_question and speaks_of_questions
        is_text = is_prose and not _SOURCES.fullmatch(heading) and not code.overlaps(sentence.span)
        speaks_of_questions |= not is_question and _SPEAKS_OF_QUESTIONS.search(sentence.text) is not None
        label = _label(sentence, heading) if is_text else ""
        yield Placed(
            sentence=_introduced_by(heading, sentence) if label == heading != "" else sentence,
            heading=heading,
            section=section,
            paragraph=paragraph,
            place=place,
            is_item=item,
            has_list="\n" in sentence.text,
            # A remark in brackets beside the sentence of an item needs no verb.
            is_readable=is_text and is_readable(sentence, is_item=item and not sentence.text.startswith("(")),
            is_spoken_of=is_spoken_of,
            follows_table=rows > 1,
            points_back=_POINTS_BACK.match(sentence.text) is not None,
            announces=announced,
            term=term_in(content, sentence) if is_text else "",
            label=label,
        )


class _Code:
    """The blocks of code of a passage. They are asked for in the order of the text, so that no block is read twice."""

    def __init__(self, content: str) -> None:
        self._blocks = deque(Span(*match.span()) for match in _FENCE.finditer(content))

    def overlaps(self, span: Span) -> bool:
        while self._blocks and self._blocks[0].end <= span.start:
            self._blocks.popleft()
        return bool(self._blocks) and self._blocks[0].start < span.end


@lru_cache(maxsize=500)
def headings_in(content: str) -> tuple[tuple[int, str], ...]:
    """Returns the headings of a passage, each after its place. An outline takes fifty times as long, or more."""
    return tuple((match.start(), clean_heading(match[1])) for match in HEADING.finditer(content))


def clean_heading(text: str) -> str:
    """Returns a heading without markup, or nothing when it is no heading that an answer can show."""
    cleaned = strip_references(re.sub(r"[*_`#\[\]{}<>|\\]", "", strip_references(text))).strip(" .:\t")
    return cleaned if len(cleaned.split()) <= _MOST_HEADING_WORDS else ""


def title_above(passage: Passage) -> str:
    """Returns the title of the passage's chapter, or that of the book for a text that stands in no titled chapter."""
    return clean_heading(passage.chapter_title) or clean_heading(passage.book_title)


def _label(sentence: Sentence, heading: str) -> str:
    """Returns what introduces a list that no sentence introduces: its first line or the heading of its section."""
    if "\n" not in sentence.text:
        return ""
    introduction, *items = sentence.text.split("\n")
    items = [each for each in items if each.strip()]
    if not items or not is_list(sentence, items) or all(map(QUESTION_END.search, items)):
        return ""
    if in_list(introduction, Span(0, 0)):
        return heading
    return introduction if introduction.endswith(":") else ""


def _introduced_by(heading: str, sentence: Sentence) -> Sentence:
    return msgspec.structs.replace(sentence, stems=tuple(dict.fromkeys((*stems(heading), *sentence.stems))))
