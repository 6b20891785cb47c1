"""Suggests questions to ask next: each is made from the heading of a section that was found with the answer.

The section of a heading is in the corpus, so the coach can answer the question. No model and no query is needed.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import msgspec
from msgspec import structs

from plccoach_api.coach.answer import Answer, AnswerRequest
from plccoach_api.coach.generation.heading_questions import QUESTIONS, forms_of, heading_text
from plccoach_api.coach.generation.sentences import HEADING
from plccoach_api.embedding.local import is_small_token
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.questions.languages import language_of
from plccoach_api.rules.questions.spelling import is_right
from plccoach_api.rules.sentences import Span
from plccoach_api.rules.stems import stems

_MOST = 3
# Not in an address or in code.
_SMALL_WORD = re.compile(r"(?<![\w./:@#-])[a-z]+(?![\w/:@#]|\.\w)")
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][a-z]+\b")
# No part of a longer title.
_NAME_OF_TWO = re.compile(r"\b[a-z]+,? ([A-Z][a-z]+) ([A-Z][a-z]+)\b(?! [A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
# A question repeats another one if it shares this much of the words of the shorter one.
_REPETITION = 0.75
# A heading names the subject of its section if the section uses this much of its words.
_NAMED = 0.6
_LEAST_CHARACTERS = 4
# A name seldom ends so: "Conjunction", "Customisations".
_ENDS_AS_A_NOUN = re.compile(r"[a-z]{4,}(?:[ts]ions?|ness|abilit(?:y|ies)|isms?)")
_WORDS_OF_A_NAME = range(2, 5)
_WITHOUT_MEANING = frozenset(
    stems("a about an and are as at be by can do does for from go how i in into is it its me my not of on or our say")
    + stems("should than that the their this to us was we what when where which who why will with you your")
)


class _Section(msgspec.Struct, frozen=True):
    heading: str
    text: str
    order: tuple[bool, ...]
    """The order compares, one after the other: quoted by the answer, a whole chapter, one word, in no cited passage,
    not the first of its passage. Each of them puts a section behind the others.
    """


def with_suggestions(request: AnswerRequest, answer: Answer) -> Answer:
    return structs.replace(answer, suggestions=suggestions(request, answer))


def suggestions(request: AnswerRequest, answer: Answer) -> tuple[str, ...]:
    """Returns up to three questions that nobody asked in this conversation, about the books that the answer cites.

    They are in the language of the question. There are none in a language that QUESTIONS does not have.
    """
    ask = QUESTIONS.get(language_of(request.text))
    if answer.kind is not MessageKind.answer or ask is None:
        return ()
    asked = [
        _words(request.text),
        _words(request.search_text),
        *(_words(turn.content) for turn in request.history if turn.role is MessageRole.user),
    ]
    books = {citation.book_title for citation in answer.citations}
    passages = [passage for passage in request.passages if passage.book_title in books]
    texts = [_read(passage.content) for passage in passages]
    small_words = frozenset().union(*(text.small_words for text in texts))
    names = frozenset().union(*(text.names for text in texts))
    pairs = frozenset().union(*(text.pairs for text in texts))
    chosen: list[str] = []
    for section in sorted(_sections(passages, answer), key=lambda each: each.order):
        words = _words(section.heading)
        if len(chosen) == _MOST:
            break
        if not words or any(_repeats(words, other) for other in asked) or not _is_named(section):
            continue
        if _is_person(section.heading):
            continue
        # Only the heading's own words are asked for: the set of all small words is not copied for each heading.
        common_words = (small_words & forms_of(section.heading)) | _common_words(section.heading, names)
        if question := ask(section.heading, common_words - _in_pairs(section.heading, pairs)):
            chosen.append(question)
            asked.append(words)
    return tuple(chosen)


def _sections(passages: Sequence[Passage], answer: Answer) -> Iterator[_Section]:
    """Yields the sections and chapters of all passages. A heading of several sections names none, and is left out."""
    uses = Counter(heading for passage in passages for heading, _ in _read(passage.content).headed)
    for passage in passages:
        quotes = [each.quote for each in answer.citations if each.chunk_id == passage.chunk_id]
        for place, (heading, span) in enumerate(_read(passage.content).headed):
            if uses[heading] == 1:
                text = span.of(passage.content)
                is_quoted = any(quote in text for quote in quotes)
                yield _Section(heading, text, (is_quoted, False, " " not in heading, not quotes, place > 0))
        yield _Section(heading_text(passage.chapter_title), passage.content, (bool(quotes), True))


class _Read(NamedTuple):
    """The parts of a passage's text that suggestions need. Passages share their words."""

    headed: tuple[tuple[str, Span], ...]
    """Its sections: each heading with the place of the text below it."""
    small_words: tuple[str, ...]
    names: tuple[str, ...]
    """The words that have a capital within a sentence."""
    pairs: tuple[tuple[str, str], ...]
    """The same for two words in a row, which are a name even if the text has each of them in small letters, too."""


# Popular passages are found again and again.
@lru_cache(maxsize=300)
def _read(content: str) -> _Read:
    matches = list(HEADING.finditer(content))
    ends = [*(match.start() for match in matches[1:]), len(content)][: len(matches)]
    prose = HEADING.sub("", content)
    return _Read(
        tuple((heading_text(match[1]), Span(match.end(), end)) for match, end in zip(matches, ends, strict=True)),
        tuple({*map(sys.intern, _SMALL_WORD.findall(content))}),
        tuple({*map(sys.intern, _NAME.findall(prose))}),
        tuple({(sys.intern(first), sys.intern(second)) for first, second in _NAME_OF_TWO.findall(prose)}),
    )


def _common_words(heading: str, names: frozenset[str]) -> frozenset[str]:
    """Returns the English words of a heading that are no names, although its text may have none of them."""
    words = (word.lower() for word in _WORD.findall(heading) if word not in names)
    return frozenset(filter(_is_english, words))


def _in_pairs(heading: str, pairs: frozenset[tuple[str, str]]) -> frozenset[str]:
    """Returns the words of the names of two words that a heading has, in small letters."""
    named = chain.from_iterable(pair for pair in pairwise(_WORD.findall(heading)) if pair in pairs)
    return forms_of(" ".join(named))


@lru_cache(maxsize=5000)
def _is_english(word: str) -> bool:
    return _ENDS_AS_A_NOUN.fullmatch(word) is not None or is_right(word, is_small_token)


def _is_person(heading: str) -> bool:
    """Returns True for a heading of two or more words with capitals of which none is English: an author's name."""
    words = _WORD.findall(heading)
    return len(words) in _WORDS_OF_A_NAME and not any(map(_is_english_or_small, words))


def _is_english_or_small(word: str) -> bool:
    return not word.istitle() or _is_english(word.lower())


def _is_named(section: _Section) -> bool:
    """Compares the beginnings of words, because the stems of whole sections would take 10 ms."""
    text = section.text.lower()
    words = [word for word in section.heading.lower().split() if len(word) >= _LEAST_CHARACTERS]
    return sum(word[: max(_LEAST_CHARACTERS, len(word) - 3)] in text for word in words) >= _NAMED * len(words)


def _words(text: str) -> frozenset[str]:
    return frozenset(stems(text)) - _WITHOUT_MEANING


def _repeats(words: frozenset[str], other: frozenset[str]) -> bool:
    return bool(other) and len(words & other) >= _REPETITION * min(len(words), len(other))
