"""A record of a library becomes one line of JSON, without the values of rows that database errors quote."""

import json
import logging
import re
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from plccoach_api.logs.configuration import formatter

WORD = ("hush",)


def render(message: object, *, exc_info: BaseException | None = None) -> dict[str, Any]:
    """Formats a record of a library."""
    info = (type(exc_info), exc_info, exc_info.__traceback__) if exc_info else None
    record = logging.LogRecord("library", logging.ERROR, __file__, 1, message, (), info)
    line = formatter().format(record)
    assert len(line.splitlines()) == 1
    rendered: dict[str, Any] = json.loads(line)
    return rendered


def violation(database_url: str) -> psycopg.Error:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE secrets (word text UNIQUE)")
        connection.execute("INSERT INTO secrets VALUES (%s)", WORD)
        with pytest.raises(psycopg.errors.UniqueViolation, match=f"DETAIL.*{WORD[0]}") as caught:
            connection.execute("INSERT INTO secrets VALUES (%s)", WORD)
    return caught.value


def test_only_the_sqlstate_of_a_database_error_is_logged(shared_database_url: str) -> None:
    line = render("it failed", exc_info=violation(shared_database_url))
    assert (line["event"], line["level"], line["logger"]) == ("it failed", "error", "library")
    assert line["exception"].endswith("psycopg.errors.UniqueViolation: SQLSTATE 23505\n")
    assert "in violation" in line["exception"]
    assert WORD[0] not in json.dumps(line)


def test_only_the_sqlstate_is_logged_of_a_database_error_that_caused_another_error(shared_database_url: str) -> None:
    def fail(error: Exception) -> None:
        try:
            raise error
        except psycopg.Error:
            raise LookupError("ours") from error

    with pytest.raises(LookupError, match="ours") as caught:
        fail(violation(shared_database_url))
    exception = render("it failed", exc_info=caught.value)["exception"]
    assert exception.index("psycopg.errors.UniqueViolation: SQLSTATE 23505\n") < exception.index("which led to")
    assert exception.endswith("builtins.LookupError: ours\n")
    assert WORD[0] not in exception


@pytest.mark.parametrize("message", ['a\nb\r\n"c"\\', "\x1b[2J\x07", "a\x85b\u2028c\u2029d\x0b\x0c\x1c", "ü☃𝄞", ""])
def test_any_text_is_one_line_and_is_decoded_unchanged(message: str) -> None:
    assert render(message)["event"] == message


@pytest.mark.parametrize("message", ["half a pair \ud800", object(), 7])
def test_values_that_json_cannot_encode_are_logged_as_text(message: object) -> None:
    assert isinstance(render(message)["event"], str)


def test_a_readable_line_cannot_control_the_terminal() -> None:
    def fail() -> None:
        raise LookupError("red: \x1b[31m \u202e")

    with pytest.raises(LookupError) as caught:
        fail()
    info = (caught.type, caught.value, caught.tb)
    hostile = "Ada \x1b[2J\x9b2J \u202enimda\r\n2026-01-01 [error] forged"
    record = logging.LogRecord("library", logging.ERROR, __file__, 1, hostile, (), info)
    lines = formatter(readable=True).format(record)
    text = re.sub(r"\x1b\[\d*m", "", lines)
    assert "\\x1b[2J\\x9b2J \\u202enimda\\r\\n2026" in text
    assert set("\x9b\u202e\r").isdisjoint(lines)
    assert "\x1b[2J" not in lines
    assert "red: \\x1b[31m" in text
    assert "in test_a_readable_line" in text


@pytest.mark.parametrize(("level", "shown"), [("WARNING", True), ("ERROR", False)])
def test_a_command_that_shows_errors_only_shows_no_warning_of_the_database_driver(level: str, *, shown: bool) -> None:
    code = (
        "import logging, psycopg; from plccoach_api.logs.configuration import configure_logging; "
        f"configure_logging('{level}', readable=True); logging.getLogger('psycopg.transaction').warning('rolled back')"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert ("rolled back" in output) is shown
