"""The sentences of a passage with their stems. outline.py caches them: stemming is most of the cost of an answer."""

import re
from collections.abc import Iterator

import msgspec

from plccoach_api.rules.sentences import Span, sentences
from plccoach_api.rules.stems import stems

HEADING = re.compile(r"^#{1,6}[ \t]+(.*)$", re.MULTILINE)
# A shorter quote could come from any text.
LEAST_WORDS = 5


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A worker keeps thousands of them. So the text is not copied, and the stems are no set, which would be larger."""

    content: str
    """The text that the sentence is a part of."""
    span: Span
    words: int
    stems: tuple[str, ...]
    """Each stem once."""

    @property
    def text(self) -> str:
        return self.span.of(self.content)


def sentences_of(content: str) -> Iterator[Sentence]:
    for span in sentences(content):
        yield sentence_at(content, span)


def sentence_at(content: str, span: Span) -> Sentence:
    text = span.of(content)
    return Sentence(content, span, len(text.split()), tuple(dict.fromkeys(stems(text))))
