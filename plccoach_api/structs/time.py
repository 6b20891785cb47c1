"""The type of times in JSON: RFC 3339, in UTC."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta

# `tz=True` gives the schema the format `date-time`. RFC 3339 requires a time zone.
Time: TypeAlias = Annotated[datetime, Meta(tz=True)]
