"""`python -m tests.tools.screenshots` asks on the page at /try, and writes docs/images/try.png for the README."""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from plccoach_api import resources
from tests.live import free_port, serving, wait_until
from tests.system.conftest import ARGUMENTS, CHROMIUM

IMAGE = Path(__file__).parents[2] / "docs" / "images" / "try.png"

_QUESTION = "How do we write norms that our team will keep?"
# The fonts that PDF exports use, so that the picture is the same on every machine.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>serif</family><prefer><family>DejaVu Serif Condensed</family></prefer></alias>
</fontconfig>"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder, PORT=str(free_port())) as service:
            service.wait_for(seconds=120)
            # The daily job begins when the sample book has its windows. Until then, questions find other passages.
            wait_until(
                lambda: "maintenance done" in service.log_file.read_text("utf-8"), "the book is ready", seconds=60
            )
            # The sign-in returns to PUBLIC_URL, whose host is localhost.
            _take(f"http://localhost:{service.port}/try", _font_settings(folder))


def _font_settings(folder: Path) -> str:
    settings = folder / "fonts.conf"
    fonts = resources.API_DOCUMENTATION.parents[1] / "export" / "fonts"
    settings.write_text(_FONTS.format(fonts=fonts, cache=folder / "cache"), "utf-8")
    return str(settings)


def _take(url: str, fonts: str) -> None:
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": fonts}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env=environment) as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(url)
        page.get_by_role("button", name="Educator").click()
        page.get_by_role("button", name=_QUESTION).click()
        page.get_by_role("button", name="Copy with references").wait_for()
        page.get_by_role("button", name="Reference 1:").first.click()
        page.get_by_role("dialog").locator("mark").wait_for()
        IMAGE.parent.mkdir(exist_ok=True)
        page.screenshot(path=IMAGE)


if __name__ == "__main__":
    main()
