"""Times as they travel: RFC 3339, in UTC."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta

# Without a time zone it would be no RFC 3339 time, and the schema would show a mere string.
Time: TypeAlias = Annotated[datetime, Meta(tz=True)]
