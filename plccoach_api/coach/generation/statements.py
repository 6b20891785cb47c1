"""Reads what a sentence states: its words, numbers and names, and what it denies."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plccoach_api.embedding.local import word_signs
from plccoach_api.rules.sentences import sentences
from plccoach_api.rules.stems import stems

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_PAUSE = re.compile(r"[.;:!?()\u2014]")
_HEADING = re.compile(r"^#{1,6} (.{1,300})$", re.MULTILINE)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _set(
    "a about after again all also although among an and another any are as at back be because been before being between"
    " both but by can could did do does doing done down during each either even every few for from had has have having"
    " he her here his how i if in instead into is it its just least less many may me might more most much must my"
    " neither no nor not never none of off on once only or other our out over rather same shall she should since so"
    " some such than that the their them then there these they this those though through to too under until up us very"
    " was we were what when where which while who whom whose why will with without would you your"
)
_DENIALS = _set(
    "not no never none nor neither without cannot nobody nothing nowhere unless avoid avoids refrain refrains seldom"
    " rarely hardly prohibited forbidden"
)
_DENIES = _set("not no never none nor neither without cannot nobody nothing nowhere")
# Words that may express a denial of the other sentence in another way.
_HALF_DENIALS = _set(
    "rather instead avoid avoids avoided refrain seldom rarely hardly little few fewer fails fail lack lacks stop"
    " except refuse less unlike differ differs different mistaken poorly badly violate violates unless only just merely"
)
# A denial reaches this many words with meaning. Those after them may belong to another part of the sentence.
_DENIED_WORDS = 4
_NEW_CLAUSE = _set("but because since so although while though whereas as if when unless which who that")
_AUXILIARIES = _set(
    "does do is are should can must has have will cannot would could may did was were isn aren don doesn"
)
_CONTRASTS = frozenset({("rather", "than"), ("instead", "of"), ("and", "not"), ("but", "not"), ("or", "not")})
_TIMES = frozenset(stems("minute hour day week month year semester quarter percent second decade"))


def _counted(words: str, first: int, step: int = 1) -> dict[str, float]:
    return {word: float(first + step * index) for index, word in enumerate(words.split())}


_NUMBERS: Mapping[str, float] = {
    **_counted("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen", 2),
    **_counted("seventeen eighteen nineteen", 17),
    **_counted("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 3),
    **_counted("twenty thirty forty fifty sixty seventy eighty ninety hundred", 20, 10),
    "thirds": 3,
    "quarters": 4,
    "fourths": 4,
    "twice": 2,
    "dozen": 12,
}


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    stem: str
    signs: int
    weight: float


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    words: frozenset[str]
    stems: frozenset[str]
    content: Sequence[Word]
    """The words that carry meaning: no stop words and no numbers."""
    numbers: Mapping[float, frozenset[str]]
    """The numbers with the unit of time that follows each, if one does."""
    names: frozenset[str]
    signs: Mapping[str, frozenset[bool]]
    """For each stem whether the sentence affirms it (True), denies it (False), or both may be meant."""
    sides: Mapping[str, frozenset[bool]]
    """For each stem whether it stands before (True) or after (False) the word "before"; empty without that word."""

    @property
    def denies(self) -> bool:
        return not _DENIES.isdisjoint(self.words)

    @property
    def half_denies(self) -> bool:
        return not _HALF_DENIALS.isdisjoint(self.words)


@lru_cache(maxsize=2_000)
def statement(text: str) -> Statement:
    tokens = [*_tokens(text)]
    words = [word for word, _, _ in tokens]
    content = [
        Word(word, stems(word)[0], *word_signs(word))
        for word in words
        if len(word) > 1 and word not in STOP_WORDS and word not in _NUMBERS and not word[0].isdigit()
    ]
    return Statement(
        text,
        frozenset(words),
        frozenset(stems(" ".join(words))),
        content,
        _numbers(words),
        frozenset(word for word, is_name, _ in tokens if is_name),
        _signs(tokens),
        _sides(words),
    )


@lru_cache(maxsize=300)
def statements_of(passage: str) -> tuple[Statement, ...]:
    return tuple(statement(span.of(passage)) for span in sentences(passage))


@lru_cache(maxsize=300)
def headings_of(passage: str) -> tuple[Statement, ...]:
    return tuple(map(statement, _HEADING.findall(passage)))


def _tokens(text: str) -> Iterator[tuple[str, bool, str]]:
    """Yields each word in lower case, whether it is a name, and the text between it and the word before."""
    end = 0
    for match in _TOKEN.finditer(text):
        token, gap = match.group().replace("\u2019", "'"), text[end : match.start()]
        is_name = token[0].isupper() and len(token) > 1 and bool(text[:1]) and _is_inside(text, match.start())
        end = match.end()
        word, _, ending = token.lower().partition("'")
        if ending == "t":
            yield word.removesuffix("n") or "do", False, gap
            yield "not", False, ""
        else:
            yield word, is_name, gap


def _is_inside(text: str, position: int) -> bool:
    """Returns True for a word that does not begin a sentence, where every word has a capital."""
    before = text[max(0, position - 4) : position].rstrip()
    return bool(before) and before[-1] not in '.!?:"\u201c(*-\u2022|\n'


def _number(word: str) -> float | None:
    if not word[0].isdigit():
        return _NUMBERS.get(word)
    digits = word.replace(",", "")
    return float(digits) if digits.isascii() and digits.count(".") <= 1 else None


def _numbers(words: Sequence[str]) -> dict[float, frozenset[str]]:
    found: dict[float, frozenset[str]] = {}
    for index, word in enumerate(words):
        number = _number(word)
        if number is not None and number != 1:
            following = [stem for each in words[index + 1 : index + 5] for stem in stems(each)]
            unit = next((stem for stem in following if stem in _TIMES), None)
            found[number] = found.get(number, frozenset()) | ({unit} if unit else frozenset())
    return found


class _Clause:
    """The stems of the current clause, and whether they are denied."""

    def __init__(self) -> None:
        self._found: dict[str, frozenset[bool]] = {}
        self._stems: list[tuple[str, bool]] = []
        self._reach = _DENIED_WORDS
        self.denied = False
        self.contrasted = False

    def add(self, word: str) -> None:
        self._reach -= self.denied
        self._stems += [(stem, self.denied and self._reach >= 0) for stem in stems(word)]

    @property
    def is_empty(self) -> bool:
        return not self._stems

    def end(self, *, contrasted: bool = False) -> None:
        for stem, after_denial in self._stems:
            # A subject before "not" is neither affirmed nor denied, nor is what stands far behind it.
            signs = {True, False} if self.denied and not after_denial else {self.denied == self.contrasted}
            self._found[stem] = self._found.get(stem, frozenset()) | signs
        self._stems.clear()
        self._reach = _DENIED_WORDS
        self.denied, self.contrasted = False, contrasted

    def found(self) -> dict[str, frozenset[bool]]:
        self.end()
        return self._found


def _signs(tokens: Sequence[tuple[str, bool, str]]) -> dict[str, frozenset[bool]]:
    clause = _Clause()
    words = [word for word, _, _ in tokens]
    for index, (word, _, gap) in enumerate(tokens):
        following = [*words[index + 1 : index + 3], "", ""]
        if _PAUSE.search(gap) or ("," in gap and (clause.denied or clause.contrasted or word in _DENIALS)):
            clause.end()
        if word in _NEW_CLAUSE or (word == "and" and (following[0] in _AUXILIARIES or following[1] in _DENIALS)):
            clause.end()
        if (
            (word, following[0]) in _CONTRASTS
            or (word == "than" and not clause.contrasted)
            or (word == "not" and "," in gap)
        ):
            clause.end(contrasted=True)
        elif word in _DENIALS:
            only = word == "not" and (
                following[0] in {"only", "merely", "just"} or (clause.contrasted and clause.is_empty)
            )
            clause.denied = clause.denied or not only
        elif word not in STOP_WORDS:
            clause.add(word)
    return clause.found()


def _sides(words: Sequence[str]) -> dict[str, frozenset[bool]]:
    if "before" not in words:
        return {}
    middle, found = words.index("before"), dict[str, frozenset[bool]]()
    for index, word in enumerate(words):
        if word not in STOP_WORDS:
            for stem in stems(word):
                found[stem] = found.get(stem, frozenset()) | {index < middle}
    return found
