"""The numbers of the rate limits that are no settings, and the seconds after which a client may try again."""

from datetime import timedelta
from math import ceil

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

PASSAGES_AN_HOUR = 50
"""The whole passages that a person may read in an hour. A licensed book is not to be copied out."""


def retry_after(remaining: timedelta) -> int:
    return max(1, ceil(remaining.total_seconds()))
