"""The page at /try in a browser: the whole round, its interruptions, and its accessibility."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.live import Service, free_port

QUESTION = "How do we write norms that our team will keep?"
LOOKS = [(width, theme) for width in (360, 768, 1280) for theme in ("light", "dark")]
# Each width once, and both themes.
SOME_LOOKS = [(360, "dark"), (768, "light"), (1280, "dark")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# An answer of the sample book has about 150 words: it takes three seconds.
PACE = "20"


@pytest.fixture(scope="module")
def service(start: Callable[..., Service], live_database_url: str) -> str:
    """The address of a service whose front end is the page itself."""
    port = str(free_port())
    url = f"http://localhost:{port}"
    limits = {"SIGN_IN_RATE_LIMIT": "1000000", "COACH_RATE_LIMIT": "100000"}
    running = start(
        DATABASE_URL=live_database_url, PORT=port, PUBLIC_URL=url, FRONTEND_URL=url, EXTRACTIVE_PACE=PACE, **limits
    )
    running.wait_for()
    return url


@dataclass
class Visitor:
    """A person with a browser of their own, signed in through the page."""

    service: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Opens another tab."""
        page = self.context.new_page()
        self.watch(page)
        page.goto(address)
        return page

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self.check)

    def check(self, request: Request) -> None:
        if not request.url.startswith((f"{self.service}/", f"blob:{self.service}/")):
            self.complaints.append(f"another host: {request.url}")

    def sign_in(self, role: str = "Educator") -> None:
        self.page.get_by_role("button", name=role).click()
        expect(self.page.get_by_role("button", name=QUESTION)).to_be_visible()


def visit(browser: Browser, service: str, width: int, theme: str) -> Iterator[Visitor]:
    with browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        permissions=["clipboard-read", "clipboard-write"],
    ) as context:
        visitor = Visitor(service, context, context.new_page())
        visitor.watch(visitor.page)
        visitor.page.goto(f"{service}/try")
        yield visitor
        assert visitor.complaints == []


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def visitor(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Visitor]:
    yield from visit(browser, service, *request.param)


