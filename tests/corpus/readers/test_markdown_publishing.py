"""Files of R Markdown, Quarto, MDX and Markua, which are Markdown with other suffixes."""

from pathlib import Path

import pytest

from plccoach_api.corpus.finding import find
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_markdown_kinds import read_markdown


@pytest.mark.parametrize("suffix", [".Rmd", ".rmd", ".RMD", ".qmd", ".Qmd", ".mdx", ".markua"])
def test_a_file_of_a_publishing_program_is_markdown(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"teams{suffix}"
    book = read_markdown(path, "---\ntitle: Teams\n---\n\n# Norms {#norms .unnumbered}\n\nTeams agree.")
    assert (book.title, [each.title for each in book.chapters]) == ("Teams", ["Norms"])


@pytest.mark.parametrize("suffix", [".Rmd", ".RMD", ".Qmd", ".qmd", ".mdx", ".MD"])
def test_a_chapter_of_a_folder_may_be_of_a_publishing_program(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "SUMMARY.md").write_text(f"* [Norms](norms{suffix})\n* [Goals](goals)\n")
    (tmp_path / f"norms{suffix}").write_text("# Norms\n\nTeams agree.")
    (tmp_path / f"goals{suffix}").write_text("# Goals\n\nTeams aim.")
    assert [each.title for each in read(tmp_path).chapters] == ["Norms", "Goals"]


def test_a_folder_of_files_of_publishing_programs_has_a_book_for_each(tmp_path: Path) -> None:
    names = ["a.RMD", "b.Qmd", "c.mdx"]
    for name in names:
        (tmp_path / name).write_text("# Norms\n\nTeams agree.")
    (tmp_path / "norms.R").write_text("plot(norms)")
    assert [each.name for each in find([tmp_path]).books] == names
