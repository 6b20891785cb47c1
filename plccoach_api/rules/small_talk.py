"""Recognises small talk, such as a greeting or thanks, and has one friendly line for each kind.

A text is small talk only if all of its words are: "Thanks! How do we set norms?" is a question.
"""

import re
import unicodedata
from collections.abc import Mapping

_ENGLISH = "Ask me anything about the work of your team: assessment, collaboration, curriculum, data or support."
_SPANISH = "Pregúnteme lo que quiera sobre el trabajo de su equipo: evaluación, colaboración, currículo, datos o apoyo."

_HELLO = f"Hello! {_ENGLISH}"
_THANKS = f"You're welcome! {_ENGLISH}"
_GOODBYE = f"Goodbye, and good luck with your team! {_ENGLISH}"
_COACH = f"I am a coach for educators. I answer from the books that were given to me, and I cite them. {_ENGLISH}"
_HOLA = f"¡Hola! {_SPANISH}"
_DE_NADA = f"¡De nada! {_SPANISH}"

# A text with one of these words is small talk if all of its other words are in _OTHER_WORDS.
_KEY_WORDS: Mapping[str, str] = {
    word: line
    for line, words in {
        _HELLO: "hi hello hey hiya greetings howdy morning afternoon evening",
        _THANKS: "thanks thank thx ty cheers helps helped helpful great perfect awesome cool wonderful nice ok okay",
        _GOODBYE: "bye goodbye goodnight farewell",
        _HOLA: "hola buenos buenas",
        _DE_NADA: "gracias",
    }.items()
    for word in words.split()
}
_OTHER_WORDS_TEXT = """
    there coach everyone all again good day night weekend to you a an the so very much lot lots bunch many for your help
    that this it was is its youre really and answer answers one job work well have see later soon how are doing going
    today meet im i got dias tardes noches muchas mil vale que tal por todo mucho gusto
"""
_OTHER_WORDS = frozenset(_OTHER_WORDS_TEXT.split())
_WHOLE_TEXTS: Mapping[str, str] = {
    text: line
    for line, texts in {
        _HELLO: ("how are you", "how are you doing", "how are you today", "whats up", "hows it going"),
        _THANKS: ("got it", "i see", "sounds good", "well done", "good job", "good answer"),
        _GOODBYE: ("good night", "see you", "see you later", "see you soon", "see ya", "take care", "have a good day"),
        _COACH: (
            *("who are you", "what are you", "what can you do", "what do you do", "how do you work", "are you a robot"),
            *("are you human", "are you a human", "are you an ai", "are you a person", "are you real"),
            *("whats your name", "what is your name", "what can i ask you"),
        ),
        _HOLA: ("que tal", "como estas"),
    }.items()
    for text in texts
}
_MAX_CHARACTERS = 80
_NO_LETTERS = re.compile(r"[^a-z ]+")


def small_talk(text: str) -> str | None:
    """Returns the line that answers a text of small talk, or None for any other text."""
    if len(text) > _MAX_CHARACTERS:
        return None
    normalized = _normalized(text)
    if line := _WHOLE_TEXTS.get(normalized):
        return line
    words = normalized.split()
    key_words = [word for word in words if word in _KEY_WORDS]
    if not key_words or not _OTHER_WORDS.issuperset({*words} - {*key_words}):
        return None
    # Praise may follow a greeting or a goodbye, but it decides only if there is nothing else.
    lines = [_KEY_WORDS[word] for word in key_words]
    return next((line for line in lines if line is not _THANKS), lines[0])


def _normalized(text: str) -> str:
    """Returns the text in small letters, without accents, apostrophes and other marks."""
    letters = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(each for each in letters if not unicodedata.combining(each) and each not in "'’")  # noqa: RUF001
    return " ".join(_NO_LETTERS.sub(" ", plain).split())
