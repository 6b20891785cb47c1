"""Everything that is stored of a person, as one JSON object."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec

from plccoach_api.database.pool import Database
from plccoach_api.export.messages import pages_of_messages
from plccoach_api.queries import audit_events, conversations, sessions, users
from plccoach_api.queries.users import User as UserRow
from plccoach_api.rules.sessions import LIFETIME
from plccoach_api.structs.audit_events import AuditEvent
from plccoach_api.structs.sessions import Session
from plccoach_api.structs.users import User

# Sessions that have ended by idling are still stored, and so are told of.
_ANY_IDLE: timedelta = 2 * LIFETIME

_encode = msgspec.json.Encoder().encode


async def everything(database: Database, user: UserRow) -> AsyncIterator[bytes]:
    """A conversation at a time, so that nobody's memory is ever whole in ours."""
    subject = await database.run(users.get_subject, id=user.id)
    found = await database.run(sessions.list_for_user, user_id=user.id, idle=_ANY_IDLE)
    noted = await database.run(audit_events.list_for_user, user_id=user.id)
    yield b'{"user":' + _encode(User.of(user))
    yield b',"subject":' + _encode(subject)
    yield b',"sessions":' + _encode([Session.of(row, current=False) for row in found])
    yield b',"audit_events":' + _encode([AuditEvent.of(row) for row in noted])
    yield b',"conversations":['
    separator = b""
    for conversation_id in await database.run(conversations.list_ids_for_user, user_id=user.id):
        row = await database.run(conversations.get, user_id=user.id, id=conversation_id)
        if row is not None:
            pages = pages_of_messages(database, user.id, conversation_id)
            said = [message async for page in pages for message in page]
            yield separator + _encode(msgspec.structs.asdict(row) | {"messages": said})
            separator = b","
    yield b"]}\n"
