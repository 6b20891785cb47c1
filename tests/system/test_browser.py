"""The service in a browser: CORS, cookies, and documentation pages that contact no other host."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Route, expect

from tests.live import Service, free_port
from tests.system.conftest import FETCH


@pytest.fixture(scope="module")
def service(start: Callable[..., Service], live_database_url: str, allowed: str) -> str:
    """The address of a service that allows the front end's origin."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    running = start(
        DATABASE_URL=live_database_url, PORT=port, PUBLIC_URL=url, FRONTEND_URL=allowed, CORS_ORIGINS=allowed
    )
    running.wait_for()
    return url


@dataclass
class Watched:
    """A page, its requests to other hosts, and the errors and warnings of the browser."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def route(self, route: Route, *, ours: str) -> None:
        if route.request.url.startswith((f"{ours}/", "data:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def record(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture
def watched(page: Page, service: str) -> Watched:
    watched = Watched(page)
    page.route("**/*", partial(watched.route, ours=service))
    page.on("console", watched.record)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    # A request that the browser itself refuses is reported here, and is never routed.
    page.on("request", lambda request: None if request.url.startswith(service) else watched.foreign.append(request.url))
    return watched


def operations(service: str, page: Page) -> list[dict[str, Any]]:
    document = page.request.get(f"{service}/openapi.json").json()
    return [operation for item in document["paths"].values() for operation in item.values()]


def test_a_page_of_an_allowed_origin_reads_an_answer_and_its_headers(page: Page, service: str, allowed: str) -> None:
    page.goto(allowed)
    answer = page.evaluate(FETCH, f"{service}/health")
    assert answer["status"] == 200
    assert answer["body"]["status"] == "healthy"
    assert len(answer["id"]) == 32


def test_a_page_of_another_origin_cannot_read_an_answer(page: Page, service: str, stranger: str) -> None:
    page.goto(stranger)
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate(FETCH, f"{service}/health")


def test_the_front_end_reads_the_profile_of_the_person_who_signed_in(page: Page, service: str, allowed: str) -> None:
    page.goto(f"{service}/auth/dev/login?email=berta@example.org&name=Berta")
    assert page.url == f"{allowed}/dashboard"
    me = page.evaluate(FETCH, f"{service}/auth/me")
    assert (me["status"], me["body"]["name"]) == (200, "Berta")


def test_a_page_of_another_origin_cannot_read_the_profile(page: Page, service: str, stranger: str) -> None:
    page.goto(f"{service}/auth/dev/login?email=berta@example.org")
    page.goto(stranger)
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate(FETCH, f"{service}/auth/me")


def test_docs_shows_every_operation_and_contacts_no_other_host(watched: Watched, service: str) -> None:
    page = watched.page
    page.goto(f"{service}/docs")
    for operation in operations(service, page):
        expect(page.locator(f"[id$='-{operation['operationId']}']")).to_contain_text(operation["summary"])
    page.locator("[id$='-askCoach'] .opblock-summary-control").click()
    expect(page.locator("[id$='-askCoach']")).to_contain_text("What is a SMART goal?")
    page.wait_for_load_state("networkidle")
    assert (watched.foreign, watched.complaints) == ([], [])


def test_redoc_shows_every_operation_and_contacts_no_other_host(watched: Watched, service: str) -> None:
    page = watched.page
    page.goto(f"{service}/redoc")
    expect(page.get_by_role("heading", name="PLC Coach API")).to_be_visible()
    shown = ""
    for operation in operations(service, page):
        [tag] = operation["tags"]
        if tag != shown:
            page.get_by_text(tag, exact=True).first.click()
            shown = tag
        expect(page.get_by_text(operation["summary"], exact=True).first).to_be_visible()
    page.goto(f"{service}/redoc#tag/coach/operation/askCoach")
    expect(page.get_by_text("/api/coach/query").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert (watched.foreign, watched.complaints) == ([], [])


def execute(page: Page, operation_id: str) -> str:
    """Tries an operation in /docs and returns the status that the page shows."""
    block = page.locator(f"[id$='-{operation_id}']")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table .response-col_status").last.inner_text().split()[0]


def test_health_can_be_tried_in_docs(watched: Watched, service: str) -> None:
    watched.page.goto(f"{service}/docs")
    assert execute(watched.page, "getHealth") == "200"
    assert (watched.foreign, watched.complaints) == ([], [])


def test_a_token_can_be_tried_in_docs(page: Page, service: str) -> None:
    page.goto(f"{service}/auth/dev/login?email=dora@example.org&name=Dora")
    token = page.request.post(f"{service}/auth/tokens", data={"name": "A script"}).json()["token"]
    page.context.clear_cookies()
    page.goto(f"{service}/docs")
    page.get_by_role("button", name="Authorize", exact=True).click()
    dialog = page.locator(".dialog-ux")
    expect(dialog).to_contain_text("Sign in with this browser")
    dialog.get_by_role("textbox").fill(token)
    dialog.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close", exact=True).last.click()
    assert [execute(page, name) for name in ("getMe", "askCoach")] == ["200", "200"]


def test_a_signed_in_person_can_ask_and_sign_out_in_docs(page: Page, service: str) -> None:
    page.goto(f"{service}/auth/dev/login?email=cora@example.org&name=Cora")
    page.goto(f"{service}/docs")
    assert [execute(page, name) for name in ("getMe", "askCoach", "logout")] == ["200", "200", "200"]
