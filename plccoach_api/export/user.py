"""Everything that is stored of a person, as one JSON object."""

from collections.abc import AsyncIterator

import msgspec

from plccoach_api.database.pool import Database
from plccoach_api.export.messages import pages_of_messages
from plccoach_api.queries import audit_events, conversations, idempotency_keys, rate_limits, sessions, shares, users
from plccoach_api.queries.users import User as UserRow
from plccoach_api.structs.audit_events import AuditEvent
from plccoach_api.structs.sessions import Session
from plccoach_api.structs.users import User

_encode = msgspec.json.Encoder().encode


async def everything(database: Database, user: UserRow) -> AsyncIterator[bytes]:
    """A conversation at a time, so that nobody's memory is ever whole in ours."""
    found = await database.run_idempotent(sessions.list_stored_for_user, user_id=user.id)
    noted = await database.run_idempotent(audit_events.list_for_user, user_id=user.id)
    yield b'{"user":' + _encode(User.of(user))
    yield b',"account":' + _encode(await database.run_idempotent(users.get_account, id=user.id))
    yield b',"sessions":' + _encode([Session.of(row, current=False) for row in found])
    yield b',"audit_events":' + _encode([AuditEvent.of(row) for row in noted])
    yield b',"shared_links":' + _encode(await database.run_idempotent(shares.list_for_user, user_id=user.id))
    yield b',"idempotency_keys":' + _encode(
        await database.run_idempotent(idempotency_keys.list_for_user, user_id=user.id)
    )
    yield b',"counted_requests":' + _encode(await database.run_idempotent(rate_limits.list_for_key, key=str(user.id)))
    yield b',"conversations":['
    separator = b""
    for conversation_id in await database.run_idempotent(conversations.list_ids_for_user, user_id=user.id):
        row = await database.run_idempotent(conversations.get, user_id=user.id, id=conversation_id)
        if row is not None:
            pages = pages_of_messages(database, user.id, conversation_id)
            said = [message async for page in pages for message in page]
            yield separator + _encode(msgspec.structs.asdict(row) | {"messages": said})
            separator = b","
    yield b"]}\n"
