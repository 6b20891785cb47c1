"""How much each word of a question says about a subject."""

import re
from collections.abc import Mapping, Sequence

from plccoach_api.embedding.local import load_word_vectors, word_vector
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.stems import stems

_WORD = re.compile(r"\w{1,30}")
# Names have the longest vectors, because they have many tokens: "Kowalczyk". A question that mentions one is still
# about its other words.
_MOST = 18.0
# The number of a ticket, or a hash: it says nothing about a subject.
_IDENTIFIER = re.compile(r"(?=\w{6})(?:[^\W\d]*\d){3}\w*")


async def topicality_of(text: str, found: Sequence[Passage]) -> Mapping[str, float]:
    """Returns the topicality of the stems of a text for which these passages were found."""
    await load_word_vectors()
    searched = found[0].weights if found else {}
    return {
        stem: 0.0 if _IDENTIFIER.fullmatch(word) else min(word_vector(word).topicality, _MOST)
        for word in _WORD.findall(text.lower())
        for stem in stems(word)
        if stem in searched
    }
