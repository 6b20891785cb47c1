"""Keeps a model from reciting its instructions.

What it says is compared with them word by word. A few words in a row are anybody's; a longer run is
held back until it ends, and at eight words it is a recital.
"""

import re

_HELD = 4
_LEAKED = 8
_word = re.compile(r"[^\W\d_]+")
_word_or_gap = re.compile(r"[^\W\d_]+|[\W\d_]+")


class PromptLeakGuard:
    """Numbers, marks and case don't count, so that a recital with citations in it is one as well.

    Other words, other languages and other alphabets pass: the instructions hold no secret, and this
    keeps them from being shown as they are, no more.
    """

    def __init__(self, leak_ngrams: frozenset[tuple[str, ...]]) -> None:
        self._ngrams = leak_ngrams
        self._run: tuple[str, ...] = ()
        self._word = ""
        self._held = ""
        self.leaked = False

    def feed(self, text: str) -> str:
        """What may be said now. It goes by words and not by deltas, so that these make no difference."""
        released: list[str] = []
        for token in _word_or_gap.findall(text):
            if _word.match(token):
                self._word += token
            elif self._word:
                released.append(self._end_word())
            if self.leaked:
                break
            if len(self._run) < _HELD:
                released.append(token)
            else:
                self._held += token
        return "".join(released)

    def finish(self) -> str:
        released = self._end_word() if self._word else ""
        held, self._held = self._held, ""
        return released + held

    def _end_word(self) -> str:
        """What was held, if this word ends the run or makes it a recital: then it is nothing."""
        run = (*self._run, self._word.lower())
        while run and run not in self._ngrams:
            run = run[1:]
        self._run, self._word = run, ""
        self.leaked = self.leaked or len(run) == _LEAKED
        if len(run) >= _HELD and not self.leaked:
            return ""
        held, self._held = self._held, ""
        return "" if self.leaked else held


def ngrams(instructions: str) -> frozenset[tuple[str, ...]]:
    """Every run of up to eight words of a text."""
    words = _word.findall(instructions.lower())
    return frozenset(
        tuple(words[start : start + size]) for size in range(1, _LEAKED + 1) for start in range(len(words) - size + 1)
    )
