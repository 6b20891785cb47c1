"""Questions to the coach."""

from litestar import post
from litestar.params import JSONBody

from plccoach_api import problems
from plccoach_api.coach.ask import ask
from plccoach_api.database.pool import Database
from plccoach_api.dependencies import Injected
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.structs.coach import CoachAnswer, CoachQuery


@post(
    "/api/coach/query",
    operation_id="askCoach",
    tags=["coach"],
    summary="Ask, and read a cited answer",
    status_code=200,
    problems=[problems.NotFound],
)
async def ask_coach(
    database: Injected[Database], user: Injected[SessionUser], data: JSONBody[CoachQuery]
) -> CoachAnswer:
    """The question and its answer are stored together, in the conversation named or in a new one."""
    asked = await ask(database, user_id=user.id, question=data.query.strip(), conversation_id=data.conversation_id)
    return CoachAnswer.of(asked)


SIGNED_IN = (ask_coach,)
