"""The type of a prompt, and the part of a prompt that holds the conversation so far."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from plccoach_api.coach.answer import Turn
from plccoach_api.rules.messages import CONTEXT_MESSAGES, TURN_CHARACTERS, MessageRole
from plccoach_api.rules.references import without_references

Prompt: TypeAlias = list[dict[str, str]]


def conversation(history: Sequence[Turn]) -> Iterator[dict[str, str]]:
    """Yields the last messages. References are removed, because the numbers mean other passages now."""
    for turn in history[-CONTEXT_MESSAGES:]:
        answer = turn.role is MessageRole.assistant
        content = without_references(turn.content) if answer else turn.content
        yield {"role": "assistant" if answer else "user", "content": content[:TURN_CHARACTERS]}
