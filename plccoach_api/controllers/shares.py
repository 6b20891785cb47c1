"""Links that let other signed-in people read a conversation."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter
from psycopg.errors import ForeignKeyViolation, ReadOnlySqlTransaction

from plccoach_api import problems
from plccoach_api.controllers.messages import ConversationId, page_of_messages
from plccoach_api.database.pool import Connection, Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.queries import conversations, share_visits, shares
from plccoach_api.queries.shares import ShareTarget
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.cursors import Cursors
from plccoach_api.rules.sharing import ShareToken
from plccoach_api.settings import Settings
from plccoach_api.structs.messages import Message
from plccoach_api.structs.page import Cursor
from plccoach_api.structs.shares import NewShare, SharedConversation, ShareLink

_PAGE_MESSAGES = 100

SharedToken = Annotated[str, PathParameter(description="The last part of the link.")]


@post(
    "/api/conversations/{conversation_id:uuid}/share",
    operation_id="shareConversation",
    tags=["sharing"],
    summary="Share a conversation by a link",
)
async def share_conversation(
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    conversation_id: ConversationId,
    data: JSONBody[NewShare],
) -> ShareLink:
    """A conversation has one link: a new link replaces the old one.

    Only this response contains the token. It cannot be read again.
    """
    token = ShareToken.new()
    lifetime = timedelta(days=data.expires_in_days) if data.expires_in_days else None
    async with database.transaction() as connection:
        if not await conversations.touch(connection, user_id=user.id, id=conversation_id):
            raise problems.NotFound
        await shares.revoke(connection, user_id=user.id, conversation_id=conversation_id)
        share = await shares.create(
            connection, user_id=user.id, conversation_id=conversation_id, token_hash=token.hash, lifetime=lifetime
        )
    return ShareLink.of(token, settings.frontend_url, share.expires_at)


@delete(
    "/api/conversations/{conversation_id:uuid}/share",
    operation_id="unshareConversation",
    tags=["sharing"],
    summary="Revoke the link to a conversation",
)
async def unshare_conversation(
    database: Injected[Database], user: Injected[SignedInUser], conversation_id: ConversationId
) -> None:
    """Succeeds also when the conversation has no link."""
    async with database.transaction() as connection:
        if not await conversations.touch(connection, user_id=user.id, id=conversation_id):
            raise problems.NotFound
        await shares.revoke(connection, user_id=user.id, conversation_id=conversation_id)


@get(
    "/api/shared/{token:str}",
    operation_id="getSharedConversation",
    tags=["sharing"],
    summary="Read a shared conversation",
)
async def get_shared_conversation(
    database: Injected[Database],
    settings: Injected[Settings],
    user: Injected[SignedInUser],
    token: SharedToken,
    cursor: Cursor = None,
) -> SharedConversation:
    """Returns the oldest messages first. Send `next_cursor` as `cursor` to read the next ones.

    Each read of the first page by somebody other than the owner counts as an opening of the link.
    """
    parsed = ShareToken.parse(token)
    if parsed is None:
        raise problems.NotFound
    # Never on a replica, which may not know of a revocation.
    target = await database.run_idempotent(shares.get, token_hash=parsed.hash)
    if target is None:
        raise problems.NotFound
    if cursor is None and user.id != target.user_id:
        await _count_visit(database, parsed, target)
    cursors = Cursors(user.id, f"shared messages of {target.conversation_id}", datetime)

    async def read(connection: Connection) -> SharedConversation | None:
        row = await conversations.get_shared(connection, user_id=target.user_id, id=target.conversation_id)
        if row is None:
            return None
        item = partial(Message.for_reader, public_url=settings.public_url)
        page = await page_of_messages(
            connection, target.user_id, target.conversation_id, cursors, _PAGE_MESSAGES, cursor, item
        )
        return SharedConversation.of(row, page.items, page.next_cursor)

    # A replica may not have a new conversation yet.
    shared = await database.run_on_replica(read) or await database.run_idempotent(read)
    if shared is None:
        raise problems.NotFound
    return shared


async def _count_visit(database: Database, token: ShareToken, target: ShareTarget) -> None:
    """Counts nothing when the database takes no writes. Raises NotFound for a conversation that was just deleted."""
    try:
        async with database.transaction() as connection:
            await share_visits.count(
                connection,
                user_id=target.user_id,
                conversation_id=target.conversation_id,
                token_hash=token.hash,
            )
    except ReadOnlySqlTransaction:
        pass
    except ForeignKeyViolation:
        raise problems.NotFound from None


SIGNED_IN = (share_conversation, unshare_conversation, get_shared_conversation)
