"""Measures the coach on the questions about a corpus, through the whole path of a question.

Each figure has the halves of its questions; see `cases`.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from plccoach_api.coach.engine import extractive_engine
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.embedding.local import LOCAL
from plccoach_api.rules.citations import Citation
from tests.tools.eval import goals
from tests.tools.eval.asking import Asker, Outcome, contains
from tests.tools.eval.cases import (
    HALVES,
    Case,
    Cases,
    Half,
    after_answered,
    after_unrelated,
    amid_names,
    in_story,
    misspelt,
)
from tests.tools.eval.goals import Figure, share
from tests.tools.eval.model_routing import engine_for
from tests.tools.eval.readability import first_sentence, flaw

# An answer about a part of a book may cite a little from elsewhere, and one about a whole book cites several chapters.
_LEAST_OF_PART = 0.8
_CHAPTERS = 3


async def measure(database: Database, cases: Cases, embedder: Embedder = LOCAL) -> list[Figure]:
    asker = Asker(database, extractive_engine(embedder))
    # The first question loads the tokenizer, which is not a question's own time.
    await asker.ask(cases.in_scope[0])
    in_scope = await _ask(asker, cases.in_scope)
    return [
        *_scope(in_scope, await _ask(asker, cases.off_topic), await _ask(asker, cases.near_miss)),
        _answered(goals.IN_SCOPE_ANSWERED_AMID, cases.in_scope, await _ask(asker, amid_names(cases.in_scope))),
        _answered(goals.IN_SCOPE_ANSWERED_IN_STORY, cases.in_scope, await _ask(asker, in_story(cases.in_scope))),
        _refused(goals.OFF_TOPIC_REFUSED_IN_STORY, cases.off_topic, await _ask(asker, in_story(cases.off_topic))),
        _refused_after_answered(await _ask(asker, after_answered(cases.off_topic, cases.in_scope))),
        share(goals.FOLLOW_UPS_FOUND, _found(await _ask(asker, cases.follow_up))),
        _lost_after_unrelated(in_scope, await _ask(asker, after_unrelated(cases.in_scope))),
        *_answers(in_scope),
        await _misspelt(asker, in_scope),
        share(goals.SPANISH_FOUND, _found(await _ask(asker, cases.spanish))),
        await _spanish_with_model(database, cases.spanish, embedder),
        share(goals.LOOK_UPS_RIGHT, [(each.case.half, _is_look_up(each)) for each in await _ask(asker, cases.look_up)]),
        _milliseconds(in_scope),
    ]


async def _ask(asker: Asker, cases: Iterable[Case]) -> list[Outcome]:
    return [await asker.ask(case) for case in cases]


def _found(outcomes: Sequence[Outcome]) -> list[tuple[Half, float]]:
    return [(each.case.half, each.found) for each in outcomes]


def _scope(in_scope: Sequence[Outcome], off_topic: Sequence[Outcome], near_miss: Sequence[Outcome]) -> list[Figure]:
    return [
        share(goals.IN_SCOPE_ANSWERED, [(each.case.half, each.answered) for each in in_scope]),
        share(goals.OFF_TOPIC_REFUSED, [(each.case.half, not each.answered) for each in off_topic]),
        share(goals.NEAR_MISSES_REFUSED, [(each.case.half, not each.answered) for each in near_miss]),
        share(goals.IN_SCOPE_FOUND, _found(in_scope)),
    ]


def _answered(name: str, cases: Sequence[Case], within: Sequence[Outcome]) -> Figure:
    """The questions were asked within a message. They stay in their halves."""
    return share(name, [(case.half, each.answered) for case, each in zip(cases, within, strict=True)])


def _refused(name: str, cases: Sequence[Case], within: Sequence[Outcome]) -> Figure:
    return share(name, [(case.half, not each.answered) for case, each in zip(cases, within, strict=True)])


def _refused_after_answered(outcomes: Sequence[Outcome]) -> Figure:
    return share(goals.OFF_TOPIC_REFUSED_AFTER, [(each.case.half, not each.answered) for each in outcomes])


async def _spanish_with_model(database: Database, cases: Sequence[Case], embedder: Embedder) -> Figure:
    translated = [case for case in cases if case.english]
    async with engine_for(translated, embedder) as engine:
        return share(goals.SPANISH_FOUND_WITH_MODEL, _found(await _ask(Asker(database, engine), translated)))


def _lost_after_unrelated(alone: Sequence[Outcome], after: Sequence[Outcome]) -> Figure:
    found_alone = {each.case.text: each.found for each in alone}
    return share(
        goals.LOST_AFTER_UNRELATED, [(each.case.half, found_alone[each.case.text] - each.found) for each in after]
    )


def _answers(in_scope: Sequence[Outcome]) -> list[Figure]:
    flaws = [(each.case.half, flaw(quote)) for each in in_scope for quote in each.quotes]
    kinds = Counter(found.value for _, found in flaws if found)
    return [
        share(goals.SENTENCE_SHOWN, [(each.case.half, _shown(each)) for each in in_scope]),
        share(goals.SENTENCE_FIRST, [(each.case.half, _first(each)) for each in in_scope]),
        share(
            goals.UNREADABLE,
            [(half, found is not None) for half, found in flaws],
            ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()),
        ),
    ]


def _shown(outcome: Outcome) -> bool:
    return outcome.answered and any(contains(quote, outcome.case.answers) for quote in outcome.quotes)


def _first(outcome: Outcome) -> bool:
    """Returns True when the answer's first sentence is the one that answers. A long sentence may be cut."""
    if not outcome.answered or not outcome.quotes:
        return False
    first = " ".join(first_sentence(outcome.quotes[0]).split())
    return any(contains(first, [answer]) or contains(answer, [first]) for answer in outcome.case.answers)


