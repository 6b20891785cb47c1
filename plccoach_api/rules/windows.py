"""The windows of a passage: consecutive sentences that are short enough to have one meaning."""

from plccoach_api.rules.sentences import Span, sentences

# Measured: see docs/decisions/retrieval.md.
_SENTENCES = 4
_STEP = 2


def windows(text: str) -> list[Span]:
    """Returns overlapping windows that contain every sentence, or the whole text if it has no sentence."""
    spans = [*sentences(text)]
    if not spans:
        return [Span(0, len(text))]
    last = max(0, len(spans) - _SENTENCES)
    starts = [*range(0, last, _STEP), last]
    return [Span(spans[start].start, spans[min(start + _SENTENCES, len(spans)) - 1].end) for start in starts]
