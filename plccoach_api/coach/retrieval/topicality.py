"""How much each word of a question says about a subject."""

import re
from collections.abc import Mapping, Sequence

from plccoach_api.embedding.local import load_word_vectors, word_vector
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.stems import stems

_WORD = re.compile(r"\w{1,30}")


async def topicality_of(text: str, found: Sequence[Passage]) -> Mapping[str, float]:
    """Returns the topicality of the stems of a text for which these passages were found."""
    await load_word_vectors()
    searched = found[0].weights if found else {}
    return {
        stem: word_vector(word).topicality
        for word in _WORD.findall(text.lower())
        for stem in stems(word)
        if stem in searched
    }
