"""The pages for people: /try, which shows the whole service, and /passages/{chunk_id}, to which citations link."""

import re
from html import escape
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.datastructures import State
from litestar.params import PathParameter
from litestar.status_codes import HTTP_302_FOUND, HTTP_404_NOT_FOUND

from plccoach_api import problems, resources
from plccoach_api.coach.passage_reading import read_passage
from plccoach_api.database.pool import Database
from plccoach_api.http.dependencies import Injected
from plccoach_api.http.static_files import StaticFiles
from plccoach_api.identity.authentication import Authentication
from plccoach_api.middleware.session import SIGNED_IN, SignedIn
from plccoach_api.queries.passages import StoredPassage
from plccoach_api.queries.users import SignedInUser
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.settings import Settings

_files = StaticFiles(resources.PAGES, "/pages")
# The pages load only from this host. No script may create markup from text.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_PARAGRAPHS = re.compile(r"\n{2,}")

Name = Annotated[str, PathParameter()]


@get("/try", include_in_schema=False, media_type="text/html", sync_to_thread=False)
def try_page(settings: Injected[Settings]) -> Response[str]:
    if not settings.try_page:
        raise problems.NotFound
    return _files.page("try.html", _POLICY)


@get("/pages/{version:str}/{name:str}", include_in_schema=False, sync_to_thread=False)
def page_asset(version: Name, name: Name) -> Response[bytes]:
    return _files.asset(version, name)


@get("/passages/{chunk_id:str}", include_in_schema=False, media_type="text/html")
async def passage_page(database: Injected[Database], user: Injected[SignedInUser], chunk_id: Name) -> Response[str]:
    try:
        parsed = UUID(chunk_id)
    except ValueError:
        raise problems.NotFound from None
    return _files.page("passage.html", _POLICY, _texts_of(await read_passage(database, user.id, parsed)))


def _to_login(request: Request[Any, Any, State], _: Exception) -> Response[None]:
    """Redirects to the front end's login. A browser adds the `#quote=` of the link to the address of the login."""
    settings: Settings = request.app.state.settings
    location = f"{settings.frontend_url}/login?next={quote(request.url.path)}"
    return Response(None, status_code=HTTP_302_FOUND, headers={"Location": location})


def _missing(_: Request[Any, Any, State], __: Exception) -> Response[str]:
    texts = {
        "title": "Not found",
        "heading": "This passage does not exist",
        "text": "Its book may have been removed from the library. An answer that cites the passage still shows it.",
    }
    return _files.page("message.html", _POLICY, texts, HTTP_404_NOT_FOUND)


def _limited(_: Request[Any, Any, State], error: problems.TooManyRequests) -> Response[str]:
    texts = {
        "title": "Later",
        "heading": "This passage opens again later",
        "text": f"{escape(error.detail)} Try again within the hour.",
    }
    page = _files.page("message.html", _POLICY, texts, error.status)
    page.headers.update(error.headers)
    return page


def for_signed_in(authentication: Authentication, cookie: SessionCookie) -> Router:
    return Router(
        "/",
        route_handlers=[passage_page],
        middleware=[lambda app: SignedIn(app, authentication=authentication, cookie=cookie)],
        exception_handlers={
            problems.NotSignedIn: _to_login,
            problems.NotFound: _missing,
            problems.TooManyRequests: _limited,
        },
        opt={SIGNED_IN: True},
    )


def _texts_of(passage: StoredPassage) -> dict[str, str]:
    pages = ""
    if passage.first_page is not None and passage.last_page is not None:
        one = passage.first_page == passage.last_page
        pages = f"Page {passage.first_page}" if one else f"Pages {passage.first_page} to {passage.last_page}"
    chapter = f"Chapter {passage.chapter}" if passage.chapter else ""
    published = [passage.edition, str(passage.year) if passage.year else None]
    place = [chapter, passage.chapter_title, pages]
    paragraphs = _PARAGRAPHS.split(passage.content.strip())
    note = "<p class=note>The book no longer has this passage. An answer cites it.</p>" if passage.superseded else ""
    return {
        "book": escape(passage.book_title),
        "authors": escape(", ".join([*passage.authors, *filter(None, published)])),
        "place": escape(" · ".join(filter(None, place))),
        "note": note,
        "passage": "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs),
    }


PUBLIC = (try_page, page_asset)
