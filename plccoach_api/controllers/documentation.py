"""The documentation of the API: two pages, the OpenAPI document that they show, and their assets."""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import PathParameter

from plccoach_api import openapi, resources
from plccoach_api.http.dependencies import Injected
from plccoach_api.http.static_files import StaticFiles
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings

_files = StaticFiles(resources.API_DOCUMENTATION, "/docs")
# Pages load only from this host and cannot run injected scripts.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Name = Annotated[str, PathParameter()]


@get("/docs", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def swagger_ui() -> Response[str]:
    return _files.page("docs.html", _POLICY.format(styles="'self'"))


@get("/redoc", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def redoc() -> Response[str]:
    # Redoc creates its style sheets at run time.
    return _files.page("redoc.html", _POLICY.format(styles="'self' 'unsafe-inline'"))


@get("/docs/{version:str}/{name:str}", include_in_schema=False, sync_to_thread=False)
def asset(version: Name, name: Name) -> Response[bytes]:
    return _files.asset(version, name)


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


PUBLIC = (swagger_ui, redoc, asset, openapi_json, openapi_yaml)
