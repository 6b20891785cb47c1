"""docs/front-end.md: every file and command in it works as written, in Chromium, on another origin than the service."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.blocks import blocks_of
from tests.live import Service, end, free_port, wait_until
from tests.tools.model_server import ROUTED, ModelServer, Received, Reply, Say, serving, words
from tests.tools.problem_table import DOCUMENT, with_table

SENTENCES = 60
# The beginning of an answer is held back until it is certain that it does not repeat the prompt.
FIRST = 30
ANSWER = "".join(words(SENTENCES)).strip()
QUESTION = "What are the four critical questions of a PLC?"

_WRITTEN = DOCUMENT.read_text("utf-8")
BLOCKS = blocks_of(DOCUMENT)
COMMANDS = {"sh service", "sh serve", "sh typescript", "sh python"}
PAGE = {"js api.js", "js events.js", "js event-source.js", "html index.html", "js app.js", "js login.js", "js lists.js"}
CLIENTS = {"ts example.ts", "python example.py"}

# As the browser reports a connection that breaks while a body is read.
BREAK_THE_FIRST_STREAM = """() => {
    const send = window.fetch;
    window.fetch = async (url, options) => {
        const response = await send(url, options);
        if (!url.endsWith("/messages/stream")) return response;
        window.fetch = send;
        const reader = response.body.getReader();
        let isFirst = true;
        const body = new ReadableStream({
            async pull(controller) {
                if (isFirst) {
                    isFirst = false;
                    controller.enqueue((await reader.read()).value);
                } else {
                    await reader.cancel();
                    controller.error(new TypeError("network error"));
                }
            },
        });
        return new Response(body, { status: response.status, headers: response.headers });
    };
}"""


@dataclass
class FrontEnd:
    """The document's front end on a port of its own, and a service that expects it there."""

    url: str
    service: Service
    folder: Path
    model: ModelServer
    next_sentence: threading.Semaphore

    def adapted(self, text: str) -> str:
        port = self.url.rpartition(":")[2]
        return re.sub(r"\b3000\b", port, text.replace("localhost:8000", f"localhost:{self.service.port}"))

    def run(self, command: str, **environment: str) -> str:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", self.adapted(BLOCKS[command])],
            cwd=self.folder,
            env=os.environ | {"PATH": path} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def front_end(
    start: Callable[..., Service], live_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FrontEnd]:
    assignments = shlex.split(BLOCKS["sh service"])
    assert assignments[-2:] == ["just", "run"]
    written = dict(each.split("=", 1) for each in assignments[:-2])
    port, folder, pace = free_port(), tmp_path_factory.mktemp("front_end"), threading.Semaphore(0)
    answer = Say(words(SENTENCES), next_delta=pace)
    with serving() as model:
        service = start(
            **written | {"FRONTEND_URL": written["FRONTEND_URL"].replace("3000", str(port))},
            DATABASE_URL=live_database_url,
            CORS_ORIGINS=f"http://localhost:{port}",
            ANSWERER="openai",
            OPENAI_BASE_URL=model.url,
            OPENAI_API_KEY="a key",
        )
        model.otherwise = lambda request: _reply(request, answer)
        found = FrontEnd(f"http://localhost:{port}", service, folder, model, pace)
        for name in PAGE | CLIENTS:
            (folder / name.split()[1]).write_text(found.adapted(BLOCKS[name]), "utf-8")
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                ["bash", "-c", f"exec {found.adapted(BLOCKS['sh serve'])}"], cwd=folder, stdout=log, stderr=log
            )
        service.wait_for(seconds=60)
        yield found
        end(server)


def _reply(request: Received, answer: Say) -> Reply:
    return answer if request.body.get("stream") else Say([ROUTED])


@pytest.fixture
def signed_in(page: Page, front_end: FrontEnd) -> Page:
    """The page after a sign-in by its link. Nothing of an earlier test is left in the semaphore."""
    while front_end.next_sentence.acquire(blocking=False):
        pass
    page.goto(front_end.url)
    page.get_by_role("link", name="Sign in as Ada").click()
    page.goto(front_end.url)
    expect(page.locator("#name")).to_have_text("Ada")
    return page


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label("Question").fill(question)
    page.get_by_role("button", name="Ask").click()


def let_the_answer_end(front_end: FrontEnd) -> None:
    front_end.next_sentence.release(SENTENCES)


def test_every_block_of_the_document_has_a_name_and_is_tested() -> None:
    assert set(BLOCKS) == COMMANDS | PAGE | CLIENTS
    assert _WRITTEN.count("\n```") == 2 * len(BLOCKS)


def test_the_table_of_problems_is_made_from_the_code() -> None:
    assert with_table(_WRITTEN) == _WRITTEN, "run: python -m tests.tools.problem_table"


def test_an_answer_appears_while_it_is_generated(signed_in: Page, front_end: FrontEnd) -> None:
    ask(signed_in)
    front_end.next_sentence.release(FIRST)
    expect(signed_in.locator("#answer")).to_contain_text("Teams")
    expect(signed_in.locator("#status")).to_have_text("generating")
    let_the_answer_end(front_end)
    expect(signed_in.locator("#status")).to_have_text("complete")
    expect(signed_in.locator("#answer")).to_have_text(ANSWER)
    expect(signed_in.locator("#citations li")).to_have_count(1)


def test_an_answer_can_be_stopped(signed_in: Page, front_end: FrontEnd) -> None:
    ask(signed_in)
    front_end.next_sentence.release(FIRST)
    expect(signed_in.locator("#answer")).to_contain_text("Teams")
    signed_in.get_by_role("button", name="Stop").click()
    expect(signed_in.locator("#status")).to_have_text("stopped")
    expect(signed_in.get_by_role("button", name="Stop")).to_be_disabled()


