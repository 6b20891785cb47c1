"""The documentation of the API: two pages, the OpenAPI document that they show, and their assets."""

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import PurePath
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter

from plccoach_api import openapi, problems, resources
from plccoach_api.http.dependencies import Injected
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings

_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ASSETS = frozenset(
    {"docs.js", "icon.svg", "pages.css", "redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css", "try.js"}
)

# Pages load only from this host and cannot run injected scripts.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_IMMUTABLE = "public, max-age=31536000, immutable"

Name = Annotated[str, PathParameter()]
Version = Annotated[str | None, QueryParameter(name="v")]


@get("/docs", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def swagger_ui() -> Response[bytes]:
    return _page("docs.html", _POLICY.format(styles="'self'"))


@get("/redoc", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def redoc() -> Response[bytes]:
    # Redoc creates its style sheets at run time.
    return _page("redoc.html", _POLICY.format(styles="'self' 'unsafe-inline'"))


@get("/docs/{name:str}", include_in_schema=False, sync_to_thread=False)
def asset(name: Name, version: Version = None) -> Response[bytes]:
    """The pages link to assets with a version that changes with the content, so browsers may cache them forever."""
    if name not in _ASSETS:
        raise problems.NotFound
    headers = {"Cache-Control": _IMMUTABLE} if version == _version(name) else {}
    return Response(_read(name), media_type=_MEDIA_TYPES[PurePath(name).suffix], headers=headers)


# application/json and not application/vnd.oai.openapi+json: browsers display it, and every tool accepts it.
@get("/openapi.json", include_in_schema=False, media_type="application/json", sync_to_thread=False)
def openapi_json(
    request: Request[None, None, State], settings: Injected[Settings], cookie: Injected[SessionCookie]
) -> Response[bytes]:
    return Response(_encoded(request, settings, cookie, msgspec.json.encode), media_type="application/json")


@get("/openapi.yaml", include_in_schema=False, media_type="application/yaml", sync_to_thread=False)
def openapi_yaml(
    request: Request[None, None, State], settings: Injected[Settings], cookie: Injected[SessionCookie]
) -> Response[bytes]:
    return Response(_encoded(request, settings, cookie, msgspec.yaml.encode), media_type="application/yaml")


def _encoded(
    request: Request[None, None, State], settings: Settings, cookie: SessionCookie, encode: Callable[[Any], bytes]
) -> bytes:
    """Generates and encodes the document once, at the first request: most processes never need it.

    The YAML takes a quarter of a second, in which the process answers nobody else.
    """
    encoded: dict[Callable[[Any], bytes], bytes] = request.app.state.setdefault("openapi", {})
    if encode not in encoded:
        encoded[encode] = encode(openapi.document(request.app, settings, cookie))
    return encoded[encode]


def _page(name: str, policy: str) -> Response[bytes]:
    return Response(_with_versions(name), media_type="text/html", headers={"Content-Security-Policy": policy})


@cache
def _with_versions(page: str) -> bytes:
    """Returns a page with the version of each asset in its address."""
    return re.sub(
        rb'(?<=src="|ref=")(?P<name>[a-z.-]+)(?=")',
        lambda match: f"/docs/{match['name'].decode()}?v={_version(match['name'].decode())}".encode(),
        _read(page),
    )


@cache
def _version(name: str) -> str:
    return sha256(_read(name)).hexdigest()[:16]


@cache
def _read(name: str) -> bytes:
    return (resources.API_DOCUMENTATION / name).read_bytes()


PUBLIC = (swagger_ui, redoc, asset, openapi_json, openapi_yaml)
