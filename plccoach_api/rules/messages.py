"""What a message and its conversation can be."""

from datetime import timedelta
from enum import IntEnum, StrEnum

# How long an answer that is being generated may go without a sign of its process, before it must have died.
LEASE = timedelta(seconds=20)

TITLE_CHARACTERS = 50
PREVIEW_CHARACTERS = 60
# What a conversation is read with; the others come page by page.
FIRST_MESSAGES = 100
# What an answer may take up of what was said before.
CONTEXT_MESSAGES = 10


class ConversationStatus(StrEnum):
    active = "active"
    archived = "archived"


class MessageRole(StrEnum):
    user = "user"
    assistant = "assistant"


class MessageStatus(StrEnum):
    complete = "complete"
    generating = "generating"
    stopped = "stopped"
    failed = "failed"


class MessageKind(StrEnum):
    """The kind of the coach's message: an answer, a request for clarification, or a refusal."""

    answer = "answer"
    clarification = "clarification"
    refusal = "refusal"


class FeedbackScore(IntEnum):
    down = -1
    up = 1


class FeedbackReason(StrEnum):
    inaccurate = "inaccurate"
    incomplete = "incomplete"
    not_relevant = "not_relevant"
    missing_citations = "missing_citations"
    other = "other"


def title_of(question: str) -> str:
    """The first 50 characters of a question as they are, and an ellipsis only if more was cut."""
    return question if len(question) <= TITLE_CHARACTERS else f"{question[:TITLE_CHARACTERS]}…"
