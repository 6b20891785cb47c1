"""Finds passages for a follow-up, which can only be understood with the questions before it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from msgspec import structs

from plccoach_api.coach.answer import Turn
from plccoach_api.coach.retrieval.passages import SearchOptions, fitting
from plccoach_api.coach.retrieval.question_text import as_in_books
from plccoach_api.coach.retrieval.router import RoutedQuestion
from plccoach_api.coach.retrieval.topicality import topicality_of
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageRole
from plccoach_api.rules.questions.follow_ups import (
    belong_together,
    is_about_the_answer,
    is_incomplete,
    may_follow_up,
)
from plccoach_api.rules.questions.frames import without_frame
from plccoach_api.rules.questions.small_talk import small_talk


class Find(Protocol):
    """Searches for passages, first of all in some domains."""

    async def __call__(
        self, question: str, *, domains: Sequence[Domain] = (), options: SearchOptions = ...
    ) -> list[Passage]: ...


# Chosen by measurement: see docs/decisions/questions.md.
_DEEP = SearchOptions(limit=40, token_limit=100_000)
_WEIGHT_ALONE = 0.4
# So many of the first passages of the joined search are kept.
_KEPT = 2
_OTHERS = SearchOptions().limit - _KEPT


def earlier_questions(question: str, history: Sequence[Turn]) -> Sequence[str]:
    """Returns the question before a possible follow-up. If it is incomplete, a complete question comes before it.

    Else it returns nothing. What was asked between these two would only hide them.
    """
    earlier: list[str] = []
    if may_follow_up(question):
        for before in _asked_before(question, history):
            earlier.append(before.text)
            if not is_incomplete(before.text):
                break
    return [*dict.fromkeys([*earlier[-1:], *earlier[:1]])]


def history_before(question: str, history: Sequence[Turn]) -> Sequence[Turn]:
    """Returns the conversation up to the question before this one, which is its last message."""
    before = next(_asked_before(question, history), None)
    return history[: before.place + 1] if before else ()


class _Asked(NamedTuple):
    place: int
    text: str


def _asked_before(question: str, history: Sequence[Turn]) -> Iterator[_Asked]:
    """Yields the questions of a conversation, the last one first. A wish for another answer is none."""
    for place in reversed(range(len(history))):
        if history[place].role is MessageRole.user:
            text = without_frame(as_in_books(history[place].content))
            # A question that is asked again does not follow up itself.
            if text != question and not small_talk(text) and not is_about_the_answer(text):
                yield _Asked(place, text)


async def find_in_conversation(
    find: Find, question: str, routed: RoutedQuestion, context: str, find_with_context: Find
) -> list[Passage]:
    """Searches for the question alone and, if it may be a follow-up, for its context and the question together.

    A model's search query needs no context. The domains are those of the few words of a follow-up, so they say little
    about its context.
    """
    domains = routed.routing.domains
    if not context or routed.routing.search_query:
        return await find(routed.text, domains=domains)
    # The router has put the context before a vague question.
    both = routed.text if context in routed.text else f"{context} {routed.text}"
    alone = await find(routed.text, domains=domains, options=_DEEP)
    together = await find_with_context(both, options=_DEEP)
    first_alone, first_together = fitting(alone), fitting(together)
    topicality = await topicality_of(both, first_together)
    if not first_together or not belong_together(question, first_alone, first_together, topicality):
        return first_alone
    books = {passage.book_title for passage in first_together}
    return fitting(_raised(together, [each for each in alone if each.book_title in books]))


def _raised(together: Sequence[Passage], alone: Sequence[Passage]) -> list[Passage]:
    """Raises the passages that the new question finds alone, in the books that the conversation is about.

    The earlier question is often longer, and would otherwise find its own passages again. Its first passages stay among
    those that an answer is made from.
    """
    scores = {each.chunk_id: each.score for each in alone}
    candidates = [*together, *_missing(together, fitting(alone))]
    raised = [
        structs.replace(each, score=each.score + _WEIGHT_ALONE * scores.get(each.chunk_id, 0.0)) for each in candidates
    ]
    raised.sort(key=lambda each: -each.score)
    kept = {each.chunk_id for each in together[:_KEPT]}
    return raised[:_OTHERS] + sorted(raised[_OTHERS:], key=lambda each: each.chunk_id not in kept)


def _missing(together: Sequence[Passage], alone: Sequence[Passage]) -> Iterator[Passage]:
    """Yields what only the new question finds, as if it came last in the joined search."""
    found = {each.chunk_id for each in together}
    for each in alone:
        if each.chunk_id not in found:
            yield structs.replace(each, score=together[-1].score, weights=together[-1].weights)
