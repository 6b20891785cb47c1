"""The documentation of the API: two pages, the document they show, and everything the pages load."""

import re
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
    {"docs.js", "icon.svg", "pages.css", "redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css"}
)

# Everything from here, and nothing that a page could be made to run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FOR_GOOD = "public, max-age=31536000, immutable"

Name = Annotated[str, PathParameter()]
Version = Annotated[str | None, QueryParameter(name="v")]


@get("/docs", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def swagger_ui() -> Response[bytes]:
    return _page("docs.html", _POLICY.format(styles="'self'"))


@get("/redoc", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def redoc() -> Response[bytes]:
    # Redoc makes its style sheets as it goes.
    return _page("redoc.html", _POLICY.format(styles="'self' 'unsafe-inline'"))


@get("/docs/{name:str}", include_in_schema=False, sync_to_thread=False)
def asset(name: Name, version: Version = None) -> Response[bytes]:
    """Kept by browsers for good under the address that the pages use, which changes with the content."""
    if name not in _ASSETS:
        raise problems.NotFound
    kept = {"Cache-Control": _FOR_GOOD} if version == _version(name) else {}
    return Response(_read(name), media_type=_MEDIA_TYPES[PurePath(name).suffix], headers=kept)


# Plain JSON and not application/vnd.oai.openapi+json: browsers show it, and every tool takes it.
@get("/openapi.json", include_in_schema=False, media_type="application/json", sync_to_thread=False)
def openapi_json(
    request: Request[None, None, State], settings: Injected[Settings], cookie: Injected[SessionCookie]
) -> Response[bytes]:
    return Response(msgspec.json.encode(_document(request, settings, cookie)), media_type="application/json")


@get("/openapi.yaml", include_in_schema=False, media_type="application/yaml", sync_to_thread=False)
def openapi_yaml(
    request: Request[None, None, State], settings: Injected[Settings], cookie: Injected[SessionCookie]
) -> Response[bytes]:
    return Response(msgspec.yaml.encode(_document(request, settings, cookie)), media_type="application/yaml")


def _document(request: Request[None, None, State], settings: Settings, cookie: SessionCookie) -> Any:
    """Made for the first who asks: it takes a moment, and most processes are never asked."""
    state = request.app.state
    if "openapi" not in state:
        state["openapi"] = openapi.document(request.app, settings, cookie)
    return state["openapi"]


def _page(name: str, policy: str) -> Response[bytes]:
    return Response(_with_versions(name), media_type="text/html", headers={"Content-Security-Policy": policy})


@cache
def _with_versions(page: str) -> bytes:
    """A page whose assets are named by address and version."""
    return re.sub(
        rb'(?<=src="|ref=")(?P<name>[a-z.-]+)(?=")',
        lambda found: f"/docs/{found['name'].decode()}?v={_version(found['name'].decode())}".encode(),
        _read(page),
    )


@cache
def _version(name: str) -> str:
    return sha256(_read(name)).hexdigest()[:16]


@cache
def _read(name: str) -> bytes:
    return (resources.API_DOCUMENTATION / name).read_bytes()


HANDLERS = (swagger_ui, redoc, asset, openapi_json, openapi_yaml)
