"""Sign-in in a browser, from a front end on another origin, at a provider that shows a button."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.live import Service, free_port
from tests.system.conftest import FETCH
from tests.tools.identity_provider.loopback import LoopbackProvider
from tests.tools.identity_provider.provider import running_provider

SEND = """
async ([method, url, body]) => {
    const headers = body ? { "Content-Type": "application/json" } : {};
    const response = await fetch(url, { method, credentials: "include", headers, body: body && JSON.stringify(body) });
    return response.status;
}
"""
# A request that a browser sends without a preflight. The page cannot read the response, and the service must refuse.
SEND_BLINDLY = """
async ([url, body]) => {
    await fetch(url, { method: "POST", credentials: "include", mode: "no-cors", body });
}
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    with running_provider(approves=False) as provider:
        provider.become_google(name="Berta Benz")
        yield provider


@pytest.fixture(scope="module")
def service(start: Callable[..., Service], live_database_url: str, allowed: str, provider: LoopbackProvider) -> str:
    port = str(free_port())
    # Another port is another origin of the same site, as another host of the same domain is. The browser sends the
    # cookie even with requests of a stranger's page, so only the service can refuse them.
    url = f"http://127.0.0.1:{port}"
    settings = {"PORT": port, "PUBLIC_URL": url, "FRONTEND_URL": allowed, "CORS_ORIGINS": allowed}
    start(DATABASE_URL=live_database_url, **settings, **provider.google_settings()).wait_for()
    return url


def sign_in(page: Page, service: str) -> None:
    page.goto(f"{service}/auth/google/login?next=/conversations/7")
    page.get_by_role("button").click()


def test_a_person_signs_in_stays_signed_in_after_a_reload_and_signs_out(page: Page, service: str, allowed: str) -> None:
    sign_in(page, service)
    assert page.url == f"{allowed}/conversations/7"
    me = page.evaluate(FETCH, f"{service}/auth/me")
    assert (me["status"], me["body"]["name"], me["body"]["sso_provider"]) == (200, "Berta Benz", "google")
    page.reload()
    assert page.evaluate(FETCH, f"{service}/auth/me")["body"] == me["body"]
    assert page.evaluate(SEND, ["PATCH", f"{service}/auth/me", {"name": "Berta"}]) == 200
    assert page.evaluate(SEND, ["POST", f"{service}/auth/logout", None]) == 200
    assert page.evaluate(FETCH, f"{service}/auth/me")["status"] == 401
    page.reload()
    assert page.evaluate(FETCH, f"{service}/auth/me")["status"] == 401


def test_no_script_reads_the_session(page: Page, service: str) -> None:
    sign_in(page, service)
    page.goto(f"{service}/health")
    assert page.evaluate("document.cookie") == ""
    [session] = [each for each in page.context.cookies() if each["name"] == "plc_session"]
    assert (session["httpOnly"], session["sameSite"]) == (True, "Lax")


def test_a_page_of_a_third_origin_reads_and_changes_nothing(
    page: Page, service: str, allowed: str, stranger: str
) -> None:
    sign_in(page, service)
    before = page.evaluate(FETCH, f"{service}/auth/me")["body"]
    page.goto(stranger)
    for url in (f"{service}/auth/me", f"{service}/auth/sessions", f"{service}/api/conversations"):
        with pytest.raises(Exception, match="Failed to fetch"):
            page.evaluate(FETCH, url)
    for method, path, body in (
        ("PATCH", "/auth/me", {"name": "Mallory"}),
        ("POST", "/auth/logout", None),
        ("POST", "/auth/logout-all", None),
        ("POST", "/api/coach/query", {"query": "What is a PLC?"}),
    ):
        with pytest.raises(Exception, match="Failed to fetch"):
            page.evaluate(SEND, [method, service + path, body])
    for path in ("/auth/logout", "/auth/logout-all"):
        page.evaluate(SEND_BLINDLY, [service + path, None])
    page.evaluate(SEND_BLINDLY, [f"{service}/api/coach/query", '{"query": "What is a PLC?"}'])
    page.goto(f"{allowed}/dashboard")
    assert page.evaluate(FETCH, f"{service}/auth/me")["body"] == before
    assert page.evaluate(FETCH, f"{service}/api/conversations")["body"]["items"] == []


def test_a_refusal_of_the_provider_leads_to_the_front_ends_sign_in_page(
    page: Page, service: str, allowed: str, provider: LoopbackProvider
) -> None:
    provider.error = "access_denied"
    sign_in(page, service)
    provider.error = None
    assert page.url == f"{allowed}/login?error=access_denied"
    assert page.evaluate(FETCH, f"{service}/auth/me")["status"] == 401
