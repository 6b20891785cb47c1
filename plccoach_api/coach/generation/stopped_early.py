"""The words that tell a reader that a model stopped before the end of its answer."""

from collections.abc import Mapping

from plccoach_api.rules.stopped_early import StoppedEarly

NOTES: Mapping[StoppedEarly, str] = {
    StoppedEarly.length: "The answer was cut off at the model's limit.",
    StoppedEarly.content_filter: "The answer was cut off by the model's content filter.",
}
"""The last sentence of an answer that has a beginning."""

NO_TEXT: Mapping[StoppedEarly, str] = {
    StoppedEarly.length: ("The model reached its limit before it had an answer to show. A narrower question may help."),
    StoppedEarly.content_filter: (
        "The model's content filter withheld the answer. The question may help in other words."
    ),
}
"""The whole answer, when nothing of it may be shown. It does not say that the books have no answer."""
