"""Passages as the database returns them, and answers from them, for tests that need no database."""

import asyncio
from collections.abc import Sequence

from plccoach_api import ids
from plccoach_api.coach.answer import Answer, AnswerRequest, final_answer
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain

TRUST = (
    "Trust grows through small promises kept over time and can be lost in a single careless moment. "
    "Leaders build trust by telling the truth about results. Teams meet. "
    "A norm is a promise about conduct that every member of the team agreed to."
)
TIERS = (
    "### Tiers\n\nTier 2 is additional time for students who have not mastered a standard. "
    "Tier 3 is intensive help with skills that should have been mastered in earlier years.\n\n"
    "Each tier answers one need:\n\n- Tier 1 prevents difficulty.\n- Tier 2 intervenes early."
)
PROTOCOL = (
    "A data protocol leads a team from observation to action. It needs 40 minutes and a person who keeps the time."
)


def passage(
    content: str,
    *,
    first_page: int | None = 4,
    last_page: int | None = 5,
    page_offsets: tuple[int, ...] | None = None,
    page_numbers: tuple[int, ...] | None = None,
) -> Passage:
    return Passage(
        chunk_id=ids.new(),
        book_title="Learning Together",
        authors=("Mara Ellison",),
        product_url=None,
        chapter=1,
        chapter_title="What a PLC Is",
        first_page=first_page,
        last_page=last_page,
        page_offsets=page_offsets,
        page_numbers=page_numbers,
        primary_domain=Domain.collaboration,
        secondary_domains=(),
        tokens=len(content.split()),
        content=content,
        score=1.0,
        similarity=None,
        best_window=None,
        found_stems=(),
        weights={"trust": 1.0},
        corpus_passages=1,
    )


PASSAGES = tuple(map(passage, (TRUST, TIERS, PROTOCOL)))


def compose(question: str, passages: Sequence[Passage]) -> Answer:
    """Returns the answer that needs no model."""
    return asyncio.run(composed(question, passages))


async def composed(question: str, passages: Sequence[Passage]) -> Answer:
    """`compose` for callers that run in an event loop."""
    return await final_answer(ExtractiveAnswerer().answer(AnswerRequest(text=question, passages=tuple(passages))))
