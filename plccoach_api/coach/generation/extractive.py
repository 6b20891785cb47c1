"""The answerer that needs no model: it answers with sentences of the passages, under the headings of their sections."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, Container, Iterator, Sequence

from plccoach_api.coach.answer import (
    Answer,
    AnswerRequest,
    Cited,
    Delta,
    PartialAnswer,
    Piece,
    refusal,
)
from plccoach_api.coach.generation.citations import cite
from plccoach_api.coach.generation.heading_questions import names_nothing
from plccoach_api.coach.generation.selection.asked_numbers import lacks_number
from plccoach_api.coach.generation.selection.outline import headings_in, title_above
from plccoach_api.coach.generation.selection.question_kinds import asks_for_reason
from plccoach_api.coach.generation.selection.sentence_selection import Excerpt, passages_to_read, select_sentences
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import shown
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.questions.follow_ups import wants_less, wants_more
from plccoach_api.rules.questions.orders import asks_to_make
from plccoach_api.rules.questions.replies import replies_to
from plccoach_api.rules.questions.routing import is_vague

# A word with the space around it. Each character of a text belongs to one match.
_WORD = re.compile(r"\s*\S+\s?|\s+")
_UNPACED_SECONDS = 10.0


class ExtractiveAnswerer:
    """`pace` is the pause before each word in seconds: a front end can be developed without a model that writes."""

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace

    async def answer(self, request: AnswerRequest) -> AsyncGenerator[Piece, None]:
        partial = PartialAnswer()
        question = request.search_text or request.text
        said = _said(request)
        passages: Sequence[Passage] = request.passages
        if not (request.is_part or said):
            passages = passages_to_read(question, passages)
        excerpts = select_sentences(question, passages, is_part=request.is_part, said=said)
        if request.history and wants_less(request.text):
            excerpts = excerpts[0][:1], []
        replies = replies_to(request.text)
        is_unsure = request.is_unsure or (not request.is_part and lacks_number(question, _texts(passages, excerpts)))
        opening = replies.unsure if is_unsure else replies.cannot_make if asks_to_make(request.text) else ""
        shared = _shared_headings(request.passages)
        opening = opening and f"{opening}\n\n"
        for piece in _pieces(passages, *excerpts, takeaways_title=replies.takeaways, opening=opening, shared=shared):
            for part in _words(piece) if self._pace else [piece]:
                partial.add(part)
                yield part
                # The rest of a long answer comes at once, so that the pauses never exceed ANSWER_TIMEOUT.
                if self._pace and time.monotonic() < request.deadline - _UNPACED_SECONDS:
                    await asyncio.sleep(self._pace)
        if partial.citations:
            yield Answer(MessageKind.answer, partial.content, partial.citations, request.domains, request.usage)
            return
        for each in refusal(request):
            yield each


def _texts(passages: Sequence[Passage], excerpts: tuple[list[Excerpt], list[Excerpt]]) -> list[str]:
    return [excerpt.span.of(passages[excerpt.passage].content) for each in excerpts for excerpt in each]


def _said(request: AnswerRequest) -> str:
    """Returns the answers that a wish for more, or a question for the reason alone, must not repeat."""
    asks_why = asks_for_reason(request.text) and is_vague(request.text)
    if not (wants_more(request.text) or asks_why):
        return ""
    return "\n".join(turn.content for turn in request.history if turn.role is MessageRole.assistant)


def _pieces(
    passages: Sequence[Passage],
    body: Sequence[Excerpt],
    takeaways: Sequence[Excerpt],
    *,
    takeaways_title: str,
    opening: str,
    shared: Container[str],
) -> Iterator[Delta | Cited]:
    """Cites each excerpt under its own number, below the heading of its section. The takeaways become a list."""
    heading = ""
    for index, excerpt in enumerate([*body, *takeaways], start=1):
        passage = passages[excerpt.passage]
        gap = "\n\n" if index > 1 else opening
        if index > len(body):
            gap = f"\n\n{takeaways_title}\n\n- " if index == len(body) + 1 else "\n- "
        elif (own := _heading(excerpt, passage, shared)) != heading:
            heading = own
            gap += f"**{heading}**\n\n" if heading else ""
        yield Cited(cite(passage, excerpt.span, index))
        yield Delta(f"{gap}{shown(excerpt.span.of(passage.content))} [{index}]")


def _words(piece: Delta | Cited) -> list[Delta | Cited]:
    return [Delta(word) for word in _WORD.findall(piece.text)] if isinstance(piece, Delta) else [piece]


def _shared_headings(passages: Sequence[Passage]) -> frozenset[str]:
    """Returns the headings that several chapters have: "Reading", "For mentors"."""
    titles = {(heading, passage.chapter_title) for passage in passages for _, heading in headings_in(passage.content)}
    chapters = Counter(heading for heading, _ in titles)
    return frozenset(heading for heading, count in chapters.items() if count > 1)


def _heading(excerpt: Excerpt, passage: Passage, shared: Container[str]) -> str:
    """Returns the section's heading, or the chapter's or the book's title if that heading says nothing."""
    own, title = excerpt.heading, title_above(passage)
    return title if title and (own in shared or names_nothing(own)) else own or title
