"""A filter that removes control characters from a model's text."""

import re

# Every control character except tab and line feed: CR, NUL, terminal escapes, C1.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIGH = re.compile("[\ud800-\udbff]\\Z")


class ControlCharacterFilter:
    """Also repairs surrogates: joins a pair that two deltas divide, and replaces a lone surrogate with U+FFFD."""

    def __init__(self) -> None:
        self._high = ""

    def feed(self, text: str) -> str:
        text = self._high + text
        self._high = ""
        if not _SURROGATE.search(text):
            return _CONTROL.sub("", text)
        if _HIGH.search(text):
            text, self._high = text[:-1], text[-1]
        return _CONTROL.sub("", _paired(text))

    def finish(self) -> str:
        return _paired(self._high)


def _paired(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
