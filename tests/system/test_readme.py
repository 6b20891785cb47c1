"""The README's tour: its commands work as written, and print the output that the README shows."""

import re
from pathlib import Path

from tests.live import Service
from tests.tools.readme import README, with_real_output

_VARYING = [
    # The tour cuts long lines, sometimes within an id.
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{1,4}(-[0-9a-f]{1,12}){0,2}|\b[0-9a-f]{32}\b"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z"), "TIME"),
    (re.compile(r"^date: .*$", re.MULTILINE), "date: DATE"),
    (re.compile(r'"response_time_ms":\d+'), '"response_time_ms":MS'),
    (re.compile(r"(?<![\w-])[\w-]{43}(?=\")"), "TOKEN"),
]


def plain(text: str) -> str:
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return text


def test_the_tour_prints_what_the_readme_shows(live: Service, tmp_path: Path) -> None:
    written = README.read_text("utf-8")
    assert written.count("$ curl") >= 8
    assert plain(with_real_output(written, live.port, tmp_path)) == plain(written), "run: just readme"
