"""Lists that page by cursor."""

from typing import Annotated, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

Item = TypeVar("Item")

DEFAULT_LIMIT = 20

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many items a page has at most.")]
Cursor = Annotated[
    str | None,
    QueryParameter(max_length=500, description="The `next_cursor` of the page before; opaque, bound to its list."),
]


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list; `next_cursor` asks for the next, and is null on the last."""

    items: list[Item]
    next_cursor: str | None
