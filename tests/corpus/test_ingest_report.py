"""The report of an ingest says what of each file came in, and what did not."""

import os
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from plccoach_api.commands.ingest_report import print_summary
from plccoach_api.corpus.book import Book, Chapter, LeftOut, PageStart, Paragraph
from plccoach_api.corpus.chunks import ChunkedBook, chunk_book
from plccoach_api.corpus.finding import find
from plccoach_api.corpus.ingest import IngestOptions, dry_run, ingest, read_trusted
from plccoach_api.corpus.report import Outcome, Report
from plccoach_api.embedding.local import LOCAL

PATH = Path("book.pdf")
CHAPTERS = (
    Chapter(None, "Preface", (Paragraph("Welcome."),)),
    Chapter(
        1,
        "Stripes",
        (
            Paragraph.on("### Why", 3),
            Paragraph("Zebras have stripes,\nand nobody knows exactly why the stripes are there.", (PageStart(0, 3),)),
            Paragraph("On two pages.", (PageStart(0, 4), PageStart(3, 7))),
        ),
    ),
)


def book_of(*left_out: LeftOut, title: str = "Zebras", edition: str | None = None) -> ChunkedBook:
    return chunk_book(Book(title, ("Zoe",), 2020, CHAPTERS, edition=edition, left_out=left_out))


def read_as(book: ChunkedBook, *, accept: bool = False) -> IngestOptions:
    """Options that read every file as this book."""

    async def read(_: Path) -> ChunkedBook:
        return book

    return IngestOptions(accept=accept, read=read)


def test_a_report_has_the_title_page_the_chapters_and_what_was_left_out() -> None:
    left_out = LeftOut("running heads", 50, is_lost=False), LeftOut("page 9 could not be read", 30, is_lost=True)
    report = msgspec.json.decode(
        msgspec.json.encode(Report.of(PATH, Outcome.readable, book_of(*left_out, edition="2nd")))
    )
    assert report == {
        "path": "book.pdf",
        "outcome": "readable",
        "reason": None,
        "book_id": None,
        "title": "Zebras",
        "authors": ["Zoe"],
        "year": 2020,
        "edition": "2nd",
        "share": 0.7413,
        "pages": 3,
        "tokens": report["tokens"],
        "chapters": [
            {"number": None, "title": "Preface", "pages": None, "begins": "Welcome."},
            {
                "number": 1,
                "title": "Stripes",
                "pages": [3, 7],
                "begins": "Zebras have stripes, and nobody knows exactly why the…",
            },
        ],
        "left_out": [
            {"reason": "running heads", "characters": 50, "is_lost": False},
            {"reason": "page 9 could not be read", "characters": 30, "is_lost": True},
        ],
    }
    assert report["tokens"] > 20


@pytest.mark.parametrize("is_lost", [True, False])
def test_the_summary_names_a_part_that_is_lost_however_small(
    capsys: pytest.CaptureFixture[str], *, is_lost: bool
) -> None:
    book = book_of(LeftOut("page 9 could not be read", 1, is_lost=is_lost))
    print_summary(Console(width=80), [Report.of(PATH, Outcome.loaded, book)], LOCAL)
    assert ("  lost: page 9 could not be read (1 characters)" in capsys.readouterr().out) == is_lost


def test_a_book_without_headings_has_no_chapters_in_the_summary_as_in_the_list_of_books(
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = Book("Notes", (), None, (Chapter(None, "", (Paragraph("Teams agree."),)),))
    print_summary(Console(width=80), [Report.of(PATH, Outcome.loaded, chunk_book(book))], LOCAL)
    [row] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Notes")]
    assert row.split()[:4] == ["Notes", "loaded", "100", "%"]
    assert row.split()[4] == "0"


def test_a_share_is_whole_only_when_nothing_is_lost() -> None:
    assert Report.of(PATH, Outcome.readable, book_of()).share == 1
    assert Report.of(PATH, Outcome.readable, book_of(LeftOut("index", 10**6, is_lost=False))).share == 1
    letter = LeftOut("a letter", 1, is_lost=True)
    long = Book("Long", (), None, (Chapter(None, "", (Paragraph("word " * 30_000),)),), left_out=(letter,))
    assert Report.of(PATH, Outcome.readable, chunk_book(long)).share == 0.9999


async def test_a_book_of_which_less_than_half_was_read_is_loaded_only_if_a_person_accepts_it(database_url: str) -> None:
    book = book_of(LeftOut("page 9 could not be read", 1000, is_lost=True))
    [refused] = await ingest(database_url, [PATH], LOCAL, read_as(book))
    assert refused.outcome == "failed"
    assert refused.reason == (
        "only 7 % of its text could be read (page 9 could not be read); --accept loads it as it is"
    )
    assert (refused.title, len(refused.chapters), len(refused.left_out)) == ("Zebras", 2, 1)
    assert [each.outcome for each in await dry_run([PATH], read_as(book))] == ["failed"]
    [accepted] = await ingest(database_url, [PATH], LOCAL, read_as(book, accept=True))
    assert accepted.outcome == "loaded"
    assert accepted.share == refused.share


async def test_the_same_book_twice_in_a_run_is_named_and_a_copy_or_another_edition_is_no_fault(tmp_path: Path) -> None:
    texts = {
        "first.md": "# Zebras\n\nby Zoe\n\nYear: 2020\n\nStripes.",
        "copy.md": "# Zebras\n\nby Zoe\n\nYear: 2020\n\nStripes.",
        "changed.md": "# Zebras\n\nby Zoe\n\nYear: 2020\n\nMore stripes.",
        "newer.md": "# Zebras\n\nby Zoe\n\nYear: 2024\n\nStripes.",
        "other.md": "# Zebras\n\nby Ann\n\nYear: 2020\n\nStripes.",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    reports = await dry_run([tmp_path / name for name in texts], IngestOptions(read=read_trusted))
    assert [each.outcome for each in reports] == ["readable", "readable", "failed", "readable", "readable"]
    assert "the same book as first.md in this run" in (reports[2].reason or "")


async def test_a_folder_without_books_has_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "book.md").write_text("# Zebras\n\nStripes.")
    books = find([tmp_path / "empty", tmp_path / "full"]).books
    assert [each.name for each in books] == ["empty", "book.md"]
    empty, full = await dry_run(books, IngestOptions(read=read_trusted))
    assert (empty.outcome, full.outcome) == ("failed", "readable")
    assert "no book is in this folder" in (empty.reason or "")


def test_a_file_name_that_is_no_text_can_be_reported() -> None:
    report = Report.failed(Path(os.fsdecode(b"b\xffok.md")), "it is empty")
    assert msgspec.json.decode(msgspec.json.encode(report))["path"] == "b?ok.md"


@pytest.mark.parametrize("page", [2**31, -(2**31) - 1])
async def test_a_book_that_the_database_refuses_does_not_end_the_ingest(database_url: str, page: int) -> None:
    bad = chunk_book(Book("Bad", (), None, (Chapter(1, "A", (Paragraph.on("Text.", page),)),)))

    async def read(path: Path) -> ChunkedBook:
        return bad if path.name == "bad.pdf" else book_of()

    reports = await ingest(database_url, [Path("bad.pdf"), PATH], LOCAL, IngestOptions(read=read))
    assert [each.outcome for each in reports] == ["failed", "loaded"]
    assert reports[0].reason == "the database refused it (NumericValueOutOfRange)"
