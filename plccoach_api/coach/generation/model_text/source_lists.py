"""Recognises the lines of footnotes and of lists of sources, which are left out of an answer."""

import re

from plccoach_api.coach.generation.model_text.cited_numbers import RAISED_DIGITS, SUPERSCRIPTS

_DEFINITION = re.compile(
    r"[ \t>]{0,6}(?:[-*] )?(?:\[\^?[^\]\[\n]{1,20}\]:|\^\[?\d{1,2}\]?[: ]|\{\d{1,2}\}:"
    rf"|[{SUPERSCRIPTS}]{{1,2}} )"
)
_SOURCES = re.compile(
    r"[ \t#*_>-]{0,8}(?:sources?|references?|citations?|footnotes?|bibliography|works cited|fuentes?|referencias?"
    r"|bibliografía)(?: (?:used|cited|consultadas))?[*_]{0,3}(?::[*_]{0,3}[ \t]*(?=[\[【［(\n]|$)|[ \t]*(?=\n|$))",  # noqa: RUF001
    re.IGNORECASE,
)
_SOURCE = re.compile(r"[ \t>]*(?:[-*•\[【［({_}(]|\d|$|\n)".replace("{_}", RAISED_DIGITS))  # noqa: RUF001


class SourceLists:
    """Takes the beginning of each line, in order."""

    def __init__(self) -> None:
        self._in_list = False

    def has_line(self, text: str) -> bool:
        if _SOURCES.match(text):
            self._in_list = True
        elif self._in_list:
            self._in_list = _SOURCE.match(text) is not None
        return self._in_list or _DEFINITION.match(text) is not None
