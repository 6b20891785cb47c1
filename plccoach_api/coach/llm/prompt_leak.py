"""A guard against a model that repeats its instructions to the user.

It compares the model's text with the instructions word by word. Three equal words in a row are allowed. From the
fourth on the text is withheld until the run of equal words ends, and eight equal words are a leak.
"""

import re

_WITHHELD_WORDS = 4
_LEAKED_WORDS = 8
_word = re.compile(r"[^\W\d_]+")
_word_or_gap = re.compile(r"[^\W\d_]+|[\W\d_]+")


class PromptLeakGuard:
    """Numbers, punctuation and case are ignored, so that citations between the words do not hide a leak.

    A paraphrase or a translation passes. The instructions are no secret; the guard only prevents a verbatim copy.
    """

    def __init__(self, leak_ngrams: frozenset[tuple[str, ...]]) -> None:
        self._ngrams = leak_ngrams
        self._run: tuple[str, ...] = ()
        self._word = ""
        self._withheld = ""
        self.leaked = False

    def feed(self, text: str) -> str:
        """Returns the text that may be released. It compares whole words, which may come in several deltas."""
        released: list[str] = []
        for token in _word_or_gap.findall(text):
            if _word.match(token):
                self._word += token
            elif self._word:
                released.append(self._end_word())
            if self.leaked:
                break
            if len(self._run) < _WITHHELD_WORDS:
                released.append(token)
            else:
                self._withheld += token
        return "".join(released)

    def finish(self) -> str:
        released = self._end_word() if self._word else ""
        withheld, self._withheld = self._withheld, ""
        return released + withheld

    def _end_word(self) -> str:
        """Compares the complete word. Returns the withheld text when the word ends the run without a leak."""
        run = (*self._run, self._word.lower())
        while run and run not in self._ngrams:
            run = run[1:]
        self._run, self._word = run, ""
        self.leaked = self.leaked or len(run) == _LEAKED_WORDS
        if len(run) >= _WITHHELD_WORDS and not self.leaked:
            return ""
        withheld, self._withheld = self._withheld, ""
        return "" if self.leaked else withheld


def ngrams(instructions: str) -> frozenset[tuple[str, ...]]:
    """Returns all sequences of one to eight words of a text."""
    words = _word.findall(instructions.lower())
    return frozenset(
        tuple(words[start : start + size])
        for size in range(1, _LEAKED_WORDS + 1)
        for start in range(len(words) - size + 1)
    )
