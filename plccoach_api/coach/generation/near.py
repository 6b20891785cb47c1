"""The reply to a question that the books only come near to: it says so, and quotes the nearest passages."""

from collections.abc import Iterator

from plccoach_api.coach.answer import Answer, AnswerRequest, Cited, Delta, PartialAnswer, Piece
from plccoach_api.coach.generation.citations import best_quote, cite
from plccoach_api.coach.generation.sentence_ranking import rank_sentences
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import strip_references
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.replies import replies_to
from plccoach_api.rules.sentences import Span

_MAX_QUOTES = 2
_MOST_PASSAGES = 3


def near_answer(request: AnswerRequest) -> Iterator[Piece]:
    """Yields the pieces of the reply. It is a refusal with citations, and it needs no model."""
    partial = PartialAnswer()
    for piece in _pieces(request):
        partial.add(piece)
        yield piece
    yield Answer(MessageKind.refusal, partial.content, partial.citations, request.domains, request.usage)


def _pieces(request: AnswerRequest) -> Iterator[Delta | Cited]:
    yield Delta(replies_to(request.text).near)
    for index, (passage, span) in enumerate(_quotes(request), start=1):
        yield Cited(cite(passage, span, index))
        yield Delta(f"\n\n{strip_references(span.of(passage.content))} [{index}]")


def _quotes(request: AnswerRequest) -> list[tuple[Passage, Span]]:
    """Returns the nearest whole sentence of each of the first passages, or any part of them if they have none."""
    question, passages = request.search_text or request.text, request.passages[:_MOST_PASSAGES]
    best: dict[int, Span] = {}
    texts: set[str] = set()
    for passage, sentence in ((each.passage, each.placed.sentence) for each in rank_sentences(question, passages)):
        # Neighbouring passages share sentences.
        if passage not in best and sentence.text not in texts:
            best[passage] = sentence.span
            texts.add(sentence.text)
    whole = [(passages[place], best[place]) for place in sorted(best)]
    parts = ((passage, best_quote(passage.content, question)) for passage in passages)
    return (whole or [(passage, span) for passage, span in parts if span])[:_MAX_QUOTES]
