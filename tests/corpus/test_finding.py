"""No file outside a named folder is read, and nothing in the folder is passed over in silence."""

import os
from pathlib import Path

import pytest

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.finding import find
from plccoach_api.corpus.ingest import IngestOptions, dry_run, read_trusted
from plccoach_api.corpus.readers.read import read
from plccoach_api.corpus.reading_process import ReadingLimits, read_in_process

SECRET = "The secret text of another folder."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder beside a file that must not be read."""
    (tmp_path / "secret.md").write_text(f"# Secret\n\n{SECRET}")
    (tmp_path / "books").mkdir()
    return tmp_path / "books"


def test_a_link_out_of_the_folder_is_refused_but_not_when_it_is_named_itself(folder: Path) -> None:
    link = folder / "link.md"
    link.symlink_to(folder.parent / "secret.md")
    books, [report] = find([folder])
    assert books == []
    assert (report.path, report.reason) == (
        str(link),
        "it is a link out of its folder; name the file itself to load it",
    )
    assert find([link]) == ([link], [])


def test_a_link_to_a_folder_elsewhere_is_refused_and_one_to_a_folder_within_adds_nothing(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / "out").symlink_to(folder.parent / "elsewhere")
    (folder / "loop").symlink_to(".")
    books, refused = find([folder])
    assert [(each.path, each.reason) for each in refused] == [
        (str(folder / "out"), "it is a link out of its folder; name the folder itself to load it")
    ]
    assert books == []


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "book.md").write_text("# Zebras\n\nZebras have stripes.")
    (folder / "link.md").symlink_to("book.md")
    assert find([folder]).books == [folder / "book.md", folder / "link.md"]


def test_a_folder_that_is_named_twice_has_each_book_and_each_refusal_once(folder: Path) -> None:
    (folder / "book.md").write_text("# Zebras\n\nZebras have stripes.")
    (folder / "link.md").symlink_to("../secret.md")
    books, refused = find([folder, folder, folder / "book.md"])
    assert books == [folder / "book.md"]
    assert [each.path for each in refused] == [str(folder / "link.md")]


async def test_links_to_nothing_and_files_that_are_none_are_reported(folder: Path) -> None:
    (folder / "nowhere.md").symlink_to("missing.md")
    (folder / "itself.md").symlink_to("itself.md")
    os.mkfifo(folder / "pipe.md")
    (folder / "loop").symlink_to(".")
    books, refused = find([folder])
    reports = await dry_run(books, IngestOptions(read=read_in_process))
    reasons = {Path(each.path).name: each.reason for each in [*reports, *refused]}
    assert reasons == {
        "itself.md": "it is a link that leads to itself",
        "nowhere.md": "not found",
        "pipe.md": "it is not a file",
    }


def test_hidden_files_and_folders_are_passed_over(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "notes.md").write_text("# Notes\n\nNo book.")
    (folder / ".draft.md").write_text("# Draft\n\nNo book.")
    # The folder itself stands for the books that it lacks.
    assert find([folder]).books == [folder]


OUTLINES = {
    "mdbook source": {"book.toml": '[book]\ntitle = "T"\nsrc = ".."'},
    "mdbook absolute source": {"book.toml": '[book]\ntitle = "T"\nsrc = "{outside}"'},
    "mdbook chapter": {
        "book.toml": '[book]\ntitle = "T"',
        "src/SUMMARY.md": "- [One](one.md)\n- [Two](../../secret.md)\n- [3]({outside}/secret.md)\n- [Us](SUMMARY.md)",
        "src/one.md": "# One\n\nA text of words.",
    },
    "mkdocs folder": {"mkdocs.yml": "site_name: T\ndocs_dir: ..\nnav:\n  - One: secret.md"},
    "mkdocs nav": {
        "mkdocs.yml": "site_name: T\nnav:\n  - One: one.md\n  - Two: ../../secret.md",
        "docs/one.md": "# One\n\nA text of words.",
    },
    "jupyter book": {
        "_toc.yml": "root: one\nchapters:\n  - file: ../secret\n  - file: {outside}/secret",
        "one.md": "# One\n\nA text of words.",
    },
}


@pytest.mark.parametrize("name", OUTLINES)
async def test_the_outline_of_a_book_reaches_no_file_outside_its_folder(folder: Path, name: str) -> None:
    (folder.parent / "SUMMARY.md").write_text("- [Secret](secret.md)")
    for file, text in OUTLINES[name].items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("{outside}", str(folder.parent)))
    for path in find([folder]).books:
        [report] = await dry_run([path], IngestOptions(read=read_trusted, accept=True))
        assert report.outcome == "readable" or report.reason
        assert not any(SECRET[:10] in each.begins for each in report.chapters)


@pytest.mark.parametrize("name", ["book.md", "src"])
def test_a_chapter_or_a_sidecar_that_is_a_link_out_of_the_folder_is_not_read(folder: Path, name: str) -> None:
    (folder.parent / "outside.toml").write_text('title = "Stolen"')
    if name == "src":
        (folder / "book.toml").write_text('[book]\ntitle = "T"')
        (folder / "src").mkdir()
        (folder / "src/SUMMARY.md").write_text("- [One](one.md)\n- [Two](two.md)")
        (folder / "src/one.md").write_text("# One\n\nA text of words.")
        (folder / "src/two.md").symlink_to(folder.parent / "secret.md")
        book = read(folder)
        assert [each.reason for each in book.left_out if each.is_lost] == ["chapters that could not be read (two.md)"]
    else:
        (folder / name).write_text("# Zebras\n\nZebras have stripes.")
        (folder / "book.toml").symlink_to(folder.parent / "outside.toml")
        book = read(folder / name)
        assert book.title == "Zebras"
    assert not any(SECRET in paragraph.text for chapter in book.chapters for paragraph in chapter.paragraphs)


async def test_pictures_and_a_version_history_do_not_count_as_text_of_a_folder(folder: Path) -> None:
    (folder / "book.toml").write_text('[book]\ntitle = "T"')
    (folder / "src").mkdir()
    (folder / "src/SUMMARY.md").write_text("- [One](one.md)")
    (folder / "src/one.md").write_text("# One\n\nA text of words.")
    (folder / "src/nowhere.md").symlink_to("missing.md")
    with (folder / "history.pack").open("wb") as file:
        file.truncate(3_000_000)
    assert (await read_in_process(folder, ReadingLimits(file_megabytes=1))).book.title == "T"
    with (folder / "src/two.md").open("wb") as file:
        file.truncate(3_000_000)
    with pytest.raises(UnreadableBook, match=r"^it is larger than 1 MB$"):
        await read_in_process(folder, ReadingLimits(file_megabytes=1))
