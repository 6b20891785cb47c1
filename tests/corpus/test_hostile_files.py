"""A file that was made to exhaust its reader ends in a book or in one clear line. tests/slow has the large ones."""

import zipfile
from copy import copy
from pathlib import Path

import pytest

from tests.corpus.hostile import check, docx, epub, in_limits, repeated_chapter

OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{outside}"><!ENTITY % p SYSTEM "file://{outside}">%p;]>'


@pytest.mark.slow
async def test_a_bomb_ends_within_its_limits_and_the_next_book_is_read(tmp_path: Path) -> None:
    book = tmp_path / "book.md"
    book.write_text("# Zebras\n\nZebras have stripes.")
    bomb = repeated_chapter(tmp_path)
    assert bomb.stat().st_size < 500_000
    hostile, after = await check(bomb, book)
    assert hostile.outcome == "readable" or hostile.reason
    assert (after.outcome, after.title) == ("readable", "Zebras")


async def test_a_text_without_an_end_is_read_within_its_limits(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text(f"# Hostile\n\nA first sentence.\n\n{'[' * 20_000}\n\nA last sentence.\n")
    report = await in_limits(tmp_path / "book.md")
    assert [each.begins for each in report.chapters] == ["A first sentence."]


async def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("The secret text.")
    head = OUTSIDE.replace("{outside}", str(tmp_path / "outside.txt"))
    report = await in_limits(epub(tmp_path / "book.epub", b"<p>Words &e; here.</p>", head=head, compresslevel=0))
    assert "secret" not in str(report)


@pytest.mark.parametrize("suffix", ["docx", "epub"])
async def test_an_archive_of_archives_is_not_opened(tmp_path: Path, suffix: str) -> None:
    path, inner = tmp_path / f"book.{suffix}", b"x" * 1000
    for _ in range(4):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(20):
                archive.writestr(f"{number}.{suffix}", inner)
        inner = path.read_bytes()
    report = await in_limits(path)
    assert report.reason is not None
    assert report.reason.startswith("it is a broken ")


async def test_an_epub_with_very_many_members_is_refused(tmp_path: Path) -> None:
    path = epub(tmp_path / "book.epub", b"<p>A text.</p>")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}.xhtml", b"")
    assert (await in_limits(path)).reason == "it has more than 20,000 files in it"


async def test_members_that_overlap_count_as_often_as_they_are_named(tmp_path: Path) -> None:
    path = docx(tmp_path / "book.docx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.xml", "x" * 1_000_000)
        for number in range(1000):
            again = copy(archive.getinfo("x.xml"))
            again.filename = f"{number}.xml"
            archive.filelist.append(again)
    assert (await in_limits(path)).reason == "it is larger than 1000 MB when it is unpacked"
