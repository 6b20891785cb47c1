"""DOCX files without styles, whose title and headings are known by their look."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.corpus.readers.test_docx import chapters, saved
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


def test_beside_styles_for_headings_the_largest_line_above_them_is_the_title(tmp_path: Path) -> None:
    document = Document()
    for text, size in (("Team Handbook", 84), ("NATIONAL PROGRAM", 40)):
        add(document, run(text, f'<w:rPr><w:sz w:val="{size}"/></w:rPr>'))
    for title in ("Goals", "Norms"):
        document.add_heading(title, 1)
        document.add_paragraph("Teams agree on the norms of their work.")
    book = saved(document, tmp_path)
    assert book.title == "Team Handbook"
    assert [each.title for each in book.chapters] == ["", "Goals", "Norms"]


def test_a_text_most_of_which_is_bold_has_no_headings(tmp_path: Path) -> None:
    document = Document()
    for text in ("Teams meet each week", "They look at the work", "So they learn"):
        add(document, run(text, "<w:rPr><w:b/></w:rPr>"))
    document.add_paragraph("And so on.")
    assert [each.title for each in saved(document, tmp_path).chapters] == [""]


def titled() -> Any:
    document = Document()
    document.core_properties.title = "Teams"
    return document


@pytest.mark.parametrize("line", ["Goals ........ 3", "\u56e2\u961f\u6bcf\u5468\u5f00\u4f1a\u3002"])
def test_an_entry_of_a_list_of_contents_and_a_sentence_of_another_script_are_no_headings(
    tmp_path: Path, line: str
) -> None:
    document = titled()
    for text in (line, "Goals", "Norms"):
        add(document, run(text, LARGE))
        document.add_paragraph("Teams agree on the norms of their work.")
    assert [each.title for each in saved(document, tmp_path).chapters] == ["", "Goals", "Norms"]


def test_a_long_sentence_in_the_style_of_a_heading_is_text(tmp_path: Path) -> None:
    document = titled()
    sentence = "A district shall give each team the time that it needs. " * 5
    document.add_heading("Section 1", 1)
    document.add_heading(sentence, 2)
    assert chapters(saved(document, tmp_path)) == [(None, "Section 1", [sentence.strip()])]


def test_a_clause_in_the_style_of_a_heading_is_text(tmp_path: Path) -> None:
    document = titled()
    clause = "The teacher shall keep the keys of all rooms, give them back on the last day, and pay for a lost one;"
    document.add_heading("Keys", 1)
    document.add_heading(clause, 2)
    assert chapters(saved(document, tmp_path)) == [(None, "Keys", [clause])]


def test_the_only_heading_is_no_title_far_below_the_beginning(tmp_path: Path) -> None:
    document = Document()
    document.core_properties.title = ""
    for number in range(12):
        document.add_paragraph(f"Team {number} agrees on the norms of its work.")
    document.add_heading("Testing Stages", 1)
    document.add_paragraph("Teams test what they agreed on.")
    book = saved(document, tmp_path)
    assert book.title == "book"
    assert [chapter.title for chapter in book.chapters] == ["", "Testing Stages"]


def test_a_text_of_nothing_but_headings_is_text(tmp_path: Path) -> None:
    document = titled()
    for text in ("Teams meet", "Teams decide"):
        document.add_heading(text, 1)
    assert chapters(saved(document, tmp_path)) == [(None, "", ["Teams meet", "Teams decide"])]


def test_the_first_of_several_headings_below_other_text_is_no_title(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("The handbook of all teams")
    for text in ("Letter", "Goals", "Norms"):
        document.add_heading(text, 1)
        document.add_paragraph("Teams agree.")
    book = saved(document, tmp_path)
    assert book.title == "book"
    assert [each.title for each in book.chapters] == ["", "Letter", "Goals", "Norms"]
