"""What people think of answers."""

from typing import Annotated

import msgspec
from msgspec import Meta

from plccoach_api.rules.messages import FeedbackReason, FeedbackScore
from plccoach_api.structs.text import Comment

# Each once, in the order in which they were given.
Reasons = Annotated[
    tuple[FeedbackReason, ...], Meta(max_length=len(FeedbackReason), extra_json_schema={"uniqueItems": True})
]


class NewFeedback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """It takes the place of what was given before."""

    score: FeedbackScore
    reasons: Reasons = ()
    comment: Comment | None = None

    def __post_init__(self) -> None:
        if len(set(self.reasons)) < len(self.reasons):
            raise ValueError("Expected each of the reasons once")
