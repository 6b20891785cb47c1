"""Reads that a client may already have, and changes that must meet the state it has read (RFC 9110, 13.1)."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.enums import MediaType
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter
from litestar.status_codes import HTTP_304_NOT_MODIFIED

IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The `ETag` of what the client has; if it is current, 304."),
]
IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The `ETag` of what the client has read; if it has changed, 412."),
]

ETAG = ResponseHeader(name="ETag", documentation_only=True, description="The state of what was read.")
UNCHANGED = {
    HTTP_304_NOT_MODIFIED: ResponseSpec(None, description="What the client has is current.", generate_examples=False)
}


def tagged(content: msgspec.Struct | bytes, tag: str, *, status_code: int = 200, **headers: str) -> Response[Any]:
    return Response(content, status_code=status_code, headers={**_headers(tag), **headers}, media_type=MediaType.JSON)


def unchanged(tag: str) -> Response[Any]:
    return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=_headers(tag))


def _headers(tag: str) -> dict[str, str]:
    """A browser may keep it, and must ask each time whether it is current; nobody in between may."""
    return {"ETag": tag, "Cache-Control": "private, no-cache"}
