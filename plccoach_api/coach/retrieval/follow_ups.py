"""Finds passages for a follow-up, which can only be understood with the questions before it."""

from collections.abc import Sequence
from typing import Protocol

from plccoach_api.coach.answer import Turn
from plccoach_api.coach.retrieval.router import RoutedQuestion
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.follow_ups import belong_together, is_incomplete, may_follow_up
from plccoach_api.rules.messages import MessageRole
from plccoach_api.rules.small_talk import small_talk


class Find(Protocol):
    """Searches for passages, first of all in some domains."""

    async def __call__(self, question: str, *, domains: Sequence[Domain] = ()) -> list[Passage]: ...


_MOST_EARLIER = 3


def context_of(question: str, history: Sequence[Turn]) -> str:
    """Returns the question before a possible follow-up; more than one if that is a follow-up, too. Else nothing."""
    earlier: list[str] = []
    if may_follow_up(question):
        for turn in reversed(history):
            # A question that is asked again does not follow up itself, and none follows up small talk.
            if turn.role is MessageRole.user and turn.content != question and not small_talk(turn.content):
                earlier.insert(0, turn.content)
                if len(earlier) == _MOST_EARLIER or not is_incomplete(turn.content):
                    break
    return " ".join(earlier)


async def find_in_conversation(find: Find, question: str, routed: RoutedQuestion, context: str) -> list[Passage]:
    """Searches for the question alone and, if it may be a follow-up, for its context and the question together.

    A model's search query needs no context. The domains are those of the few words of a follow-up, so they say little
    about its context.
    """
    domains = routed.routing.domains
    if not context or routed.routing.search_query:
        return await find(routed.text, domains=domains)
    # The router has put the context before a vague question.
    both = routed.text if context in routed.text else f"{context} {routed.text}"
    alone, together = await find(routed.text, domains=domains), await find(both)
    return together if together and belong_together(question, alone, together) else alone
