"""The reply to a question that the books only come near to: it says so, and quotes the nearest passages."""

from collections.abc import Iterator

from plccoach_api.coach.answer import Answer, AnswerRequest, Cited, Delta, PartialAnswer, Piece
from plccoach_api.coach.generation.citations import best_quote, cite
from plccoach_api.coach.generation.selection.outline import outline_of
from plccoach_api.coach.generation.selection.sentence_ranking import rank_sentences
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import shown
from plccoach_api.rules.messages import MessageKind
from plccoach_api.rules.questions.replies import replies_to
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
        yield Delta(f"\n\n{shown(span.of(passage.content))} [{index}]")


def _quotes(request: AnswerRequest) -> list[tuple[Passage, Span]]:
    """Returns the nearest whole sentences of the first passages that have one, or any part of them if none has."""
    question, passages = request.search_text or request.text, request.passages[:_MOST_PASSAGES]
    ranked = rank_sentences(question, passages)
    nearest = [(passage, best_quote(passage.content, question)) for passage in passages]
    quotes: dict[str, tuple[Passage, Span]] = {}
    for place, (passage, span) in enumerate(nearest):
        whole = [each.placed.sentence.span for each in ranked if each.passage == place]
        if span and _is_whole(passage, span):
            whole.insert(0, span)
        # Neighbouring passages share sentences.
        if new := next((each for each in whole if each.of(passage.content) not in quotes), None):
            quotes[new.of(passage.content)] = (passage, new)
    return [*quotes.values(), *((passage, span) for passage, span in nearest if span and not quotes)][:_MAX_QUOTES]


def _is_whole(passage: Passage, span: Span) -> bool:
    return all(
        placed.is_readable
        for placed in outline_of(passage.content)
        if placed.sentence.span.start < span.end and span.start < placed.sentence.span.end
    )
