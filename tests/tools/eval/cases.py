"""The questions about a corpus: one TOML file with a table of questions for each kind.

A figure that was tuned on some questions must be reported on others. So a hash of its text puts each question into half
a, on which numbers may be chosen, or half b, which is only reported.
"""

import random
import re
from collections.abc import Sequence
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec

Half: TypeAlias = Literal["a", "b"]
HALVES: tuple[Half, Half] = ("a", "b")

_LONG_WORD = re.compile(r"[A-Za-z]{6,}")
_NO_SUBJECT = frozenset(
    {"about", "another", "between", "could", "during", "really", "should", "someone", "something", "without", "would"}
)
_MOST_TYPOS = 2
_MOST_PAIRS = 120
_LETTERS = "aeioulnrst"
_MESSAGES = (
    "Hi, I'm Guadalupe from Chattahoochee Elementary. {}",
    "{} Thanks, Mrs. Kowalczyk",
    "Good morning! My name is Tobias Oyelaran. {} Best wishes from Pflugerville",
)
_SHORT_STORY = "I teach fourth grade at a small school near the river. {}"
_LONG_STORY = (
    "I teach fourth grade at a small school near the river, and our team has five members who have known each other "
    "for years. Last week our principal visited us and everybody was nervous. {} It has rained for days and the bus "
    "was late again, so I had time to think about this."
)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question with what its answer must contain.

    Each of the `answers` is a sentence of the corpus that answers the question, word for word. A follow-up is asked
    after the question `before`. A look-up names a part of a book: `book`, `chapter` and `pages` say which.
    """

    text: Annotated[str, msgspec.Meta(min_length=1)]
    answers: tuple[str, ...] = ()
    before: str | None = None
    english: str | None = None
    """The question in English, for one that is in another language."""
    book: str | None = None
    chapter: str | None = None
    pages: tuple[int, int] | None = None

    @property
    def half(self) -> Half:
        return "a" if sha256(self.text.encode()).digest()[0] % 2 == 0 else "b"


class Cases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    in_scope: tuple[Case, ...]
    off_topic: tuple[Case, ...]
    near_miss: tuple[Case, ...]
    """Questions about the books' subject that the books do not answer."""
    follow_up: tuple[Case, ...]
    spanish: tuple[Case, ...]
    look_up: tuple[Case, ...]


def load(path: Path) -> Cases:
    return msgspec.toml.decode(path.read_bytes(), type=Cases)


def after_unrelated(cases: Sequence[Case]) -> list[Case]:
    """Puts a question about something else before some of the questions, which it must not disturb."""
    shuffled = random.Random(len(cases)).sample(cases, min(len(cases), _MOST_PAIRS))
    others = [*shuffled[1:], *shuffled[:1]]
    return [msgspec.structs.replace(case, before=other.text) for case, other in zip(shuffled, others, strict=True)]


def after_answered(cases: Sequence[Case], in_scope: Sequence[Case]) -> list[Case]:
    """Puts a question that the books answer before each of the cases, which they do not answer."""
    answered = random.Random(len(cases)).choices(in_scope, k=len(cases))
    return [msgspec.structs.replace(case, before=other.text) for case, other in zip(cases, answered, strict=True)]


def amid_names(cases: Sequence[Case]) -> list[Case]:
    """Puts each question into a message with a greeting or a signature, as people write to a person."""
    return _within(_MESSAGES, cases)


def in_story(cases: Sequence[Case]) -> list[Case]:
    """Puts each question into a short or a long story about a school, about which the books say something, too."""
    return _within((_SHORT_STORY, _LONG_STORY), cases)


def _within(messages: Sequence[str], cases: Sequence[Case]) -> list[Case]:
    each = cycle(messages)
    return [msgspec.structs.replace(case, text=next(each).format(case.text)) for case in cases]


def misspelt(case: Case) -> Case | None:
    """Returns the question with a typing error in one or two of its long words, or None if it has no long word."""
    rng = random.Random(case.text)
    words = [word for word in _LONG_WORD.finditer(case.text) if word[0].lower() not in _NO_SUBJECT]
    if not words:
        return None
    text = case.text
    for word in sorted(rng.sample(words, min(len(words), _MOST_TYPOS)), key=lambda word: -word.start()):
        text = text[: word.start()] + _typo(word[0], rng) + text[word.end() :]
    return msgspec.structs.replace(case, text=text)


def _typo(word: str, rng: random.Random) -> str:
    """Swaps two letters, leaves one out, doubles one, or replaces one. The first letter stays, as in most errors."""
    at = rng.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    omitted = word[:at] + word[at + 1 :]
    doubled = word[:at] + word[at] + word[at:]
    replaced = word[:at] + rng.choice([letter for letter in _LETTERS if letter != word[at]]) + word[at + 1 :]
    return rng.choice([typo for typo in (swapped, omitted, doubled, replaced) if typo != word])
