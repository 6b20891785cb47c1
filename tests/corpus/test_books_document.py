"""The example of docs/books.md works: its files are read as the document says."""

import re
from pathlib import Path

import pytest
from rich.console import Console

from plccoach_api.commands.ingest_report import print_chapters, print_summary
from plccoach_api.corpus.finding import find
from plccoach_api.corpus.ingest import IngestOptions, dry_run, read_trusted
from plccoach_api.corpus.reading_process import DEFAULT_LIMITS
from plccoach_api.embedding.local import LOCAL

DOCUMENT = Path(__file__).parents[2] / "docs" / "books.md"


def block(language: str) -> str:
    """Returns the document's only block of code in a language."""
    [code] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(code)


async def test_the_example_is_read_as_the_document_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("books").mkdir()
    Path("books/handbook.md").write_text(block("markdown"), "utf-8")
    Path("books/handbook.toml").write_text(block("toml"), "utf-8")
    reports = await dry_run(find([Path("books")]).books, IngestOptions(read=read_trusted))
    console = Console(width=80)
    print_chapters(console, reports)
    print_summary(console, reports, LOCAL)
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert printed == [line.rstrip() for line in block("text").splitlines()]


def test_the_document_names_the_limits() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert f"| {DEFAULT_LIMITS.seconds:.0f} s, and 10 s more for each 10 MB of the file |" in text
    assert f"| {DEFAULT_LIMITS.memory_megabytes:,} MB |" in text
    assert f"| {DEFAULT_LIMITS.file_megabytes} MB |" in text
    assert DEFAULT_LIMITS.seconds_for(10_000_000) - DEFAULT_LIMITS.seconds_for(0) == 10
