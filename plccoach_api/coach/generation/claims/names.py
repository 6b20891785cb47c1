"""Finds the names of a claim that its passages do not have, in any of the forms that a name may take."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from plccoach_api.coach.generation.claims.statements import Statement
from plccoach_api.rules.stems import stems

_CAPITALIZED = r"(?<![\w'\u2019])[A-Z][\w'\u2019]++"
# "Professional Learning Communities", "House of Commons"
_SEVERAL_WORDS = re.compile(rf"{_CAPITALIZED}(?:[ -](?:(?:of|and|for|the|in|on) )?{_CAPITALIZED})+")
_CAPITALIZED_WORD = re.compile(_CAPITALIZED)
_ACRONYM = re.compile(r"\b[A-Z]{2,}(?=s?\b)")
# The name of a country and the word for its people differ in their endings: "Belgium" and "Belgian".
_ENDING_OF_PLACE = re.compile(r"(?:[ei]?an|ish|ese|ium|ia|ey|[aey])$")
_SHORTEST_PLACE = 3
_WORD = re.compile(r"[^\W\d_]+")


def lacks_name(claim: Statement, passages: Sequence[str], stems_of_passages: frozenset[str]) -> bool:
    """Returns True when the passages have a name neither as it is, nor as an acronym, nor for the people of a place."""
    missing = {name for name in claim.names if not stems(name) or stems(name)[0] not in stems_of_passages}
    if not missing:
        return False
    content = " ".join(passages)
    text = _plain(content)
    initials = "".join(word[0] for word in text.split())
    missing = {name for name in missing if _plain(name) not in text and name not in initials}
    if not missing:
        return False
    places = {_place(word) for word in _WORD.findall(text)}
    missing = {name for name in missing if len(_place(name)) < _SHORTEST_PLACE or _place(name) not in places}
    return not missing <= {*_abbreviated(claim.text, {*_ACRONYM.findall(content)})}


def _abbreviated(claim: str, acronyms: set[str]) -> Iterator[str]:
    """Yields the words of names of which one of the acronyms is short for: "professional", "learning" for PLC."""
    for name in _SEVERAL_WORDS.findall(claim):
        words = _CAPITALIZED_WORD.findall(name)
        initials = "".join(word[0] for word in words)
        for acronym in acronyms:
            start = initials.find(acronym)
            while start >= 0:
                yield from (word.lower() for word in words[start : start + len(acronym)])
                start = initials.find(acronym, start + 1)


def _place(word: str) -> str:
    return _ENDING_OF_PLACE.sub("", word)


def _plain(text: str) -> str:
    """Returns the text in small letters, without accents and full stops: "us" for "U.S."."""
    letters = unicodedata.normalize("NFKD", text.lower().replace(".", ""))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
