"""Which passages a follow-up is answered from."""

from collections.abc import Sequence

from msgspec import structs

from plccoach_api.coach.retrieval.follow_ups import find_in_conversation
from plccoach_api.coach.retrieval.passages import SearchOptions
from plccoach_api.coach.retrieval.router import RoutedQuestion
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.questions.routing import Routing
from tests.coach.passages import passage

BEFORE, QUESTION = "How do we work with volunteers?", "Who thanks them?"


def scored(name: str, score: float) -> Passage:
    return structs.replace(passage(f"This is what {name} do."), score=score, similarity=0.5, found_stems=("volunt",))


async def found(*, alone: Sequence[Passage], together: Sequence[Passage], asked: str = QUESTION) -> list[Passage]:
    async def find(
        question: str, *, domains: Sequence[Domain] = (), options: SearchOptions | None = None
    ) -> list[Passage]:
        del domains, options
        return [*together] if BEFORE in question else [*alone]

    return await find_in_conversation(find, asked, RoutedQuestion(Routing(), asked), BEFORE)


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


async def test_the_words_of_a_wish_for_another_answer_find_nothing() -> None:
    volunteers, shorter = scored("volunteers", 1.0), scored("shorter days", 1.5)
    assert await found(alone=[shorter], together=[volunteers], asked="Shorter, please") == [volunteers]
