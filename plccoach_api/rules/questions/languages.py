"""Recognises the language of a question by its frequent words, and leaves them out of a search."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache


class Language(StrEnum):
    english = "en"
    spanish = "es"
    french = "fr"
    german = "de"
    italian = "it"
    portuguese = "pt"


_WORD = re.compile(r"[^\W\d_]+")
_FREQUENT_WORDS: Mapping[Language, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        Language.english: "the a an and of to in is are do does how what why when which who should can we our i "
        "my you for with "
        "on at be it that this from about no not or have has will would could their there",
        Language.spanish: "el los las un una unos unas del y que en es por para con su sus como más pero qué "
        "cómo cuál cuáles "
        "cuándo dónde quién se la de lo al debe deben puedo podemos nuestro nuestros nuestra son está entre "
        "sobre si no hay",
        Language.french: "le la les un une des du de et que qui en est pour avec sur dans comment quel quelle "
        "quels pourquoi "
        "quand nous notre nos vous je ce cette sont ne pas au aux l d qu faire peut",
        Language.german: "der die das den dem ein eine einen und ist sind wie was warum wann welche wer wir "
        "unser unsere ich "
        "für mit auf zu von nicht im in kann man sich",
        Language.italian: "il lo la gli le un una e di che in è per con come quale quali perché quando noi "
        "nostro nostra sono "
        "della del dei delle nella si non cosa chi possiamo",
        Language.portuguese: "o os as um uma e de do da dos das que em é por para com como qual quais quando "
        "nós nosso nossa são "
        "não no na nos se ao pelo quem podemos fazer",
    }.items()
}
_SPANISH_MARKS = re.compile("[\u00bf\u00a1]")


@lru_cache(maxsize=64)
def language_of(text: str) -> Language:
    """Returns the language that has most of the text's words; English for a text with none of their frequent words.

    It is cached, because one question is asked for several times.
    """
    if _SPANISH_MARKS.search(text):
        return Language.spanish
    words = frozenset(_WORD.findall(text.lower()))
    # `max` returns the first of equals, and English is the first.
    return max(_FREQUENT_WORDS, key=lambda language: len(words & _FREQUENT_WORDS[language]))


def without_frequent_words(text: str) -> str:
    """Returns a text in another language than English without the frequent words of that language.

    The search leaves out those of English itself. "De" and "la" make a question similar to everything in a book in
    Spanish, whatever else it asks.
    """
    language = language_of(text)
    if language is Language.english:
        return text
    kept = _WORD.sub(lambda match: "" if match[0].lower() in _FREQUENT_WORDS[language] else match[0], text)
    return " ".join(kept.split()) if _WORD.search(kept) else text
