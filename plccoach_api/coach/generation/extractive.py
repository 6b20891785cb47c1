"""The answerer that needs no model: it answers with sentences of the passages."""

from collections.abc import AsyncGenerator, Iterator, Sequence

from plccoach_api.coach.answer import (
    REFUSAL,
    Answer,
    AnswerRequest,
    Cited,
    Delta,
    PartialAnswer,
    Piece,
    refusal,
)
from plccoach_api.coach.generation.citations import cite
from plccoach_api.coach.generation.sentence_selection import SelectedSentence, select_sentences
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import strip_references
from plccoach_api.rules.messages import MessageKind

_TAKEAWAYS = "\n\nKey takeaways:\n\n"


class ExtractiveAnswerer:
    async def answer(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]:
        partial = PartialAnswer()
        for piece in _pieces(request.passages):
            partial.add(piece)
            yield piece
        if partial.citations:
            yield Answer(MessageKind.answer, partial.content, partial.citations, request.domains, request.usage)
            return
        for each in refusal(request):
            yield each


def compose(passages: Sequence[Passage]) -> Answer:
    """Returns the extractive answer at once, without its pieces."""
    partial = PartialAnswer()
    for piece in _pieces(passages):
        partial.add(piece)
    if not partial.citations:
        return Answer(MessageKind.refusal, REFUSAL)
    return Answer(MessageKind.answer, partial.content, partial.citations)


def _pieces(passages: Sequence[Passage]) -> Iterator[Delta | Cited]:
    """Cites each sentence under its own number. Each passage becomes a paragraph, and the takeaways become a list."""
    body, takeaways = select_sentences(passages)
    previous: SelectedSentence | None = None
    for index, selected in enumerate([*body, *takeaways], start=1):
        yield Cited(cite(passages[selected.passage], selected.sentence.span, index))
        if index > len(body):
            gap = f"{_TAKEAWAYS}- " if index == len(body) + 1 else "\n- "
        elif previous:
            gap = " " if previous.passage == selected.passage else "\n\n"
        else:
            gap = ""
        yield Delta(f"{gap}{strip_references(selected.sentence.text)} [{index}]")
        previous = selected
