"""The life of an answer, from its question to its end; coach/runs/__init__.py has the diagram of its states."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from plccoach_api.database.pool import Connection
from plccoach_api.queries.messages import Message
from plccoach_api.queries.statement import Row, execute, one, one_or_none, rows
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind, MessageStatus
from plccoach_api.rules.stopped_early import StoppedEarly


class Checkpoint(msgspec.Struct, frozen=True):
    """The text and the citations that a run has written so far."""

    user_id: UUID
    id: UUID
    run_id: UUID
    content: str
    citations: Sequence[Citation]


class StoredCheckpoint(Row, frozen=True):
    id: UUID
    has_to_stop: bool
    is_followed: bool
    """A reader in another process follows the answer."""


CHANNEL = "answers"
"""The channel on which `notify` sends."""


@execute
async def create(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    question_id: UUID,
    question: str,
    answer_id: UUID,
    asked_at: datetime,
    run_id: UUID,
    lease: timedelta,
) -> None:
    """Raises UniqueViolation while another answer of the conversation is being generated."""


@rows
async def checkpoint(
    connection: Connection, *, user_ids: Sequence[UUID], checkpoints: Sequence[Checkpoint], lease: timedelta
) -> list[StoredCheckpoint]:
    """`user_ids` has the users of the checkpoints."""


@one_or_none
async def finish(
    connection: Connection,
    *,
    user_id: UUID,
    conversation_id: UUID,
    id: UUID,
    run_id: UUID,
    status: MessageStatus,
    content: str,
    kind: MessageKind | None,
    citations: Sequence[Citation],
    domains: Sequence[Domain],
    suggestions: Sequence[str],
    stopped_early: StoppedEarly | None,
    input_tokens: int | None,
    output_tokens: int | None,
    cost_usd: Decimal | None,
    response_time_ms: int,
) -> Message | None:
    """Returns None when the run no longer owns the answer."""


@one_or_none
async def restart(
    connection: Connection, *, user_id: UUID, conversation_id: UUID, id: UUID, run_id: UUID, lease: timedelta
) -> UUID | None:
    """Returns the id, or None if the answer is complete or stopped, or if another run generates it.

    Raises UniqueViolation while another answer of the conversation is being generated.
    """


@execute
async def request_stop(connection: Connection, *, user_id: UUID, id: UUID) -> int: ...


@rows
async def list_abandoned(connection: Connection, *, limit: int) -> list[UUID]:
    """Returns users. Looks at the answers of all users, which on Citus asks every shard."""


@one
async def end_abandoned(connection: Connection, *, user_ids: Sequence[UUID]) -> int:
    """Returns the number of answers."""


@rows
async def list_generating(connection: Connection, *, user_ids: Sequence[UUID], ids: Sequence[UUID]) -> list[UUID]: ...


@one_or_none
async def get_question(connection: Connection, *, user_id: UUID, id: UUID) -> UUID | None: ...


@execute
async def follow(connection: Connection, *, user_id: UUID, id: UUID, lease: timedelta) -> None: ...


@rows
async def list_followed(connection: Connection, *, user_ids: Sequence[UUID], ids: Sequence[UUID]) -> list[UUID]: ...


@execute
async def notify(connection: Connection, *, ids: Sequence[UUID]) -> None: ...
