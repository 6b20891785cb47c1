"""Conditional requests (RFC 9110, 13.1): `If-None-Match` on reads and `If-Match` on changes, with an `ETag`."""

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
    HeaderParameter(
        name="If-None-Match",
        description="The `ETag` of the client's copy; 304 if the copy is current.",
    ),
]
IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description="The `ETag` that the client has read; 412 if it has changed.",
    ),
]

ETAG = ResponseHeader(name="ETag", documentation_only=True, description="The version of the resource.")
UNCHANGED = {
    HTTP_304_NOT_MODIFIED: ResponseSpec(None, description="The client's copy is current.", generate_examples=False)
}


def tagged(content: msgspec.Struct | bytes, tag: str, *, status_code: int = 200, **headers: str) -> Response[Any]:
    return Response(content, status_code=status_code, headers={**_headers(tag), **headers}, media_type=MediaType.JSON)


def unchanged(tag: str) -> Response[Any]:
    return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=_headers(tag))


def _headers(tag: str) -> dict[str, str]:
    """A browser may cache the response and must revalidate it each time; a shared cache may not store it."""
    return {"ETag": tag, "Cache-Control": "private, no-cache"}
