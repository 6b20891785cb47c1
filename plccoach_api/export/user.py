"""All stored data of a user, as one JSON object."""

from collections.abc import AsyncIterator

import msgspec

from plccoach_api import problems
from plccoach_api.database.pool import Database
from plccoach_api.export.messages import message_pages
from plccoach_api.queries import (
    audit_events,
    conversations,
    idempotency_keys,
    personal_tokens,
    rate_limits,
    sessions,
    shares,
    users,
)
from plccoach_api.queries.users import User as UserRow
from plccoach_api.structs.audit_events import AuditEvent
from plccoach_api.structs.sessions import Session
from plccoach_api.structs.users import User

_encode = msgspec.json.Encoder().encode


async def export_user(database: Database, user: UserRow, public_url: str) -> AsyncIterator[bytes]:
    """Yields one conversation at a time, so that a user's data is never in memory as a whole."""
    session_rows = await database.run_idempotent(sessions.list_stored_for_user, user_id=user.id)
    event_rows = await database.run_idempotent(audit_events.list_for_user, user_id=user.id)
    yield b'{"user":' + _encode(User.of(user))
    yield b',"account":' + _encode(await database.run_idempotent(users.get_account, user_id=user.id))
    yield b',"sessions":' + _encode([Session.of(row, current=False) for row in session_rows])
    yield b',"personal_tokens":' + _encode(
        await database.run_idempotent(personal_tokens.list_stored_for_user, user_id=user.id)
    )
    yield b',"audit_events":' + _encode([AuditEvent.of(row) for row in event_rows])
    yield b',"shared_links":' + _encode(await database.run_idempotent(shares.list_for_user, user_id=user.id))
    yield b',"idempotency_keys":' + _encode(
        await database.run_idempotent(idempotency_keys.list_for_user, user_id=user.id)
    )
    yield b',"counted_requests":' + _encode(await database.run_idempotent(rate_limits.list_for_key, key=str(user.id)))
    yield b',"conversations":['
    separator = b""
    for conversation_id in await database.run_idempotent(conversations.list_ids_for_user, user_id=user.id):
        row = await database.run_idempotent(conversations.get, user_id=user.id, id=conversation_id)
        if row is None:
            continue
        pages = message_pages(database, user.id, conversation_id, public_url)
        try:
            exported_messages = [message async for page in pages for message in page]
        except problems.NotFound:
            # The user has deleted it meanwhile.
            continue
        stored = msgspec.structs.asdict(row)
        # It says nothing about the user.
        del stored["corpus_version"]
        yield separator + _encode(stored | {"messages": exported_messages})
        separator = b","
    yield b"]}\n"
