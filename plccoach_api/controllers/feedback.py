"""Feedback of users on the coach's answers."""

from datetime import datetime

from litestar import delete, post
from litestar.params import JSONBody

from plccoach_api import problems
from plccoach_api.controllers.messages import MessageId
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import messages
from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.messages import MessageRole
from plccoach_api.settings import Settings
from plccoach_api.structs.feedback import NewFeedback
from plccoach_api.structs.messages import Message


@post(
    "/api/messages/{message_id:uuid}/feedback",
    operation_id="giveFeedback",
    tags=["conversations"],
    summary="Give feedback on an answer",
    status_code=200,
    problems=[problems.NotAnAnswer],
)
async def give_feedback(
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    now: Injected[datetime],
    message_id: MessageId,
    data: JSONBody[NewFeedback],
) -> Message:
    """Replaces earlier feedback on the same answer."""
    return Message.of(await _store(database, user, message_id, data, now), settings.public_url)


@delete(
    "/api/messages/{message_id:uuid}/feedback",
    operation_id="withdrawFeedback",
    tags=["conversations"],
    summary="Withdraw feedback",
    problems=[problems.NotAnAnswer],
)
async def withdraw_feedback(
    database: Injected[Database], user: Injected[SignedInUser], now: Injected[datetime], message_id: MessageId
) -> None:
    """Succeeds also when the answer has no feedback."""
    await _store(database, user, message_id, None, now)


async def _store(
    database: Database, user: SignedInUser, message_id: MessageId, feedback: NewFeedback | None, now: datetime
) -> MessageRow:
    async with database.transaction() as connection:
        row = _require_answer(await messages.get(connection, user_id=user.id, id=message_id))
        comment = feedback.comment.strip() if feedback and feedback.comment else None
        updated = await messages.update_feedback(
            connection,
            user_id=user.id,
            conversation_id=row.conversation_id,
            id=row.id,
            score=feedback.score if feedback else None,
            reasons=feedback.reasons if feedback else None,
            comment=comment or None,
            now=now,
        )
    return _require_answer(updated)


def _require_answer(row: MessageRow | None) -> MessageRow:
    if row is None:
        raise problems.NotFound
    if row.role is not MessageRole.assistant:
        raise problems.NotAnAnswer
    return row


SIGNED_IN = (give_feedback, withdraw_feedback)
