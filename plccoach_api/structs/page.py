"""Pages of lists, which clients read by cursor."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

Row = TypeVar("Row")
Item = TypeVar("Item")

DEFAULT_LIMIT = 20

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="The maximum number of items on the page.")]
Cursor = Annotated[
    str | None,
    QueryParameter(
        max_length=500,
        description="The `next_cursor` of the previous page. It is opaque, and valid only for the same list with the "
        "same filters. Leave it out to read the first page.",
    ),
]


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list. Send `next_cursor` as `cursor` to read the next page; on the last page it is null."""

    items: list[Item]
    next_cursor: str | None

    @classmethod
    def of(
        cls, rows: Sequence[Row], limit: int, item: Callable[[Row], Item], cursor: Callable[[Row], str]
    ) -> "Page[Item]":
        """Builds a page of `limit` items. An extra row in `rows` shows that another page follows."""
        shown = rows[:limit]
        return Page([item(row) for row in shown], cursor(shown[-1]) if len(rows) > limit else None)
