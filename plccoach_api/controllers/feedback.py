"""What people think of the coach's answers to them."""

from datetime import datetime

from litestar import delete, post
from litestar.params import JSONBody

from plccoach_api import problems
from plccoach_api.controllers.messages import MessageId
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import messages
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.queries.sessions import SessionUser
from plccoach_api.rules.messages import MessageRole
from plccoach_api.structs.feedback import NewFeedback
from plccoach_api.structs.messages import Message


@post(
    "/api/messages/{message_id:uuid}/feedback",
    operation_id="giveFeedback",
    tags=["conversations"],
    summary="Say what an answer was worth",
    status_code=200,
    problems=[problems.NotAnAnswer],
)
async def give_feedback(
    database: Injected[Database],
    user: Injected[SessionUser],
    now: Injected[datetime],
    message_id: MessageId,
    data: JSONBody[NewFeedback],
) -> Message:
    """Given again, it takes the place of what was given before."""
    return await _keep(database, user, message_id, data, now)


@delete(
    "/api/messages/{message_id:uuid}/feedback",
    operation_id="withdrawFeedback",
    tags=["conversations"],
    summary="Take feedback back",
    problems=[problems.NotAnAnswer],
)
async def withdraw_feedback(
    database: Injected[Database], user: Injected[SessionUser], now: Injected[datetime], message_id: MessageId
) -> None:
    """It is no error if there was none."""
    await _keep(database, user, message_id, None, now)


async def _keep(
    database: Database, user: SessionUser, message_id: MessageId, feedback: NewFeedback | None, now: datetime
) -> Message:
    async with database.transaction() as connection:
        row = _answer(await messages.get(connection, user_id=user.id, id=message_id))
        comment = feedback.comment.strip() if feedback and feedback.comment else None
        kept = await messages.update_feedback(
            connection,
            user_id=user.id,
            conversation_id=row.conversation_id,
            id=row.id,
            score=feedback.score if feedback else None,
            reasons=feedback.reasons if feedback else None,
            comment=comment or None,
            now=now,
        )
    return Message.of(_answer(kept))


def _answer(row: MessageRow | None) -> MessageRow:
    if row is None:
        raise problems.NotFound
    if row.role is not MessageRole.assistant:
        raise problems.NotAnAnswer
    return row


SIGNED_IN = (give_feedback, withdraw_feedback)
