"""Answers what is in a book: its chapters, each with its first sentence that says what it is about, as the citation.

A book of many chapters has sentences for the first of them only, so that the answer stays under 500 words.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from plccoach_api.coach.answer import Answer, Cited, Delta, PartialAnswer, Piece
from plccoach_api.coach.generation.citations import cite
from plccoach_api.coach.generation.selection.outline import outline_of
from plccoach_api.coach.generation.sentences import Sentence
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import shown
from plccoach_api.rules.domains import first_domains
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.questions.replies import Replies

_MOST_WORDS = 450
_MOST_SENTENCES = 5


def contents(
    openings: Sequence[Passage], chapters: int, replies: Replies, *, are_about: bool = False
) -> Iterator[Piece]:
    """Takes the first passages of the first chapters of one book, and the number of all its chapters.

    With `are_about` the chapters are those that are about what the question names.
    """
    partial = PartialAnswer()
    introduction = replies.chapters if chapters <= len(openings) else replies.first_chapters
    for piece in _pieces(openings, chapters, replies.chapters_about if are_about else introduction):
        partial.add(piece)
        yield piece
    domains = first_domains(passage.primary_domain for passage in openings)
    kind = MessageKind.answer if partial.citations else MessageKind.clarification
    yield Answer(kind, partial.content, partial.citations, domains)


def _pieces(openings: Sequence[Passage], chapters: int, introduction: str) -> Iterator[Delta | Cited]:
    title, count = openings[0].book_title, len(openings)
    yield Delta(introduction.format(title=title, shown=count, count=chapters) + "\n")
    titles = [_title(passage) for passage in openings]
    words_left = _MOST_WORDS - sum(len(title.split()) for title in titles)
    sentences = [_opening_sentences(passage.content) for passage in openings]
    uses = Counter(text for each in sentences for text in {sentence.text for sentence in each})
    index = 0
    for passage, title, own in zip(openings, titles, sentences, strict=True):
        # A sentence that opens several chapters says nothing about one of them.
        sentence = next((each for each in own if uses[each.text] == 1), None)
        words_left -= sentence.words if sentence else 0
        if sentence is None or words_left < 0:
            yield Delta(title)
            continue
        index += 1
        yield Cited(cite(passage, sentence.span, index))
        yield Delta(f"{title}: {shown(' '.join(sentence.text.split()))} [{index}]")


def _title(passage: Passage) -> str:
    number = f"{passage.chapter}. " if passage.chapter is not None else ""
    return f"\n- **{number}{passage.chapter_title}**"


def _opening_sentences(text: str) -> list[Sentence]:
    """Returns the first whole sentences, which are no list and no question."""
    readable = (placed.sentence for placed in outline_of(text) if placed.is_readable and not placed.is_item)
    return [*islice((each for each in readable if "\n" not in each.text), _MOST_SENTENCES)]
