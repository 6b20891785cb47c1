"""Removes what a model puts around a reference: `**[1]**`, `(see [1])`, `^[1]`, `{[1]}`, `<sup>[1]</sup>`."""

import re

_OPENING = (
    r"[*_]{1,3}|\^|[{<\u207d]|<(?:sup|small|span|b|i|em)>|[(\uff08](?:(?:see also|see|cf\.?|per|from|source:?)\s)?"
)
_CLOSING = r"[*_]{1,3}|\^|[)}>\u207e\uff09]|</(?:sup|small|span|b|i|em)>"
_MARK = "\x01\\d{1,10}\x02"
_MARKS = f"{_MARK}(?:(?:,|;| and)?[ ]?{_MARK}){{0,8}}"
_WRAPPED = re.compile(f"(?:{_OPENING})(?P<marks>{_MARKS})(?P<closing>{_CLOSING})|\\^(?P<raised>{_MARK})", re.IGNORECASE)
_LONGEST = 160
_BEGINNING = re.compile(
    r"(?:[*_]{1,3}|\^|[{\u207d]|<[a-z]{0,5}>?|[(\uff08][a-z: .]{0,9})"
    f"(?:{_MARK}(?:,|;| and)?[ ]?){{0,8}}"
    "(?:\x01\\d{0,10}|[ ]a?n?|[*_]{1,3}|[)}>^\u207e\uff09]|</?[a-z]{0,5}>?)?\\Z",
    re.IGNORECASE,
)
_FIRST = re.compile(r"[*_^{<\u207d(\uff08]")


class WrappedMarks:
    """Takes a marked text in pieces and returns it with its references unwrapped."""

    def __init__(self) -> None:
        self._unread = ""

    def feed(self, text: str) -> str:
        self._unread += text
        return self._read(last=False)

    def finish(self) -> str:
        return self._read(last=True)

    def _read(self, *, last: bool) -> str:
        pieces, position = [], 0
        for match in _WRAPPED.finditer(self._unread):
            # The closing marks may not be complete.
            if match.end() == len(self._unread) and not last:
                break
            pieces += [self._unread[position : match.start()], match["marks"] or match["raised"]]
            position = match.end()
        self._unread = self._unread[position:]
        end = len(self._unread) if last else self._beginning()
        pieces.append(self._unread[:end])
        self._unread = self._unread[end:]
        return "".join(pieces)

    def _beginning(self) -> int:
        """Returns the start of what may still become a wrapped reference."""
        start = max(0, len(self._unread) - _LONGEST)
        for first in _FIRST.finditer(self._unread, start):
            if _BEGINNING.match(self._unread, first.start()):
                return first.start()
        return len(self._unread)
