"""Measures the coach on the sample handbook: its retrieval, its refusals and the validity of its citations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plccoach_api import settings
from plccoach_api.coach.answer import Answer
from plccoach_api.coach.engine import extractive_engine
from plccoach_api.coach.judgement import judge
from plccoach_api.coach.retrieval.passage_finder import PassageFinder
from plccoach_api.coach.retrieval.passages import SearchOptions, search
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.embedding.local import LOCAL
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageKind
from tests.coach.passages import composed
from tests.tools.eval import questions
from tests.tools.eval.measures import mean, ndcg, recall
from tests.tools.eval.questions import Question

METHODS = {
    "vector": SearchOptions(lexical_weight=0.0, limit=10, token_limit=100_000),
    "lexical": SearchOptions(vector_weight=0.0, limit=10, token_limit=100_000),
    "fused": SearchOptions(limit=10, token_limit=100_000),
}


@dataclass(frozen=True, slots=True)
class Goal:
    name: str
    least: float


GOALS = (
    Goal("fused recall@7", 0.90),
    Goal("routing accuracy", 0.90),
    Goal("out of scope refused", 0.95),
    # Above 0.92 the coach would answer more of the questions that the handbook only comes near to.
    Goal("answered in scope", 0.92),
    Goal("citations valid", 1.0),
)


async def evaluate(url: str, embedder: Embedder) -> int:
    """Prints the figures. Returns 1 when one of them misses its goal."""
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        figures = await measure(database, questions.load(), embedder)
    finally:
        await database.close()
    for name, value in figures.items():
        goal = next((goal.least for goal in GOALS if goal.name == name), None)
        verdict = "" if goal is None else f"   goal {goal:.2f} {'reached' if value >= goal else 'MISSED'}"
        print(f"{name:38}{value:8.3f}{verdict}")
    return int(any(figures[goal.name] < goal.least for goal in GOALS))


async def measure(
    database: Database, all_questions: Sequence[Question], embedder: Embedder = LOCAL
) -> dict[str, float]:
    figures: dict[str, float] = {"questions": len(all_questions)}
    for method, options in METHODS.items():
        rankings = [
            (question, question.ranking(await search(database, question.text, embedder=embedder, options=options)))
            for question in all_questions
            if question.answers
        ]
        figures[f"{method} recall@7"] = mean(recall(ranking, _grades(question), 7) for question, ranking in rankings)
        figures[f"{method} nDCG@10"] = mean(ndcg(ranking, _grades(question), 10) for question, ranking in rankings)
    return figures | await _routing(all_questions) | await _answers(database, all_questions, embedder)


def _grades(question: Question) -> dict[str, float]:
    return dict.fromkeys(question.answers, 1.0)


async def _routing(all_questions: Sequence[Question]) -> dict[str, float]:
    """Measures the routing of a service without a model."""
    router = extractive_engine().router
    routed = {each.text: (await router.route(each.text, (), math.inf)).routing for each in all_questions}
    in_domain = [each for each in all_questions if each.domain]
    vague = [each for each in all_questions if each.vague]
    return {
        "routing accuracy": mean(routed[each.text].primary is each.domain for each in in_domain),
        "  first or second domain": mean(each.domain in routed[each.text].domains for each in in_domain),
        "vague questions asked back": mean(routed[each.text].clarification is not None for each in vague),
        "clear questions asked back": mean(routed[each.text].clarification is not None for each in in_domain),
    }


async def _answers(database: Database, all_questions: Sequence[Question], embedder: Embedder) -> dict[str, float]:
    refusals: dict[str, list[bool]] = {"in scope": [], "out of scope": []}
    halves: dict[str, list[bool]] = {}
    valid: list[bool] = []
    words: list[int] = []
    for index, question in enumerate(each for each in all_questions if not each.vague):
        passages = await PassageFinder(database, embedder)(question.text)
        relevance = await judge(passages, question.text)
        answer = await composed(question.text, passages if relevance.is_answer else [])
        refused = answer.kind is MessageKind.refusal
        scope = "out of scope" if question.out_of_scope else "in scope"
        refusals[scope].append(refused)
        halves.setdefault(f"{scope}, {'chosen on' if index % 2 == 0 else 'held out'}", []).append(refused)
        if not refused:
            words.append(_words(answer))
            valid += [_valid(citation, passages) for citation in answer.citations] or [False]
    return {
        "out of scope refused": mean(refusals["out of scope"]),
        "  on the half the threshold is from": mean(halves["out of scope, chosen on"]),
        "  on the other half": mean(halves["out of scope, held out"]),
        "answered in scope": 1 - mean(refusals["in scope"]),
        "  in scope, threshold's half": 1 - mean(halves["in scope, chosen on"]),
        "  in scope, other half": 1 - mean(halves["in scope, held out"]),
        "false refusals": mean(refusals["in scope"]),
        "citations valid": mean(valid),
        "words of an answer, mean": mean(words),
        "words of an answer, most": max(words),
    }


def _words(answer: Answer) -> int:
    return len(answer.content.split())


def _valid(citation: Citation, passages: Sequence[Passage]) -> bool:
    """Returns True when the quote is in the cited passage and its pages are pages of the passage."""
    passage = next((each for each in passages if each.chunk_id == citation.chunk_id), None)
    if passage is None or citation.quote not in passage.content:
        return False
    if citation.pages is None or passage.first_page is None or passage.last_page is None:
        return citation.pages is None and passage.first_page is None
    first, last = citation.pages
    return passage.first_page <= first <= last <= passage.last_page
