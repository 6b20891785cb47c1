"""Questions to the coach, and what comes back."""

from typing import Self
from uuid import UUID

import msgspec

from plccoach_api.queries.messages import Message as MessageRow
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.domains import Domain
from plccoach_api.rules.messages import MessageKind
from plccoach_api.structs.text import Question


class CoachQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `conversation_id` a conversation is begun."""

    query: Question
    conversation_id: UUID | None = None


class TokenUsage(msgspec.Struct, frozen=True):
    """What a model read and wrote; nothing where the answer was composed without one."""

    input_tokens: int
    output_tokens: int


class CoachAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with the passages it rests on; `response` refers to them as `[index]`."""

    conversation_id: UUID
    message_id: UUID
    kind: MessageKind
    response: str
    citations: tuple[Citation, ...]
    domains: tuple[Domain, ...]
    response_time_ms: int
    token_usage: TokenUsage
    cost_usd: float

    @classmethod
    def of(cls, message: MessageRow) -> Self:
        return cls(
            conversation_id=message.conversation_id,
            message_id=message.id,
            kind=message.kind or MessageKind.answer,
            response=message.content,
            citations=message.citations,
            domains=message.domains,
            response_time_ms=message.response_time_ms or 0,
            token_usage=TokenUsage(message.input_tokens or 0, message.output_tokens or 0),
            cost_usd=float(message.cost_usd or 0),
        )
