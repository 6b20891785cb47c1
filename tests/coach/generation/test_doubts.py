"""An answer says that it may be none by what it begins with, and not only by the judgement of its passages."""

import msgspec
import pytest

from plccoach_api.coach.answer import AnswerRequest, final_answer
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.questions.replies import ENGLISH
from plccoach_api.rules.stems import stems
from tests.coach.passages import passage

LEDGER = "The wombat keeps the ledger of the club, and nobody else may write in it after noon."
SUBJECTS = frozenset(stems("wombat ledger licence morning new"))


def asked(question: str) -> Passage:
    weights = dict.fromkeys((each for each in stems(question) if each in SUBJECTS), 1.0)
    return msgspec.structs.replace(passage(LEDGER), weights=weights)


@pytest.mark.parametrize(
    ("question", "probability", "is_doubtful"),
    [
        ("Does the wombat keep the ledger?", 0.4, False),
        ("Does the wombat keep the ledger?", 0.3, True),
        ("Does the wombat need a licence?", 0.55, False),
        ("Does the wombat need a licence?", 0.5, True),
        ("Which licence?", 0.7, True),
        ("Which licence?", 0.9, False),
        ("Good morning, I am new here. Does the wombat keep the ledger?", 0.4, False),
    ],
)
async def test_the_less_of_the_question_an_answer_begins_with_the_surer_must_be_the_judgement(
    question: str, probability: float, *, is_doubtful: bool
) -> None:
    request = AnswerRequest(text=question, passages=(asked(question),), probability=probability)
    answer = await final_answer(ExtractiveAnswerer().answer(request))
    assert LEDGER in answer.content
    assert answer.content.startswith(ENGLISH.unsure) is is_doubtful
