"""The filter between a model and a reader: it releases no text before the first citation, and no invalid citation.

A model refers to its passages as `[n]`. The filter removes the numbers of passages that do not exist. It withholds
an open bracket until the text shows whether it is a reference. The released text does not depend on how the model's
text was divided into deltas.
"""

import re
from collections.abc import Sequence

from plccoach_api.coach.answer import Cited, Delta
from plccoach_api.coach.generation.citations import best_quote, cite, last_sentence
from plccoach_api.coach.generation.control_characters import ControlCharacterFilter
from plccoach_api.coach.llm.prompt_leak import PromptLeakGuard
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation

# The inside of a reference: [1], [1, 2], [1-3]. `\d` matches the digits of every script.
_INSIDE = re.compile(r"[\d ,;–-]{0,40}")  # noqa: RUF001 - a range may be written with a dash
_NUMBERS = re.compile(r"(\d+)(?: *[–-] *(\d+))?")  # noqa: RUF001
# The claim of a reference is searched for in this many characters before it.
_CLAIM_CHARACTERS = 800


class CitationFilter:
    """Takes a model's deltas and returns the pieces to release: a Cited comes before the Delta that refers to it."""

    def __init__(
        self, passages: Sequence[Passage], question: str, leak_ngrams: frozenset[tuple[str, ...]] = frozenset()
    ) -> None:
        self._passages = passages
        self._question = question
        self._control_filter, self._leak_guard = ControlCharacterFilter(), PromptLeakGuard(leak_ngrams)
        self._citations: dict[int, Citation | None] = {}
        self._unreleased_citations: list[Citation] = []
        # An open bracket that may become a reference.
        self._unread = ""
        self._unreleased = ""
        # The end of the text so far, without its references: the claim that the next reference supports.
        self._claim = ""
        self._text_released = False
        self.has_output = False
        """True from the first valid citation on. Nothing is released before it."""

    @property
    def leaked_prompt(self) -> bool:
        """True when the model began to repeat its instructions. Nothing is released after that."""
        return self._leak_guard.leaked

    def feed(self, text: str) -> list[Cited | Delta]:
        self._read(self._leak_guard.feed(self._control_filter.feed(text)))
        return self._release()

    def finish(self) -> list[Cited | Delta]:
        """Releases the rest, without an unclosed bracket and without white space at the end."""
        self._read(self._leak_guard.feed(self._control_filter.finish()) + self._leak_guard.finish())
        return self._release()

    def _read(self, text: str) -> None:
        """Reads up to the end of the text, or to a bracket that may still become a reference."""
        unread, position = self._unread + text, 0
        while (start := unread.find("[", position)) >= 0:
            self._append(unread[position:start])
            end = _inside_end(unread, start + 1)
            if end == len(unread):
                self._unread = unread[start:]
                return
            if unread[end] == "]":
                self._append_reference(unread[start + 1 : end])
                position = end + 1
            else:
                # The bracket begins no reference. It is dropped if later text could still complete a reference: after
                # more than 40 digits, or around a removed reference, as in [2[9]3].
                self._append(unread[start + (unread[end] == "[" or _inside_end(unread, end) > end) : end])
                position = end
        self._append(unread[position:])
        self._unread = ""

    def _append(self, text: str) -> None:
        self._unreleased += text
        self._claim = (self._claim + text)[-_CLAIM_CHARACTERS:]

    def _append_reference(self, inside: str) -> None:
        """Writes references to existing passages as [1] [2]. Drops others, with the space before them."""
        if not any(map(str.isdecimal, inside)):
            self._append(f"[{inside}]")
            return
        cited = [index for index in _cited_numbers(inside, len(self._passages)) if self._cite(index)]
        if cited:
            self._unreleased += " ".join(f"[{index}]" for index in cited)
            self.has_output = True
        else:
            self._unreleased = self._unreleased.removesuffix(" ")

    def _cite(self, index: int) -> Citation | None:
        """Returns the passage's citation, or None without a quote. The quote fits the first claim that cites it."""
        if index not in self._citations:
            passage = self._passages[index - 1]
            span = best_quote(passage.content, last_sentence(self._claim), self._question)
            citation = cite(passage, span, index) if span else None
            self._citations[index] = citation
            self._unreleased_citations += [citation] if citation else []
        return self._citations[index]

    def _release(self) -> list[Cited | Delta]:
        """Withholds white space until other text follows it."""
        if not self.has_output:
            return []
        text = self._unreleased.rstrip()
        self._unreleased = self._unreleased[len(text) :]
        if not self._text_released:
            text = text.lstrip()
        self._text_released = self._text_released or bool(text)
        pieces: list[Cited | Delta] = [Cited(citation) for citation in self._unreleased_citations]
        self._unreleased_citations.clear()
        return [*pieces, Delta(text)] if text else pieces


def _inside_end(text: str, start: int) -> int:
    """Returns the end of the characters that the inside of a reference allows."""
    match = _INSIDE.match(text, start)
    return match.end() if match else start


def _cited_numbers(inside: str, last: int) -> list[int]:
    """Returns the existing passages of a reference, each once, in its order. Both ends of a range must exist."""
    cited: list[int] = []
    for first, final in _NUMBERS.findall(inside):
        ends = [int(number) for number in (first, final) if number]
        existing = [number for number in ends if 1 <= number <= last]
        cited += range(ends[0], ends[-1] + 1) if len(existing) == len(ends) and ends[0] <= ends[-1] else existing
    return list(dict.fromkeys(cited))
