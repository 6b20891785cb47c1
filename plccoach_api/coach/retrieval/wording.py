"""Words a question as the corpus words it: corrects its spelling, explains its acronyms, drops its function words.

"Organize" becomes "organise" in a corpus that only has the latter.

Function words are dropped of a question in another language only; the search passes over those of English.

Only the search and the routing use the new wording. The question itself is stored and answered as it was asked.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from plccoach_api.database.pool import Connection, Database
from plccoach_api.embedding.local import is_whole_token, load_word_vectors
from plccoach_api.queries import words as word_queries
from plccoach_api.queries.words import ExplainedAcronym
from plccoach_api.rules.questions.languages import without_frequent_words
from plccoach_api.rules.questions.spelling import (
    LEAST_LETTERS,
    best_correction,
    function_word,
    is_right,
    may_lack_letter,
    other_spellings,
    with_lacking_letter,
)
from plccoach_api.rules.stems import stems

_WORD = re.compile(r"[^\W\d_]+")
_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")
_ASKING_FOR_MEANING = frozenset(
    stems(
        "a about abbreviation acronym an are can coach define definition do does exactly explain for hello hi i is know"
        " me mean meaning of please s stand tell term that the this to understand want we what whats who word would you"
    )
)
_MOST_LETTERS = 30
# A longer question has enough words that are right.
_MOST_WORDS = 60
_MOST_CORRECTIONS = 5
_LONGEST_PHRASE = 7
_LEAST_LETTERS_OF_ACRONYM = 2
_MOST_LETTERS_OF_ACRONYM = 8
# A word that begins with a capital may be a name, and short names are often near to another word.
_LEAST_LETTERS_OF_NAME = 8
# A shorter word that no book has is only compared with words such as "the".
_LEAST_LETTERS_OF_SUBJECT = 4


class Wording(msgspec.Struct, frozen=True):
    """The corrections and the acronyms of a question, for one version of the corpus."""

    corrections: dict[str, str]
    explained: tuple[ExplainedAcronym, ...]

    def of(self, text: str) -> str:
        """Returns a text with corrected words, without function words, and with the other form of its acronyms."""
        corrected = _WORD.sub(lambda match: self.corrections.get(match[0].lower(), match[0]), text)
        corrected = without_frequent_words(corrected)
        if not self.explained:
            return corrected
        acronyms, phrases = _acronyms(corrected), _phrases(corrected)
        other_forms = {
            each.stems if each.acronym in acronyms else each.acronym: (
                each.expansion if each.acronym in acronyms else each.acronym
            )
            for each in self.explained
            if (each.acronym in acronyms) != (each.stems in phrases)
        }
        return " ".join([corrected, *other_forms.values()])


async def find_wording(database: Database, text: str) -> Wording:
    """Asks the database once about a question whose words are all known, and once more for each unknown word."""
    return await database.run_on_replica(_find_wording, text=text)


async def _find_wording(connection: Connection, *, text: str) -> Wording:
    asked = [match[0] for match in _WORD.finditer(text)][:_MOST_WORDS]
    words = [*dict.fromkeys(word.lower() for word in _in_sentence(asked) if _may_be_misspelt(word))]
    spellings = {word: others for word in words if (others := other_spellings(word))}
    known = await word_queries.get_for_question(
        connection,
        words=words,
        spellings=[*{*spellings}.union(*spellings.values())],
        acronyms=[*_acronyms(text).union(*map(_possible_acronyms, asked))],
        phrases=[*_phrases(text)],
        asks_for_meaning=_asks_for_meaning(text),
    )
    await load_word_vectors()
    corrections = _acronyms_in_small_letters(asked, known.explained) | _spelled(spellings, {*known.known_spellings})
    unknown = [word for word in known.unknown_words if word not in corrections]
    corrections |= {word: other for word in unknown if (other := function_word(word))}
    for word in [word for word in unknown if _may_be_of_corpus(word, corrections)][:_MOST_CORRECTIONS]:
        if correction := await _correction(connection, word):
            corrections[word] = correction
    return Wording(corrections, known.explained)


def _spelled(spellings: Mapping[str, frozenset[str]], known: Collection[str]) -> dict[str, str]:
    """Returns the spelling of the corpus for each word that no passage has, in British or American English."""
    return {
        word: min(others)
        for word, possible in spellings.items()
        if word not in known and (others := possible.intersection(known))
    }


async def _correction(connection: Connection, word: str) -> str | None:
    looks_right = is_right(word, is_whole_token)
    if looks_right and not may_lack_letter(word, is_whole_token):
        return None
    similar = [each.word for each in await word_queries.list_similar(connection, word=word)]
    return with_lacking_letter(word, similar, is_whole_token) if looks_right else best_correction(word, similar)


def _in_sentence(words: Sequence[str]) -> Iterator[str]:
    """Yields the words. The capital at the beginning of a sentence is no sign of a name in a short word."""
    for place, word in enumerate(words):
        yield word.lower() if place == 0 and len(word) < _LEAST_LETTERS_OF_NAME and word.istitle() else word


def _may_be_of_corpus(word: str, corrections: Mapping[str, str]) -> bool:
    return word not in corrections and len(word) >= _LEAST_LETTERS_OF_SUBJECT


def _may_be_misspelt(word: str) -> bool:
    least = LEAST_LETTERS if word.islower() else _LEAST_LETTERS_OF_NAME
    return least <= len(word) <= _MOST_LETTERS and not word.isupper()


def _asks_for_meaning(text: str) -> bool:
    """Returns True for a question that names one thing and asks for nothing but its meaning: "What does CFA mean?"."""
    return len([stem for stem in stems(text) if stem not in _ASKING_FOR_MEANING]) == 1


def _acronyms(text: str) -> frozenset[str]:
    words = (_PLURAL.sub("", match[0]) for match in _WORD.finditer(text))
    return frozenset(word for word in words if word.isupper() and len(word) >= _LEAST_LETTERS_OF_ACRONYM)


def _acronyms_in_small_letters(words: Sequence[str], explained: Sequence[ExplainedAcronym]) -> dict[str, str]:
    """Returns the capitals of "rti" and "plcs". A common word such as "fair" is no acronym."""
    known = {each.acronym for each in explained}
    return {
        word: acronym + word[len(acronym) :]
        for word in words
        for acronym in _possible_acronyms(word)
        if acronym in known and not is_right(word, is_whole_token)
    }


def _possible_acronyms(word: str) -> tuple[str, ...]:
    """Returns the acronyms that a short word in small letters may be. An s at its end may be that of the plural."""
    if not word.islower() or len(word) > _MOST_LETTERS_OF_ACRONYM:
        return ()
    return (word.removesuffix("s").upper(), word.upper())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(_runs(stems(text)[:_MOST_WORDS]))


def _runs(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 2, min(start + _LONGEST_PHRASE, len(words)) + 1):
            yield " ".join(words[start:end])
