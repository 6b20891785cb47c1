"""What describes the domains to who compares vectors: their vocabulary, and what the sample handbook says of them.

People ask in other words than the vocabulary's. The handbook's chapter on a domain has many of those.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from plccoach_api import resources
from plccoach_api.corpus import read_markdown
from plccoach_api.rules.domains import DESCRIPTIONS, Domain
from plccoach_api.rules.routing import content_words
from plccoach_api.rules.sentences import sentences
from plccoach_api.rules.vocabulary import VOCABULARY

_HANDBOOK = resources.SAMPLE_CORPUS / "plc-handbook.md"
_LEAST_WORDS = 5


@cache
def domain_phrases() -> Mapping[Domain, tuple[str, ...]]:
    """Of each domain its phrases, and of sentences the words that tell what they are about."""
    chapters = read_markdown.parse(_HANDBOOK.read_text("utf-8")).chapters
    found = {}
    for domain, phrases in VOCABULARY.items():
        label = DESCRIPTIONS[domain].label.lower()
        [own] = [chapter for chapter in chapters if chapter.title.lower().startswith(label)]
        found[domain] = (*phrases, *_telling("\n".join(paragraph.text for paragraph in own.paragraphs)))
    return found


def _telling(text: str) -> Iterator[str]:
    for span in sentences(text):
        sentence = span.of(text)
        if len(sentence.split()) >= _LEAST_WORDS and (words := content_words(sentence)):
            yield words
