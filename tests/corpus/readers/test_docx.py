"""Books read from DOCX files, which the tests make."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from plccoach_api.corpus.book import Book, LeftOut, UnreadableBook
from plccoach_api.corpus.readers.read import read


@pytest.fixture
def document() -> Any:
    document = Document()
    document.core_properties.title = "Teams"
    document.core_properties.author = "Ada Lovelace; Grace Hopper"
    document.core_properties.created = dt.datetime(2021, 5, 3, tzinfo=dt.UTC)
    return document


def saved(document: Any, tmp_path: Path) -> Book:
    document.save(str(tmp_path / "book.docx"))
    return read(tmp_path / "book.docx")


def chapters(book: Book) -> list[tuple[int | None, str, list[str]]]:
    return [(each.number, each.title, [paragraph.text for paragraph in each.paragraphs]) for each in book.chapters]


def test_headings_are_chapters_and_properties_name_the_book(document: Any, tmp_path: Path) -> None:
    document.add_heading("Chapter 1: Norms", 1)
    document.add_paragraph("Teams agree.")
    document.add_heading("How", 2)
    document.add_paragraph("First", style="List Bullet")
    document.add_paragraph("Second", style="List Bullet")
    document.add_heading("Chapter 2: Goals", 1)
    document.add_paragraph("One", style="List Number")
    document.add_paragraph("Two", style="List Number")
    document.add_paragraph("Teams aim.").add_run().add_break()
    book = saved(document, tmp_path)
    assert (book.title, book.authors, book.year) == ("Teams", ("Ada Lovelace", "Grace Hopper"), 2021)
    assert chapters(book) == [
        (1, "Norms", ["Teams agree.", "### How", "- First\n- Second"]),
        (2, "Goals", ["1. One\n2. Two", "Teams aim."]),
    ]
    assert all(paragraph.first_page is None for chapter in book.chapters for paragraph in chapter.paragraphs)


def test_the_title_page_has_priority_over_the_properties(document: Any, tmp_path: Path) -> None:
    document.add_heading("A Handbook", 0)
    document.add_paragraph("by Alan Turing")
    document.add_paragraph("Text.")
    book = saved(document, tmp_path)
    assert (book.title, book.authors) == ("A Handbook", ("Alan Turing",))
    assert chapters(book) == [(None, "", ["Text."])]


def test_a_sentence_in_a_table_is_a_paragraph_and_the_rest_are_rows(document: Any, tmp_path: Path) -> None:
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Exit ticket"
    table.cell(0, 1).text = "The team reads it before the next meeting."
    data = document.add_table(rows=2, cols=2)
    for at, text in enumerate(("Team", "Days", "Blue", "3")):
        data.cell(at // 2, at % 2).text = text
    document.add_table(rows=1, cols=1).cell(0, 0).text = "A frame"
    book = saved(document, tmp_path)
    rows = ["| Exit ticket |", "The team reads it before the next meeting.", "| Team | Days |\n| Blue | 3 |", "A frame"]
    assert chapters(book) == [(None, "", rows)]
    assert (book.share, book.left_out) == (1, ())


def test_deleted_text_notes_running_heads_and_contents_are_left_out(document: Any, tmp_path: Path) -> None:
    document.sections[0].header.paragraphs[0].text = "A running head"
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("Norms 3", style="toc 1")
    paragraph = document.add_paragraph("Teams ")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>always </w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>never</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:moveFrom {nsdecls('w')}><w:r><w:t>moved</w:t></w:r></w:moveFrom>"))
    paragraph.add_run("meet.")
    book = saved(document, tmp_path)
    assert chapters(book) == [(None, "", ["Teams always meet."])]
    assert {each.reason: each.characters for each in book.left_out} == {
        "running heads": 12,
        "list of contents": 6,
        "deleted text": 5,
    }


def test_text_in_content_controls_and_text_boxes_is_kept_once(document: Any, tmp_path: Path) -> None:
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(0, parse_xml(control))
    box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        f"<w:r {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph("Beside it.")._p.append(parse_xml(alternate))
    assert chapters(saved(document, tmp_path)) == [(None, "", ["In a control.", "Beside it.", "In a box."])]


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0" * 100])
def test_a_broken_docx_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "book.docx").write_bytes(content)
    with pytest.raises(UnreadableBook, match="broken DOCX"):
        read(tmp_path / "book.docx")


def test_a_number_above_a_title_is_one_heading(document: Any, tmp_path: Path) -> None:
    for number, title in enumerate(("Norms", "Goals"), 1):
        document.add_heading(f"Chapter {number}", 1)
        document.add_heading(title, 2)
        document.add_paragraph("Teams agree.")
    assert chapters(saved(document, tmp_path)) == [(1, "Norms", ["Teams agree."]), (2, "Goals", ["Teams agree."])]


def test_a_docx_without_a_title_has_the_name_of_its_file(document: Any, tmp_path: Path) -> None:
    document.core_properties.title = ""
    document.add_paragraph("Teams agree.")
    assert saved(document, tmp_path).title == "book"


def test_a_line_that_begins_with_a_number_sign_is_no_heading(document: Any, tmp_path: Path) -> None:
    document.add_heading("Priorities", 1)
    document.add_paragraph("#1 – The team agrees on what students must learn.")
    book = saved(document, tmp_path)
    assert [each.is_heading for each in book.chapters[0].paragraphs] == [False]


def test_code_of_a_program_that_writes_books_is_left_out(document: Any, tmp_path: Path) -> None:
    document.add_paragraph("Teams count their exit tickets.")
    style = document.styles.add_style("Source Code", 1)
    document.add_paragraph("## count(tickets)", style=style)
    document.add_paragraph("Teams that meet every week learn most.", style=style)
    book = saved(document, tmp_path)
    assert chapters(book) == [(None, "", ["Teams count their exit tickets.", "Teams that meet every week learn most."])]
    assert book.left_out == (LeftOut("code", 16, is_lost=False),)
