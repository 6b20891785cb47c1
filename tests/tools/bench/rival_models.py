"""The rival's response models: pydantic models of the service's JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from plccoach_api.rules.messages import ConversationStatus, MessageKind
from plccoach_api.rules.roles import Provider, Role


class Health(BaseModel):
    status: str = "healthy"
    service: str = "plccoach-api"
    version: str


class Readiness(BaseModel):
    status: str = "ready"
    database: str = "connected"


class Organization(BaseModel):
    id: UUID
    name: str


class Me(BaseModel):
    id: UUID
    email: str | None
    name: str
    role: Role
    organization: Organization | None
    sso_provider: Provider
    created_at: datetime
    last_login: datetime | None


class ConversationSummary(BaseModel):
    id: UUID
    title: str | None
    status: ConversationStatus
    preview: str | None
    message_count: int
    share_enabled: bool
    created_at: datetime
    updated_at: datetime


class ConversationPage(BaseModel):
    items: list[ConversationSummary]
    next_cursor: str | None


class CoachQuery(BaseModel):
    query: str = Field(min_length=1, max_length=2000)
    conversation_id: UUID | None = None


class Citation(BaseModel):
    index: int
    chunk_id: UUID
    book_title: str
    authors: list[str]
    chapter: int | None
    chapter_title: str
    pages: tuple[int, int] | None
    quote: str
    product_url: str | None


class TokenUsage(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0


class CoachAnswer(BaseModel):
    conversation_id: UUID
    message_id: UUID
    kind: MessageKind
    response: str
    citations: list[Citation]
    domains: list[str]
    suggestions: list[str] = []
    stopped_early: str | None = None
    response_time_ms: int
    token_usage: TokenUsage
    cost_usd: float
