"""How much each word of a question says about a subject."""

import re
from collections.abc import Mapping

from plccoach_api.embedding.local import topicality
from plccoach_api.rules.stems import stems

_WORD = re.compile(r"\w{1,30}")


def topicality_of(text: str) -> Mapping[str, float]:
    """Returns the topicality of each stem of the text. The word vectors must have been loaded."""
    return {stem: topicality(word) for word in _WORD.findall(text.lower()) for stem in stems(word)}