def test_a_reload_while_an_answer_is_generated_loses_nothing(signed_in: Page, front_end: FrontEnd) -> None:
    ask(signed_in)
    front_end.next_sentence.release(FIRST)
    expect(signed_in.locator("#answer")).to_contain_text("Teams")
    signed_in.reload()
    expect(signed_in.locator("#answer")).to_contain_text("Teams")
    expect(signed_in.locator("#status")).to_have_text("generating")
    let_the_answer_end(front_end)
    expect(signed_in.locator("#status")).to_have_text("complete")
    expect(signed_in.locator("#answer")).to_have_text(ANSWER)


def test_a_connection_that_breaks_is_continued(signed_in: Page, front_end: FrontEnd) -> None:
    signed_in.evaluate(BREAK_THE_FIRST_STREAM)
    with signed_in.expect_request("**/api/messages/*/stream"):
        ask(signed_in)
    let_the_answer_end(front_end)
    expect(signed_in.locator("#status")).to_have_text("complete")
    expect(signed_in.locator("#answer")).to_have_text(ANSWER)


def test_an_error_is_shown_in_words(signed_in: Page) -> None:
    ask(signed_in, "x" * 2001)
    expect(signed_in.locator("#error")).to_have_text("content: This has 2,001 characters; at most 2,000 are allowed.")


def test_a_person_whose_session_has_ended_is_asked_to_sign_in(signed_in: Page) -> None:
    signed_in.context.clear_cookies()
    ask(signed_in)
    expect(signed_in.get_by_role("link", name="Sign in as Ada")).to_be_visible()
    expect(signed_in.locator("#form")).to_be_hidden()


def test_a_front_end_under_another_name_is_refused_and_the_log_says_which_setting_to_change(
    page: Page, front_end: FrontEnd
) -> None:
    other = front_end.url.replace("localhost", "127.0.0.1")
    page.goto(other)
    expect(page.locator("#error")).to_have_text("The service cannot be reached.")
    line = {"event": "origin refused", "origin": other, "setting": "CORS_ORIGINS"}
    wait_until(lambda: any(line.items() <= each.items() for each in front_end.service.log()), "a line", seconds=10)


def test_event_source_follows_an_answer(signed_in: Page, front_end: FrontEnd) -> None:
    ask(signed_in)
    let_the_answer_end(front_end)
    expect(signed_in.locator("#status")).to_have_text("complete")
    seen = signed_in.evaluate("""async () => {
        const { follow } = await import("/event-source.js");
        return new Promise((resolve) => {
            const seen = [];
            follow(sessionStorage.getItem("message"), (name, data) => {
                seen.push([name, data]);
                if (name === "message_complete") resolve(seen);
            });
        });
    }""")
    assert "".join(data["delta"] for name, data in seen if name == "content_delta").strip() == ANSWER
    assert [name for name, _ in seen if name != "content_delta"] == ["message_start", "citation", "message_complete"]


def test_lists_are_paged_and_a_conversation_is_renamed(
    signed_in: Page, front_end: FrontEnd, live_database_url: str
) -> None:
    ask(signed_in)
    let_the_answer_end(front_end)
    expect(signed_in.locator("#status")).to_have_text("complete")
    title, titles = signed_in.evaluate("""async () => {
        const { conversations, rename } = await import("/lists.js");
        const [first] = await Array.fromAsync(conversations({ limit: 1 }));
        const { title } = await rename(first.id, "Renamed");
        return [title, (await Array.fromAsync(conversations({ limit: 1 }))).map((each) => each.title)];
    }""")
    with psycopg.connect(live_database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM conversations c JOIN users u ON u.id = c.user_id WHERE u.email = 'ada@example.org' "
            "AND EXISTS (SELECT FROM messages m WHERE m.conversation_id = c.id)"
        ).fetchone()
    assert (title, titles[0]) == ("Renamed", "Renamed")
    assert row == (len(titles),)


def test_the_login_page_brings_a_reader_to_the_quote(page: Page, front_end: FrontEnd, live_database_url: str) -> None:
    with psycopg.connect(live_database_url) as connection:
        row = connection.execute("SELECT id, content FROM chunks ORDER BY id LIMIT 1").fetchone()
    assert row
    words_to_mark = " ".join(row[1].split()[3:9])
    page.goto(f"{front_end.url}/?next=/passages/{row[0]}#quote={quote(words_to_mark)}")
    [way] = page.evaluate("""async () => (await import("/login.js")).waysToSignIn()""")
    # The browser has not seen the passage before, so only the address can bring the words.
    page.goto(way["url"])
    assert page.url.startswith(f"http://localhost:{front_end.service.port}/passages/{row[0]}#quote=")
    marked = "".join(page.locator("mark").all_inner_texts())
    assert "".join(marked.split()) == "".join(words_to_mark.split())


def test_the_typescript_example_compiles_strictly(front_end: FrontEnd) -> None:
    if not shutil.which("npx"):
        pytest.fail("npx is missing: this test needs Node.js 20 or newer, with npm")
    front_end.run("sh typescript")


def test_the_python_example_asks_and_follows(front_end: FrontEnd) -> None:
    let_the_answer_end(front_end)
    with front_end.service.client(follow_redirects=False) as client:
        client.get("/auth/dev/login", params={"email": "gina@example.org", "name": "Gina"})
        session = client.cookies["plc_session"]
    output = front_end.run("sh python", SESSION=session, PYTHONPATH=".")
    assert "Gina" in output
    assert ANSWER in output
