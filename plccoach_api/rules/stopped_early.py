"""The reasons why a model's answer ends before its end."""

from enum import StrEnum


class StoppedEarly(StrEnum):
    """The reason why a model stopped before the end of its answer: its limit of tokens, or its content filter."""

    length = "length"
    content_filter = "content_filter"