async def _misspelt(asker: Asker, in_scope: Sequence[Outcome]) -> Figure:
    """Compares misspelt questions with the right ones, and with a search for their words as they are."""
    ranks: dict[Half, list[tuple[float, float, float]]] = {half: [] for half in HALVES}
    for right in in_scope:
        if wrong := misspelt(right.case):
            corrected = (await asker.ask(wrong)).reciprocal_rank
            ranks[right.case.half].append((right.reciprocal_rank, corrected, await asker.search_as_it_is(wrong)))
    return Figure(
        goals.MISSPELT_REGAINED,
        {half: _regained(triples) for half, triples in ranks.items()},
        sum(len(triples) for triples in ranks.values()),
        "by the mean reciprocal rank",
    )


def _regained(triples: Sequence[tuple[float, float, float]]) -> float:
    right, corrected, as_it_is = (sum(values) for values in zip(*triples, strict=True))
    return (corrected - as_it_is) / (right - as_it_is) if right > as_it_is else 1.0


def _is_look_up(outcome: Outcome) -> bool:
    """Returns True for an answer that is made from the part of the book that the question names.

    An answer about a whole book must cite several of its chapters.
    """
    citations = outcome.answer.citations
    if not outcome.answered or not citations:
        return False
    of_part = [citation for citation in citations if _is_from(citation, outcome.case)]
    if (
        not outcome.case.chapter
        and not outcome.case.pages
        and len({each.chapter_title for each in of_part}) < _CHAPTERS
    ):
        return False
    return len(of_part) >= _LEAST_OF_PART * len(citations)


def _is_from(citation: Citation, case: Case) -> bool:
    if case.book not in {None, citation.book_title} or case.chapter not in {None, citation.chapter_title}:
        return False
    if case.pages is None:
        return True
    return citation.pages is not None and citation.pages[0] <= case.pages[1] and case.pages[0] <= citation.pages[1]


def _milliseconds(outcomes: Sequence[Outcome]) -> Figure:
    halves: dict[Half, float] = {
        half: 1000 * statistics.median(each.seconds for each in outcomes if each.case.half == half) for half in HALVES
    }
    return Figure(goals.MILLISECONDS, halves, len(outcomes), "wall clock; other work on the machine counts")
