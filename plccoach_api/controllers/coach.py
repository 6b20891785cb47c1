"""Questions to the coach."""

from litestar import post
from litestar.params import JSONBody

from plccoach_api.coach.ask import Coach
from plccoach_api.coach.exchange import Question
from plccoach_api.controllers.messages import ASKING, IdempotencyKey
from plccoach_api.dependencies import Injected
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.idempotency import Key
from plccoach_api.structs.coach import CoachAnswer, CoachQuery


@post(
    "/api/coach/query",
    operation_id="askCoach",
    tags=["coach"],
    summary="Ask, and read a cited answer",
    status_code=200,
    problems=ASKING,
)
async def ask_coach(
    coach: Injected[Coach],
    user: Injected[SessionUser],
    data: JSONBody[CoachQuery],
    idempotency_key: IdempotencyKey = None,
) -> CoachAnswer:
    """The question and its answer are kept together, in the conversation named or in a new one."""
    key = Key.of(idempotency_key, "askCoach", data)
    return CoachAnswer.of(await coach.ask(Question(user.id, data.query.strip(), data.conversation_id, key)))


SIGNED_IN = (ask_coach,)
