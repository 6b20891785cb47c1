"""Which passages a follow-up is answered from."""

from collections.abc import Sequence

from msgspec import structs

from plccoach_api.coach.answer import Turn
from plccoach_api.coach.retrieval.follow_ups import earlier_questions, find_in_conversation, history_before
from plccoach_api.coach.retrieval.passages import SearchOptions
from plccoach_api.coach.retrieval.router import RoutedQuestion
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageRole
from plccoach_api.rules.questions.routing import Routing
from tests.coach.passages import passage

BEFORE, QUESTION = "How do we work with volunteers?", "Who thanks them?"


def scored(name: str, score: float) -> Passage:
    return structs.replace(passage(f"This is what {name} do."), score=score, similarity=0.5, found_stems=("volunt",))


async def found(*, alone: Sequence[Passage], together: Sequence[Passage]) -> list[Passage]:
    async def find(
        question: str, *, domains: Sequence[Domain] = (), options: SearchOptions | None = None
    ) -> list[Passage]:
        del domains, options
        return [*together] if BEFORE in question else [*alone]

    return await find_in_conversation(find, QUESTION, RoutedQuestion(Routing(), QUESTION), BEFORE, find)


async def test_a_passage_that_only_the_new_question_finds_is_among_them() -> None:
    own = scored("pupils", 1.5)
    others = [scored(f"volunteers of kind {number}", 1 - number / 100) for number in range(40)]
    assert own.chunk_id in {each.chunk_id for each in await found(alone=[own], together=others)}


async def test_the_first_passages_of_both_questions_stay_among_them() -> None:
    first, second = scored("volunteers", 1.0), scored("helpers", 0.9)
    others = [scored(f"pupils of class {number}", 0.8) for number in range(10)]
    passages = await found(alone=others, together=[first, second, *others])
    assert len(passages) == 7
    assert {first.chunk_id, second.chunk_id} <= {each.chunk_id for each in passages}
    assert {each.chunk_id for each in others} & {each.chunk_id for each in passages}


def asked(*questions: str) -> list[Turn]:
    return [Turn(MessageRole.user, question) for question in questions]


def test_the_subject_of_a_long_conversation_stays_however_many_fragments_follow_it() -> None:
    history = asked("How do we work with volunteers?", "For how long?", "and why?", "Thanks!", "Who thanks them?")
    assert earlier_questions("and where?", history) == ["How do we work with volunteers?", "Who thanks them?"]


def test_a_question_without_a_subject_of_its_own_is_a_part_of_the_context() -> None:
    history = asked("What do parents do?", "When are those meetings?")
    assert earlier_questions("Is there coffee?", history) == ["What do parents do?", "When are those meetings?"]


def test_a_wish_about_an_answer_is_no_context() -> None:
    history = asked("How do we work with volunteers?", "shorter please", "Thanks!")
    assert earlier_questions("And where?", history) == ["How do we work with volunteers?"]
    assert history_before("Tell me more", history) == history[:1]


def test_the_context_of_a_question_is_without_its_frame() -> None:
    assert earlier_questions("And where?", asked("Thanks! How do we thank people?")) == ["How do we thank people?"]
