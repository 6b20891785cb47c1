"""Recognises the sentences that define the term of a question: "Tier 3 is …" for "What is tier 3?"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from plccoach_api.coach.generation.heading_questions import heading_text
from plccoach_api.coach.generation.selection.outline import Placed, outline_of, title_above
from plccoach_api.coach.generation.selection.question_kinds import asked_about, kind_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.acronyms import acronyms_in, names_of, two_names_in
from plccoach_api.rules.stems import stems, with_digits

# "Norms are read aloud", "are important for", "are changeable", "Ann is going home" and "is not" define nothing.
_DEFINES = re.compile(
    r"\b(?:(?:is|are|was|were)"
    r"(?! (?:very |so |also |often |usually |always |more |most |just |an? )?"
    r"(?:important|essential|crucial|critical|vital|necessary|useful|helpful|valuable|similar|different|likely|unlikely"
    r"|available|easy|difficult|hard|good|better|best|great|due|going|coming)\b)"
    r"(?! (?:(?:very|so|also|often|usually|always|more|most) )?\w+[ai]ble\b)"
    r"(?! (?:(?:being |often |usually |always |also )?"
    r"(?!(?:defin|call|describ|compos|need)ed\b|known\b|made up\b)"
    r"(?:\w+ed|read|made|set|put|built|found|held|kept|met|taught|written|taken|given|chosen|shown|seen|done|paid|sent"
    r"|sold|told|run|cut|drawn|lost|left|brought|bought|begun|spent))\b)"
    r"|(?:can|may|could|might) be (?:defined|described|understood|thought of|seen) as|means?|refers? to|stands? for"
    r"|describes?|consists? of|called)\b(?! (?:not|no|never)\b|n['\u2019]t\b)"
)
# "The time after it is called “wait time,” which is …": the sentence goes on with what the term means.
_CALLED = re.compile(
    r"\b(?:called|known as) (?:an? |the )?[\"'\u201c\u2018]?(?P<term>[^\W_][^,;:.\"\u201c\u201d]{1,38}?)"
    r"(?:,[\"'\u201d\u2019]?|[\"'\u201d\u2019],) (?:which|an?|the|where|when)\b"
)
# "This is often called “chalk talk.”", "a so-called “wet chalk” effect": the rest of the sentence explains it.
_QUOTED = re.compile(
    r"\b(?:so-called|(?:called|known as|referred to as)(?: an?| the)?) [\"\u201c\u2018]"
    r"(?P<term>[^\W_][^,;:.\"\u201c\u201d]{1,38}?)[.,]?[\"\u201d\u2019](?P<noun> [a-z]+)?"
)
# "Tier 2 (Targeted Intervention): Additional support …"
_IN_BRACKETS = re.compile(r" \([^()]*\)$")
_EXPLANATION = re.compile(r"(?: \([^()]*\)|: \S.*)$")
# "Kubernetes, often called K8s, is …", "Response to Intervention or RTI is …", "A norm, or agreement, is …"
_TWO_NAMES = re.compile(
    r"(?P<term>[^,;:.()]{1,60}?)(?: or (?P<acronym>[A-Z][A-Z\d]{1,7})"
    r"|, (?:or|(?:(?:also|often|sometimes|commonly|usually) )?(?:called|known as|referred to as|abbreviated (?:as|to)))"
    r" (?P<name>[^,;:.()]{1,40}),) "
)
# "Horace Mann became …" says who he was.
_ASKS_WHO = re.compile(r"\W*who(?:['\u2019]s| is| was)\b", re.IGNORECASE)
# "Many schools follow Response to Intervention (RTI)" says what RTI stands for.
_ASKS_EXPANSION = re.compile(r"\b(?:stands? for|short for|abbreviation|acronym)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"(?:(?:Dra?|Mrs?|Ms|Prof)\. )?[A-Z][\w'\u2019-]+(?: (?:[A-Z]\.|[A-Z][\w'\u2019-]+)){1,3}(?= [a-z]{2})"
)
# "At the gate stood Ada Quill, one of the nurses."
_APPOSED = re.compile(
    r"\b(?P<name>[A-Z][\w'\u2019-]{1,30}(?: (?:[A-Z]\.|[A-Z][\w'\u2019-]{1,30})){0,3}),"
    r" (?:an?|the|one of|who (?:is|was)) [a-z]"
)
# The verb of a definition stands near the beginning of its sentence.
_LONGEST_SUBJECT = 80
# The most that a sentence gains when it defines all of what the question asks for, and nothing else.
_DEFINES_ALL = 4.0
# Sums of weights differ in their last digits.
_WHOLE = 0.999
# The first sentence below a heading that is the term gains more: it need not repeat the term.
_OPENS_ALL = 8.0
# A term may have them, and the weights of a question have none of them: "Response to Intervention".
_SMALL_WORDS = frozenset(stems("a an the this our your of for in to as and or by with on at from into"))
_WISH = frozenset(stems("mean meaning define definition term stand short abbreviation acronym explain"))


class Definitions:
    """`weights` are those of the question's stems, with digits for the words of small numbers."""

    def __init__(self, question: str, weights: Mapping[str, float]) -> None:
        # The other words are those of a wish: "Summarize what you know about", "What does it mean?".
        own = frozenset(with_digits(stems(asked_about(question)))) or weights.keys() - _WISH
        self._weights = {stem: weight for stem, weight in weights.items() if stem in own} or weights
        self._total_weight = sum(self._weights.values()) or 1.0
        self._asks_who = _ASKS_WHO.match(question) is not None
        self._asks_expansion = _ASKS_EXPANSION.search(question) is not None
        self._names = [frozenset(with_digits(stems(name))) for name in two_names_in(question)]
        words = pairwise(with_digits(stems(question)))
        # "Tier 3" and "tier three", but not "the 4 questions".
        self._numbers = frozenset(number for word, number in words if number.isdecimal() and word in self._weights)

    def with_a_word(self, content: str) -> Sequence[bool]:
        """Returns True for each sentence of a passage that defines something with a word of the question."""
        return [any(map(self._is_asked_for, names)) for names in self._defined(content)]

    def lifts(self, content: str, title: str) -> Sequence[float]:
        """Returns what each sentence of a passage gains when it defines the term. `title` stands above the passage."""
        lifts = [
            max(
                _DEFINES_ALL * max(map(self._share, names), default=0.0),
                _OPENS_ALL * max(map(self._share, headings), default=0.0),
            )
            for names, headings in zip(self._defined(content), _opened_headings(content), strict=True)
        ]
        # The title is the heading of the chapter's first sentence. Other sentences that begin a passage seldom define
        # what the chapter is called.
        if lifts and lifts[0] and not outline_of(content)[0].heading:
            lifts[0] = max(
                lifts[0],
                _OPENS_ALL * max(map(self._share, _names_of_heading(heading_text(title))), default=0.0),
            )
        return lifts

    def _defined(self, content: str) -> Sequence[Sequence[Sequence[str]]]:
        """Returns the names of what each sentence defines. What is said of a person says who that is."""
        defined = _defined(content)
        if not self._asks_who and not self._asks_expansion:
            return defined
        others = _persons(content) if self._asks_who else _expanded(content)
        return [[*names, *further] for names, further in zip(defined, others, strict=True)]

    def _is_asked_for(self, name: Iterable[str]) -> bool:
        return not self._weights.keys().isdisjoint(name) and self._numbers.issubset(name)

    def _share(self, subject: Iterable[str]) -> float:
        """Returns the share of the question that is the subject of a definition; 0 if the subject is more than that."""
        own = {*subject} - _SMALL_WORDS
        if any(own == name for name in self._names):
            own = own.union(*self._names)
        if not self._numbers <= own <= self._weights.keys():
            return 0.0
        return sum(map(self._weights.__getitem__, own)) / self._total_weight


