"""The reply to a question that the books only come near to: it says so, and quotes the nearest passages."""

from collections.abc import Iterator

from plccoach_api.coach.answer import Answer, AnswerRequest, Cited, Delta, PartialAnswer, Piece
from plccoach_api.coach.generation.citations import best_quote, cite
from plccoach_api.rules.citations import strip_references
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.replies import replies_to

_MAX_QUOTES = 2


def near_answer(request: AnswerRequest) -> Iterator[Piece]:
    """Yields the pieces of the reply. It is a refusal with citations, and it needs no model."""
    partial = PartialAnswer()
    for piece in _pieces(request):
        partial.add(piece)
        yield piece
    yield Answer(MessageKind.refusal, partial.content, partial.citations, request.domains, request.usage)


def _pieces(request: AnswerRequest) -> Iterator[Delta | Cited]:
    yield Delta(replies_to(request.text).near)
    index = 0
    for passage in request.passages[:_MAX_QUOTES]:
        if span := best_quote(passage.content, request.search_text or request.text):
            index += 1
            yield Cited(cite(passage, span, index))
            yield Delta(f"\n\n{strip_references(span.of(passage.content))} [{index}]")
