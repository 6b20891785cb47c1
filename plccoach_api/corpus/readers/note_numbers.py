"""Recognises the numbers of notes in a text. They are no words."""

import re

NOTE_NUMBERS = "note numbers"
NOTE_NUMBER = re.compile(
    r"(?P<open>[\[(])?\s*(?:\d{1,4}|[*\u2020\u2021\u00a7\u00b6#]{1,4}|[a-z]|[ivxlc]{1,6})\s*(?P<close>[\])])?"
)
# A raised number after a word is a note's. One after `km` or `10` is an exponent.
_WORD_BEFORE = re.compile(r"(?:[a-z]{4}|[.,;:!?\u2019\u201d\"')\]])$")


def is_raised_note_number(text: str, before: str) -> bool:
    return bool(NOTE_NUMBER.fullmatch(text)) and not text.isalpha() and bool(_WORD_BEFORE.search(before))
