"""The type of a prompt, and the part of a prompt that holds the conversation so far."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from plccoach_api.coach.answer import Turn
from plccoach_api.rules.messages import MessageRole

Prompt: TypeAlias = list[dict[str, str]]

_TURNS = 10
_TURN_CHARACTERS = 4000
_reference = re.compile(r" ?\[\d+\]")


def conversation(history: Sequence[Turn]) -> Iterator[dict[str, str]]:
    """Yields the last ten messages. References are removed, because the numbers mean other passages now."""
    for turn in history[-_TURNS:]:
        answer = turn.role is MessageRole.assistant
        content = _reference.sub("", turn.content) if answer else turn.content
        yield {"role": "assistant" if answer else "user", "content": content[:_TURN_CHARACTERS]}
