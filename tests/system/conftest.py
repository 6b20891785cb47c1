"""A real browser, and front ends that it loads from other origins."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

AXE = "axe-core@4.14.1"
CHROMIUM = Path("/usr/bin/chromium")
# Without a sandbox, because root has none in a container, and without requests of the browser's own.
ARGUMENTS = [
    *("--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--no-default-browser-check"),
]

FETCH = """
async (url) => {
    const response = await fetch(url, { credentials: "include" });
    const body = await response.json();
    return { status: response.status, id: response.headers.get("X-Request-ID"), body };
}
"""


class FrontEnd(BaseHTTPRequestHandler):
    """Serves an empty page at every address."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>front end</title><link rel=icon href=data:,>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def front_end() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FrontEnd) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def allowed() -> Iterator[str]:
    with front_end() as origin:
        yield origin


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    with front_end() as origin:
        yield origin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install -y --no-install-recommends chromium")
    expect.set_options(timeout=15_000)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script that checks a page against the WCAG."""
    folder = tmp_path_factory.mktemp("axe")
    if not shutil.which("npm"):
        pytest.fail("npm is missing: this test needs Node.js 20 or newer, with npm")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", AXE]
    subprocess.run(install, cwd=folder, check=True)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
