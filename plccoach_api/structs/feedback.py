"""Feedback on answers, as clients send it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from plccoach_api.rules.messages import FeedbackReason, FeedbackScore
from plccoach_api.structs.text import Comment

# Each reason may occur once. The order is preserved.
Reasons = Annotated[
    tuple[FeedbackReason, ...], Meta(max_length=len(FeedbackReason), extra_json_schema={"uniqueItems": True})
]


class NewFeedback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Feedback on an answer. It replaces earlier feedback."""

    score: FeedbackScore
    reasons: Reasons = ()
    comment: Comment | None = None

    def __post_init__(self) -> None:
        if len(set(self.reasons)) < len(self.reasons):
            # A field and a message: http/requests.py reads both.
            raise ValueError("reasons", "Give each reason only once.")
