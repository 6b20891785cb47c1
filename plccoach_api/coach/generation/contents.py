"""Answers what is in a book: its chapters, each with its first sentence as the citation."""

from collections.abc import Iterator, Sequence

from plccoach_api.coach.answer import Answer, Cited, Delta, PartialAnswer, Piece
from plccoach_api.coach.generation.citations import cite
from plccoach_api.coach.generation.sentences import LEAST_WORDS, Sentence, sentences_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import strip_references
from plccoach_api.rules.messages import MessageKind


def contents(openings: Sequence[Passage]) -> Iterator[Piece]:
    """Takes the first passage of each chapter of one book."""
    partial = PartialAnswer()
    for piece in _pieces(openings):
        partial.add(piece)
        yield piece
    domains = tuple(dict.fromkeys(passage.primary_domain for passage in openings))[:3]
    kind = MessageKind.answer if partial.citations else MessageKind.clarification
    yield Answer(kind, partial.content, partial.citations, domains)


def _pieces(openings: Sequence[Passage]) -> Iterator[Delta | Cited]:
    book = openings[0]
    yield Delta(f"These are the chapters of “{book.book_title}”:\n")
    index = 0
    for passage in openings:
        number = f"{passage.chapter}. " if passage.chapter is not None else ""
        title = f"\n- **{number}{passage.chapter_title}**"
        if (sentence := _first_sentence(passage.content)) is None:
            yield Delta(title)
            continue
        index += 1
        yield Cited(cite(passage, sentence.span, index))
        yield Delta(f"{title}: {strip_references(' '.join(sentence.text.split()))} [{index}]")


def _first_sentence(text: str) -> Sentence | None:
    """Returns the first whole sentence that is no question."""
    return next(
        (each for each in sentences_of(text) if each.words >= LEAST_WORDS and each.text.rstrip().endswith(".")), None
    )