@pytest.fixture(params=SOME_LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def educator(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Page]:
    for visitor in visit(browser, service, *request.param):
        visitor.sign_in()
        yield visitor.page


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Your question").fill(question)
    page.keyboard.press("Enter")


def begin(page: Page) -> None:
    """Asks a question, and waits for the first words of the answer."""
    ask(page, QUESTION)
    expect(page.locator(".answer .text")).to_contain_text("A team writes better norms")


def expect_answer(page: Page) -> None:
    expect(page.get_by_role("button", name="Copy with references").last).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def choose(page: Page, menu: str, item: str) -> None:
    page.locator("summary", has_text=menu).click()
    page.get_by_role("button", name=item, exact=True).click()


def drawer(page: Page) -> None:
    """Opens the list of conversations where it is a drawer."""
    if page.get_by_role("button", name="Conversations", exact=True).is_visible():
        page.get_by_role("button", name="Conversations", exact=True).click()


def test_a_person_signs_in_asks_reads_rates_shares_exports_and_tidies_up(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("button", name=QUESTION).click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect_answer(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    passage = open_card(page)
    copy_and_rate(page)
    page.get_by_role("group", name="You could ask next").get_by_role("button").first.click()
    expect(page.get_by_role("article", name="Question")).to_have_count(2)
    expect(page.get_by_role("button", name="Copy with references")).to_have_count(2)
    rename_and_export(page)
    expect_shared(visitor, share(page))
    expect(visitor.open(passage).locator("mark")).to_contain_text("A team writes better norms")
    find_archive_and_delete(page)
    page.locator("summary", has_text="Educator").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Administrator")).to_be_visible()


def open_card(page: Page) -> str:
    """Opens the first reference by the keyboard, and returns the address of its passage."""
    reference = page.get_by_role("button", name="Reference 1:").first
    reference.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Reference 1")
    expect(card).to_contain_text("Learning Together")
    expect(card).to_contain_text(re.compile(r"Chapter \d+: .+, page \d+"))
    assert card.locator("mark").inner_text() == card.locator("blockquote").inner_text()
    link = card.get_by_role("link", name="Open the passage").get_attribute("href")
    page.keyboard.press("Escape")
    expect(reference).to_be_focused()
    assert link
    return link


def copy_and_rate(page: Page) -> None:
    page.get_by_role("button", name="Copy with references").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "A team writes better norms" in copied
    assert "\nReferences\n[1] Learning Together" in copied
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_label("Something is missing").check()
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")


def rename_and_export(page: Page) -> None:
    choose(page, "More", "Rename")
    page.get_by_label("Title").fill("Our norms")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Our norms")).to_be_visible()
    with page.expect_download() as download:
        choose(page, "Export", "PDF")
    assert download.value.suggested_filename == "Our norms.pdf"


def share(page: Page) -> str:
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Create a link").click()
    link = page.get_by_label("The link", exact=True)
    expect(link).to_have_value(re.compile("#shared="))
    shared = link.input_value()
    page.keyboard.press("Escape")
    return shared


def expect_shared(visitor: Visitor, link: str) -> None:
    reader = visitor.open(link)
    expect(reader.get_by_text("Shared by Educator")).to_be_visible()
    expect(reader.get_by_role("textbox", name="Your question")).to_be_hidden()
    expect(reader.get_by_role("button", name="Helpful", exact=True)).to_have_count(0)
    reader.get_by_role("button", name="Reference 1:").first.click()
    expect(reader.get_by_role("dialog").locator("mark")).to_contain_text("A team writes better norms")


def find_archive_and_delete(page: Page) -> None:
    drawer(page)
    page.get_by_role("searchbox").fill("our nor")
    page.get_by_role("link", name="Our norms").first.click()
    expect(page.get_by_role("heading", name="Our norms")).to_be_visible()
    choose(page, "More", "Archive")
    choose(page, "More", "Restore")
    choose(page, "More", "Delete")
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()


def test_a_link_is_shown_until_the_page_is_left_and_then_replaced(educator: Page) -> None:
    educator.get_by_role("button", name=QUESTION).click()
    expect_answer(educator)
    # The conversation is not read anew after the dialog.
    educator.route(re.compile(r"/api/conversations/[0-9a-f-]{36}$"), lambda _: None)
    shared = share(educator)
    educator.get_by_role("button", name="Share").click()
    link = educator.get_by_label("The link", exact=True)
    expect(link).to_have_value(shared)
    educator.unroute_all()
    educator.reload()
    educator.get_by_role("button", name="Share").click()
    expect(educator.get_by_text("A new link replaces it.")).to_be_visible()
    expect(link).to_be_hidden()
    educator.get_by_role("button", name="Create a link").click()
    expect(link).to_have_value(re.compile("#shared="))
    expect(link).not_to_have_value(shared)


def test_an_answer_that_is_stopped_keeps_what_was_written(educator: Page) -> None:
    begin(educator)
    educator.get_by_role("button", name="Stop").click()
    expect(educator.get_by_text("You stopped this answer.")).to_be_visible()
    expect(educator.get_by_role("textbox", name="Your question")).to_be_focused()
    expect(educator.locator(".answer .text")).to_contain_text("A team writes better norms")
    educator.reload()
    expect(educator.get_by_text("You stopped this answer.")).to_be_visible()


def test_an_answer_goes_on_after_a_reload_in_the_middle(educator: Page) -> None:
    begin(educator)
    educator.reload()
    expect(educator.get_by_role("button", name="Stop")).to_be_visible()
    expect_answer(educator)
    expect(educator.get_by_role("article", name="Question")).to_have_text(QUESTION)
    expect(educator.get_by_role("article", name="Answer")).to_have_count(1)


def test_a_typed_question_survives_a_reload(educator: Page) -> None:
    educator.get_by_role("textbox", name="Your question").fill("Half a question")
    educator.reload()
    expect(educator.get_by_role("textbox", name="Your question")).to_have_value("Half a question")


def cut(route: Route) -> None:
    """Delivers the first 20 events of a stream only, as if the connection broke there."""
    response = route.fetch()
    route.fulfill(response=response, body="".join(f"{event}\n\n" for event in response.text().split("\n\n")[:20]))


def test_a_stream_continues_where_the_connection_broke(educator: Page) -> None:
    educator.route("**/messages/stream", cut)
    ask(educator, QUESTION)
    with educator.expect_request("**/api/messages/*/stream") as following:
        expect_answer(educator)
    assert int(following.value.headers["last-event-id"]) > 0
    whole = educator.locator(".answer .text").inner_text()
    educator.reload()
    expect_answer(educator)
    assert educator.locator(".answer .text").inner_text() == whole


def test_a_question_that_is_asked_offline_is_kept_and_can_be_sent_later(educator: Page) -> None:
    educator.context.set_offline(True)
    ask(educator, QUESTION)
    expect(educator.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(educator.get_by_role("textbox", name="Your question")).to_have_value(QUESTION)
    educator.context.set_offline(False)
    educator.get_by_role("button", name="Try again").click()
    expect_answer(educator)


def test_a_session_that_ended_meanwhile_loses_no_question(educator: Page) -> None:
    ask(educator, QUESTION)
    expect_answer(educator)
    address = educator.url
    educator.context.clear_cookies()
    ask(educator, "And how do we keep them?")
    expect(educator.get_by_role("alert")).to_contain_text("Your session has ended")
    educator.get_by_role("alert").get_by_role("button", name="Educator").click()
    expect(educator.get_by_role("article", name="Question")).to_have_text(QUESTION)
    expect(educator.get_by_role("textbox", name="Your question")).to_have_value("And how do we keep them?")
    assert educator.url == address


def refuse(route: Route, status: int, slug: str) -> None:
    problem = {"type": f"urn:problem:{slug}", "title": "Refused", "status": status, "detail": "Not now."}
    headers = {"Content-Type": "application/problem+json", "Retry-After": "60"}
    route.fulfill(status=status, headers=headers, body=json.dumps(problem))


def test_a_first_question_that_is_refused_stays_on_the_page_with_the_examples(educator: Page) -> None:
    educator.route("**/messages/stream", lambda route: refuse(route, 429, "too-many-requests"))
    ask(educator, QUESTION)
    expect(educator.get_by_role("alert")).to_contain_text("You can ask again at")
    expect(educator.get_by_role("textbox", name="Your question")).to_have_value(QUESTION)
    expect(educator.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(educator.get_by_role("button", name=QUESTION)).to_be_visible()
    educator.unroute("**/messages/stream")
    educator.get_by_role("button", name="Try again").click()
    expect_answer(educator)
    expect(educator.get_by_role("article", name="Question")).to_have_count(1)


def test_a_page_that_cannot_begin_says_so_and_can_be_tried_again(educator: Page) -> None:
    educator.route("**/auth/me", lambda route: refuse(route, 503, "database-unavailable"))
    educator.reload()
    expect(educator.get_by_text("Not now.")).to_be_visible()
    educator.unroute("**/auth/me")
    educator.get_by_role("button", name="Try again").click()
    expect(educator.get_by_role("button", name=QUESTION)).to_be_visible()


def test_a_conversation_that_another_tab_deleted_can_be_left(educator: Page, service: str) -> None:
    ask(educator, QUESTION)
    expect_answer(educator)
    conversation = educator.url.split("#c=")[1]
    assert educator.request.delete(f"{service}/api/conversations/{conversation}").status == 204
    choose(educator, "More", "Archive")
    expect(educator.get_by_role("alert")).to_contain_text("This conversation was deleted")
    educator.get_by_role("alert").get_by_role("button", name="New conversation").click()
    expect(educator.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(educator.get_by_role("alert")).to_be_hidden()


def test_a_dialog_closes_when_another_conversation_is_opened(educator: Page) -> None:
    ask(educator, QUESTION)
    expect_answer(educator)
    choose(educator, "More", "Delete")
    educator.go_back()
    expect(educator.get_by_role("dialog")).to_have_count(0)
    expect(educator.get_by_role("heading", name="What would you like to know?")).to_be_visible()


def test_words_without_an_end_and_markup_stay_within_the_page_as_text(educator: Page) -> None:
    title = f"<img src=x onerror=alert(1)> {'W' * 150}"
    ask(educator, f"{title} {'p' * 500}")
    expect_answer(educator)
    choose(educator, "More", "Rename")
    educator.get_by_label("Title").fill(title)
    educator.keyboard.press("Enter")
    expect(educator.locator("h1", has_text=title)).to_be_visible()
    assert educator.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert educator.locator("main img").count() == 0


def test_two_tabs_see_the_same_answer(educator: Page) -> None:
    begin(educator)
    other = educator.context.new_page()
    other.goto(educator.url)
    expect(other.get_by_role("button", name="Stop")).to_be_visible()
    expect_answer(other)
    expect_answer(educator)
    assert other.locator(".answer .text").inner_text() == educator.locator(".answer .text").inner_text()


def test_a_second_question_from_another_tab_waits_for_the_answer(educator: Page) -> None:
    ask(educator, QUESTION)
    expect_answer(educator)
    other = educator.context.new_page()
    other.goto(educator.url)
    expect_answer(other)
    ask(educator, "What makes a good common formative assessment?")
    expect(educator.locator(".answer .text").last).not_to_be_empty()
    ask(other, "How do we choose essential standards?")
    expect(other.get_by_role("alert")).to_contain_text("still answering")
    expect(other.get_by_role("textbox", name="Your question")).to_have_value("How do we choose essential standards?")
    other.get_by_role("button", name="Show that answer").click()
    expect(other.get_by_role("button", name="Copy with references")).to_have_count(2)


def test_the_words_of_an_answer_are_not_announced_one_by_one(educator: Page) -> None:
    begin(educator)
    answer = educator.get_by_role("article", name="Answer")
    assert answer.evaluate("node => node.closest('[aria-live], [role=log], [role=status], [role=alert]')") is None
    expect(answer).to_have_attribute("aria-busy", "true")
    expect(educator.get_by_role("status")).to_have_text("The coach is answering.")
    expect(educator.get_by_role("status")).to_have_text(re.compile(r"The answer is complete. It has \d+ references."))
    expect(answer).to_have_attribute("aria-busy", "false")


def violations(page: Page, axe: str) -> list[str]:
    """Returns the rules that the page breaks, each with the elements that break it."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    found = page.evaluate(f"{axe}; axe.run({{resultTypes: ['violations'], runOnly: {RULES}}})")
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}" for rule in found["violations"]]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_pages_meet_wcag_aa(browser: Browser, service: str, axe: str, width: int, theme: str) -> None:
    # Only the checker needs to run in spite of the policy of the pages.
    with browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        bypass_csp=True,
    ) as context:
        page = context.new_page()
        page.goto(f"{service}/try")
        expect(page.get_by_role("button", name="Educator")).to_be_visible()
        found = {"sign-in": violations(page, axe)}
        page.get_by_role("button", name="Educator").click()
        expect(page.get_by_role("button", name=QUESTION)).to_be_visible()
        found["new"] = violations(page, axe)
        page.get_by_role("button", name=QUESTION).click()
        expect_answer(page)
        found["answer"] = violations(page, axe)
        page.get_by_role("button", name="Reference 1:").first.click()
        expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
        found["card"] = violations(page, axe)
        page.goto(page.get_by_role("link", name="Open the passage").get_attribute("href") or "")
        expect(page.locator("mark")).to_be_visible()
        found["passage"] = violations(page, axe)
        page.goto(f"{service}/passages/unknown")
        found["missing"] = violations(page, axe)
        page.goto(f"{service}/docs")
        expect(page.locator("[id$='-askCoach']")).to_be_visible()
        expect(page.get_by_role("link", name="Try the coach on a page")).to_be_visible()
        found["docs"] = violations(page, axe)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{service}/redoc")
        expect(page.get_by_role("heading", name="PLC Coach API")).to_be_visible()
        page.wait_for_load_state("networkidle")
        found["redoc"] = violations(page, axe)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {name: broken for name, broken in found.items() if broken} == {}
