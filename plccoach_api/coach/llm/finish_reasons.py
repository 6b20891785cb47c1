"""The words by which services say why a response ended."""

from typing import Any

from plccoach_api.rules.stopped_early import StoppedEarly

# In lower case. Every other reason is an ordinary end.
_LENGTH = frozenset(
    {"length", "max_tokens", "max_output_tokens", "max_length", "max_output", "model_length", "token_limit"}
    | {"time_limit", "model_context_window_exceeded"}
)
_FILTERED = frozenset(
    {"safety", "sensitive", "recitation", "prohibited_content", "blocklist", "spii", "guardrail_intervened", "refusal"}
)
_FAILED = frozenset({"error", "insufficient_system_resource", "abort", "cancelled", "network_error"})


def is_failure(reason: Any) -> bool:
    return _word(reason) in _FAILED


def stopped_early(reason: Any) -> StoppedEarly | None:
    word = _word(reason)
    if word in _LENGTH:
        return StoppedEarly.length
    return StoppedEarly.content_filter if word in _FILTERED or word.startswith("content_filter") else None


def _word(reason: Any) -> str:
    """Returns a reason in lower case. Some servers send an object with its type."""
    word = reason.get("type") if isinstance(reason, dict) else reason
    return word.lower() if isinstance(word, str) else ""