def has_definition(question: str, passages: Sequence[Passage]) -> bool:
    """Returns True if one of the passages defines all of the term that the question asks for, and nothing else."""
    if not passages or kind_of(question) != "meaning":
        return False
    weights = passages[0].weights
    definitions = Definitions(question, dict(zip(with_digits(weights), weights.values(), strict=True)))
    return any(
        lift >= _DEFINES_ALL * _WHOLE
        for passage in passages
        for lift in definitions.lifts(passage.content, title_above(passage))
    )


@lru_cache(maxsize=500)
def _defined(content: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns for each sentence the stems of each name of what it defines; no name if it is no definition."""
    return tuple(
        tuple(tuple(with_digits(stems(name))) for subject in _subjects(placed) for name in names_of(subject))
        for placed in outline_of(content)
    )


@lru_cache(maxsize=500)
def _persons(content: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns for each sentence the stems of the persons' names that it explains, and those of the surnames."""
    named = (
        [[stem for stem in stems(name) if len(stem) > 1] for name in _names(placed)] for placed in outline_of(content)
    )
    return tuple(tuple(part for name in names for part in (tuple(name), tuple(name[-1:])) if part) for names in named)


def _names(placed: Placed) -> Iterator[str]:
    """Yields the name that a sentence begins with, and those that a noun explains."""
    if person := _PERSON.match(placed.sentence.text):
        yield person[0]
    for apposed in _APPOSED.finditer(placed.sentence.text):
        yield apposed["name"]


@lru_cache(maxsize=500)
def _expanded(content: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns for each sentence the stems of each acronym that it expands."""
    expanded = (acronyms_in([placed.sentence.text]) for placed in outline_of(content))
    return tuple(tuple(tuple(stems(acronym)) for acronym, _ in found) for found in expanded)


def _subjects(placed: Placed) -> Iterator[str]:
    text = placed.sentence.text
    verb = _DEFINES.search(text, 0, _LONGEST_SUBJECT)
    if subject := placed.term or (text[: verb.start()].rstrip() if verb else ""):
        yield subject
        if brackets := _IN_BRACKETS.search(subject):
            yield subject[: brackets.start()]
    two = _TWO_NAMES.match(text)
    if two and _DEFINES.match(text, two.end()):
        yield from (two["term"], two["acronym"] or two["name"])
    if called := _CALLED.search(text):
        yield called["term"]
    if quoted := _QUOTED.search(text):
        yield quoted["term"]
        yield quoted["term"] + (quoted["noun"] or "")


@lru_cache(maxsize=500)
def _opened_headings(content: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns for each sentence the stems of the heading, without its number, that it is the first one to show below.

    A heading may explain its term: "RAFT: Role, Audience, Format, Topic". A cell that stands alone before a sentence is
    like a heading. There are none for other sentences.
    """
    outline = outline_of(content)
    opened = {each.section: each.place for each in reversed(outline) if each.is_readable or each.is_list_of_heading}
    headings = (_heading_of(each, is_first=opened.get(each.section) == each.place) for each in outline)
    return tuple(map(_names_of_heading, headings))


def _names_of_heading(heading: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(with_digits(stems(name))) for name in {heading, _EXPLANATION.sub("", heading)} - {""})


def _heading_of(placed: Placed, *, is_first: bool) -> str:
    if placed.term and not placed.sentence.text.startswith(placed.term):
        return placed.term
    return heading_text(placed.heading) if is_first else ""
