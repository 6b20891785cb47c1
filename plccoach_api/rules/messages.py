"""The states and limits of messages and their conversations."""

from datetime import timedelta
from enum import IntEnum, StrEnum

# A run renews the lease of its answer. When the lease expires, the process of the run must have died.
LEASE = timedelta(seconds=20)

# A reader renews this lease. While it lasts, the run of the answer notifies other processes.
FOLLOW_LEASE = timedelta(seconds=30)

TITLE_CHARACTERS = 50
PREVIEW_CHARACTERS = 60
# The messages that come with a conversation. A client reads the others page by page.
FIRST_MESSAGES = 100
# The earlier messages that a model sees with a question.
CONTEXT_MESSAGES = 10
# A model sees no more characters of each of them.
TURN_CHARACTERS = 4000


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
    """The kind of the coach's message: an answer from the books, a clarification, or a refusal.

    A clarification cites nothing: it asks back, replies to small talk, or states a fact about a book.
    """

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
    """Returns the first 50 characters of a question, with an ellipsis only if the question is longer."""
    return question if len(question) <= TITLE_CHARACTERS else f"{question[:TITLE_CHARACTERS]}…"
