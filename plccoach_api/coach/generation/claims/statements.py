"""Reads what a sentence states: its words, numbers and names, and what it denies."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plccoach_api.coach.generation.claims import denials
from plccoach_api.coach.generation.claims.contrasts import Contrast, clause_stems, contrasts
from plccoach_api.coach.generation.claims.counted import Counted, counted_by
from plccoach_api.coach.generation.claims.irregular_words import BASE_FORM
from plccoach_api.coach.generation.claims.numbers import NUMBER_WORDS, counts_of, numbers_of, points_to_two
from plccoach_api.coach.generation.claims.places_in_time import ordinals_of
from plccoach_api.coach.generation.claims.quantities import Quantity, quantities_of
from plccoach_api.coach.generation.claims.roles import Part, role_parts
from plccoach_api.coach.generation.claims.stop_words import LIGHT_WORDS, STOP_WORDS
from plccoach_api.coach.generation.sentences import HEADING
from plccoach_api.embedding.local import word_vector
from plccoach_api.rules.sentences import sentences
from plccoach_api.rules.stems import stems

# The number of a list item says nothing.
_ITEM = re.compile(r"^[ \t>]*\d{1,3}[.)](?=\s)", re.MULTILINE)
# The end of the school year 2018-19 is 2019.
_SHORT_YEAR = re.compile(r"\b((?:19|20))(\d\d)([-\u2013/])(\d\d)\b(?![-\u2013/\d])")
_TOKEN = re.compile(r"%|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
# The word before "not" in "can't", "won't" and "shan't". Other contractions only lose their "n", as in "isn't".
_CONTRACTED = {"can": "can", "won": "will", "shan": "shall"}
_LIGHT_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    stem: str
    vector_signs: int
    weight: float


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    words: frozenset[str]
    stems: frozenset[str]
    content: Sequence[Word]
    """The words that carry meaning: no stop words and no numbers."""
    order: Sequence[str]
    """The stems of the words that are no stop words, in the order of the text."""
    numbers: Mapping[float, frozenset[str]]
    """The numbers with the unit of time that follows each, if one does."""
    counted: Counted
    points_to_two: bool
    stems_and_numbers: frozenset[str | float]
    ordinals: frozenset[tuple[str, str]]
    """The ordinals with the stem of what each of them counts: the third year."""
    quantities: frozenset[Quantity]
    """How many of each thing, where a word says it: most learners."""
    counts: frozenset[float]
    """How many things each enumeration has."""
    names: frozenset[str]
    polarity: Mapping[str, frozenset[bool]]
    """For each stem whether the sentence affirms it (True), denies it (False), or both may be meant."""
    sides: Mapping[str, frozenset[bool]]
    """For each stem whether it stands before (True) or after (False) the word "before"; empty without that word."""
    contrasts: Sequence[Contrast]
    clause_stems: Sequence[frozenset[str]]
    role_parts: Sequence[Part]
    denies: bool
    absent: frozenset[str]
    """The stems of the things that, the sentence says, are not there: "no risk"."""

    def polarity_of(self, stem: str) -> frozenset[bool]:
        """Returns whether the sentence affirms the stem, denies it, or both. Small words have none of their own."""
        return self.polarity.get(stem) or frozenset({not self.denies})

    @property
    def half_denies(self) -> bool:
        return not denials.HALF_DENIALS.isdisjoint(self.words)

    @property
    def plainly_denies(self) -> bool:
        """Returns True for "not", but not for "rather than" and "without", which evidence may say in other words."""
        return self.denies and not self.half_denies and "without" not in self.words


@lru_cache(maxsize=2_000)
def statement(text: str) -> Statement:
    tokens = [*_tokens(_SHORT_YEAR.sub(r"\1\2\3\1\4", _ITEM.sub("", text)))]
    words = [word for word, _, _ in tokens]
    content = [
        _word(word)
        for word in words
        if len(word) > 1 and word not in STOP_WORDS and word not in NUMBER_WORDS and not word[0].isdigit()
    ]
    own_stems, numbers = frozenset(stems(" ".join(words))), numbers_of(words)
    return Statement(
        text,
        frozenset(words),
        own_stems,
        content,
        [stem for word in words if word not in STOP_WORDS for stem in stems(word)],
        numbers,
        counted_by(words) if numbers else {},
        points_to_two(words),
        own_stems.union(numbers),
        ordinals_of(words),
        quantities_of(words),
        counts_of(text),
        frozenset(word for word, is_name, _ in tokens if is_name),
        denials.polarity(tokens),
        denials.sides(words),
        contrasts(tokens),
        clause_stems(tokens),
        role_parts(tokens),
        denials.denies(words),
        denials.absent(words),
    )


def _word(text: str) -> Word:
    vector = word_vector(text)
    return Word(text, stems(text)[0], vector.signs, vector.weight * (_LIGHT_WEIGHT if text in LIGHT_WORDS else 1))


@lru_cache(maxsize=300)
def statements_of(passage: str) -> tuple[Statement, ...]:
    """Each item of a list is a statement of its own."""
    lines = (line for span in sentences(passage) for line in span.of(passage).split("\n"))
    return tuple(statement(span.of(line)) for line in lines for span in sentences(line))


@lru_cache(maxsize=300)
def headings_of(passage: str) -> tuple[Statement, ...]:
    return tuple(map(statement, filter(None, HEADING.findall(passage))))


def _tokens(text: str) -> Iterator[tuple[str, bool, str]]:
    """Yields each word in lower case, whether it is a name, and the text between it and the word before."""
    end = 0
    for match in _TOKEN.finditer(text):
        token, gap = match.group().replace("\u2019", "'"), text[end : match.start()]
        is_name = token[0].isupper() and len(token) > 1 and bool(text[:1]) and _is_inside(text, match.start())
        end = match.end()
        word, _, ending = token.lower().partition("'")
        if ending == "t":
            yield _CONTRACTED.get(word) or word.removesuffix("n") or "do", False, gap
            yield "not", False, ""
        else:
            yield "percent" if word == "%" else BASE_FORM.get(word, word), is_name, gap


def _is_inside(text: str, position: int) -> bool:
    """Returns True for a word that does not begin a sentence, where every word has a capital."""
    before = text[max(0, position - 4) : position].rstrip()
    return bool(before) and before[-1] not in '.!?:"\u201c(*-\u2022|\n'
