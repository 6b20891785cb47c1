"""The phrases that describe each domain, for a router that compares vectors.

They are the domain's vocabulary, and the content words of each sentence in its chapter of the sample handbook. People
use words that the vocabulary lacks, and the chapter has many of them.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from plccoach_api import resources
from plccoach_api.rules.domains import DESCRIPTIONS, Domain
from plccoach_api.rules.questions.routing import content_words
from plccoach_api.rules.questions.vocabulary import VOCABULARY
from plccoach_api.rules.sentences import sentences

_HANDBOOK = resources.SAMPLE_CORPUS / "plc-handbook.md"
_LEAST_WORDS = 5


@cache
def phrases_by_domain() -> Mapping[Domain, tuple[str, ...]]:
    from plccoach_api.corpus.readers.markdown import reader as markdown  # noqa: PLC0415 - loaded by the first question

    chapters = markdown.parse(_HANDBOOK.read_text("utf-8")).chapters
    phrases_of = {}
    for domain, phrases in VOCABULARY.items():
        label = DESCRIPTIONS[domain].label.lower()
        [chapter] = [chapter for chapter in chapters if chapter.title.lower().startswith(label)]
        text = "\n".join(paragraph.text for paragraph in chapter.paragraphs)
        phrases_of[domain] = (*phrases, *_content_words_of_sentences(text))
    return phrases_of


def _content_words_of_sentences(text: str) -> Iterator[str]:
    for span in sentences(text):
        sentence = span.of(text)
        if len(sentence.split()) >= _LEAST_WORDS and (words := content_words(sentence)):
            yield words
