"""The answerer that needs no model: it answers with sentences of the passages themselves."""

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
from plccoach_api.rules.messages import MessageKind

_TAKEAWAYS = "\n\nKey takeaways:\n\n"


class Extractive:
    """Answers with sentences of the passages themselves."""

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
    """The extractive answer to the question that the passages were found for, at once."""
    partial = PartialAnswer()
    for piece in _pieces(passages):
        partial.add(piece)
    if not partial.citations:
        return Answer(MessageKind.refusal, REFUSAL)
    return Answer(MessageKind.answer, partial.content, partial.citations)


def _pieces(passages: Sequence[Passage]) -> Iterator[Delta | Cited]:
    """Each sentence with a number of its own; each passage a paragraph; what to take away as a list."""
    body, takeaways = select_sentences(passages)
    before: SelectedSentence | None = None
    for index, chosen in enumerate([*body, *takeaways], start=1):
        yield Cited(cite(passages[chosen.passage], chosen.sentence.span, index))
        if index > len(body):
            gap = f"{_TAKEAWAYS}- " if index == len(body) + 1 else "\n- "
        elif before:
            gap = " " if before.passage == chosen.passage else "\n\n"
        else:
            gap = ""
        yield Delta(f"{gap}{chosen.sentence.text} [{index}]")
        before = chosen
