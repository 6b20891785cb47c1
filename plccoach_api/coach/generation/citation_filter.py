"""The gate between a model and a reader: nothing before a citation, and no citation that is not true.

A model refers to its passages as `[n]`. Numbers that no passage has are taken out, with everything
still to come: a bracket is held back until it is known to be good. How the words were cut into
deltas makes no difference to what is released.
"""

import re
from collections.abc import Sequence

from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.coach.generation.citations import best_quote, cite, last_sentence
from plccoach_api.coach.generation.control_characters import ControlCharacterFilter
from plccoach_api.coach.llm.prompt_leak import PromptLeakGuard
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation

# What a reference may hold: [1], [1, 2], [1-3]. `\d` takes the digits of every script.
_INSIDE = re.compile(r"[\d ,;–-]{0,40}")  # noqa: RUF001 - a range may be written with a dash
_NUMBERS = re.compile(r"(\d+)(?: *[–-] *(\d+))?")  # noqa: RUF001
# A claim is looked for in so much of what stands before its number.
_CLAIM_CHARACTERS = 800


class CitationFilter:
    """Takes a model's deltas, and gives what may be released of them: a Cited before the Delta that refers to it."""

    def __init__(
        self, passages: Sequence[Passage], question: str, leak_ngrams: frozenset[tuple[str, ...]] = frozenset()
    ) -> None:
        self._passages = passages
        self._question = question
        self._cleaner, self._guard = ControlCharacterFilter(), PromptLeakGuard(leak_ngrams)
        self._citations: dict[int, Citation | None] = {}
        self._new: list[Citation] = []
        # What may become a reference; what was read but is not released; the end of all that was said.
        self._unread, self._unsent, self._result = "", "", ""
        self._sent = False
        self.has_output = False
        """Whether anything was released: not before the first valid citation."""

    @property
    def leaked_prompt(self) -> bool:
        """Whether the model began to recite its instructions; nothing is released after that."""
        return self._guard.leaked

    def feed(self, text: str) -> list[Cited | Delta]:
        self._read(self._guard.feed(self._cleaner.feed(text)))
        return self._release()

    def finish(self) -> list[Cited | Delta]:
        """The rest; a bracket that was not closed and white space at the end are left out."""
        self._read(self._guard.feed(self._cleaner.finish()) + self._guard.finish())
        return self._release()

    def _read(self, text: str) -> None:
        """Goes through what is there, up to a bracket that may still become a reference."""
        unread, position = self._unread + text, 0
        while (start := unread.find("[", position)) >= 0:
            self._say(unread[position:start])
            end = _inside(unread, start + 1)
            if end == len(unread):
                self._unread = unread[start:]
                return
            if unread[end] == "]":
                self._refer(unread[start + 1 : end])
                position = end + 1
            else:
                # No reference, so it is text. It loses its bracket where what comes may make it one: digits
                # without an end, or a bracket that vanishes, as in [2[9]3].
                self._say(unread[start + (unread[end] == "[" or _inside(unread, end) > end) : end])
                position = end
        self._say(unread[position:])
        self._unread = ""

    def _say(self, text: str) -> None:
        self._unsent += text
        self._result = (self._result + text)[-_CLAIM_CHARACTERS:]

    def _refer(self, inside: str) -> None:
        """Writes references to passages that are there as [1] [2]; others vanish with the space before them."""
        if not any(map(str.isdecimal, inside)):
            self._say(f"[{inside}]")
            return
        cited = [index for index in _numbers(inside, len(self._passages)) if self._cite(index)]
        if cited:
            self._unsent += " ".join(f"[{index}]" for index in cited)
            self.has_output = True
        else:
            self._unsent = self._unsent.removesuffix(" ")

    def _cite(self, index: int) -> Citation | None:
        """The citation of a passage, whose quote is nearest to the first claim that it was cited for."""
        if index not in self._citations:
            passage = self._passages[index - 1]
            span = best_quote(passage.content, last_sentence(self._result), self._question)
            citation = cite(passage, span, index) if span else None
            self._citations[index] = citation
            self._new += [citation] if citation else []
        return self._citations[index]

    def _release(self) -> list[Cited | Delta]:
        """White space is kept until something follows it."""
        if not self.has_output:
            return []
        text = self._unsent.rstrip()
        self._unsent = self._unsent[len(text) :]
        if not self._sent:
            text = text.lstrip()
        self._sent = self._sent or bool(text)
        pieces: list[Cited | Delta] = [Cited(citation) for citation in self._new]
        self._new.clear()
        return [*pieces, Delta(text)] if text else pieces


def _inside(text: str, start: int) -> int:
    """Where what may stand inside a reference ends."""
    match = _INSIDE.match(text, start)
    return match.end() if match else start


def _numbers(inside: str, last: int) -> list[int]:
    """The passages that a reference names, each once, in its order. A range counts when both its ends are there."""
    named: list[int] = []
    for first, final in _NUMBERS.findall(inside):
        ends = [int(number) for number in (first, final) if number]
        known = [number for number in ends if 1 <= number <= last]
        named += range(ends[0], ends[-1] + 1) if len(known) == len(ends) and ends[0] <= ends[-1] else known
    return list(dict.fromkeys(named))
