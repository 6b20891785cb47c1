"""DOCX files without styles, whose title and headings are known by their look."""

from pathlib import Path

import pytest
from docx import Document

from tests.corpus.readers.test_docx import saved
from tests.corpus.readers.test_docx_kinds import LARGE, add, run


@pytest.mark.parametrize("titles", [("Goals", "Norms"), ("Chapter 1: Goals", "Chapter 2: Norms")])
def test_without_styles_the_largest_line_at_the_top_is_the_title(tmp_path: Path, titles: tuple[str, str]) -> None:
    document = Document()
    add(document, run("The Handbook", '<w:rPr><w:sz w:val="56"/></w:rPr>'))
    document.add_paragraph("by Alan Turing")
    for title in titles:
        add(document, run(title, LARGE))
        document.add_paragraph("Teams agree on the norms of their work.")
        add(document, run("How", "<w:rPr><w:b/></w:rPr>"))
        document.add_paragraph("They write them down.")
    book = saved(document, tmp_path)
    assert (book.title, book.authors) == ("The Handbook", ("Alan Turing",))
    assert [each.title for each in book.chapters] == ["Goals", "Norms"]


def test_a_text_most_of_which_is_bold_has_no_headings(tmp_path: Path) -> None:
    document = Document()
    for text in ("Teams meet each week", "They look at the work", "So they learn"):
        add(document, run(text, "<w:rPr><w:b/></w:rPr>"))
    document.add_paragraph("And so on.")
    assert [each.title for each in saved(document, tmp_path).chapters] == [""]
