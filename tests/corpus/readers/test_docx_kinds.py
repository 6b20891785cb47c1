"""DOCX files of many programs: numbers that Word prints, headings without styles, broken and missing parts."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_docx import chapters, saved

W = nsdecls("w")
LARGE = '<w:rPr><w:b/><w:sz w:val="36"/></w:rPr>'
Change = Callable[[str, bytes], bytes | None]


@pytest.fixture
def document() -> Any:
    document = Document()
    document.core_properties.title = "Teams"
    return document


def add(document: Any, runs: str, properties: str = "") -> None:
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {W}><w:pPr>{properties}</w:pPr>{runs}</w:p>"))


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def add_list(document: Any, number: int, levels: str) -> None:
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{number}">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def level(at: int, kind: str, text: str, start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def item(number: int, at: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>'


def changed(tmp_path: Path, change: Change) -> Book:
    """Reads a book of two chapters whose parts are changed; None takes a part out."""
    document = Document()
    document.core_properties.title = "Teams"
    for number, title in enumerate(("Goals", "Norms"), 1):
        document.add_heading(f"Chapter {number}: {title}", 1)
        document.add_paragraph("Teams agree.")
    document.save(str(tmp_path / "whole.docx"))
    with zipfile.ZipFile(tmp_path / "whole.docx") as whole, zipfile.ZipFile(tmp_path / "book.docx", "w") as archive:
        for name in whole.namelist():
            content = change(name, whole.read(name))
            if content is not None:
                archive.writestr(name, content)
    return read(tmp_path / "book.docx")


TWO_CHAPTERS = [(1, "Goals", ["Teams agree."]), (2, "Norms", ["Teams agree."])]


def test_the_numbers_that_word_prints_before_headings_are_the_chapters_numbers(document: Any, tmp_path: Path) -> None:
    add_list(document, 77, level(0, "upperRoman", "Chapter %1") + level(1, "decimal", "%1.%2"))
    style = next(each for each in document.styles.element if each.get(qn("w:styleId")) == "Heading1")
    style.find(qn("w:pPr")).append(parse_xml(f'<w:numPr {W}><w:numId w:val="77"/></w:numPr>'))
    for title in ("Goals", "Norms"):
        document.add_heading(title, 1)
        add(document, run("How"), '<w:pStyle w:val="Heading2"/>' + item(77, 1))
        document.add_paragraph("Teams agree.")
    assert chapters(saved(document, tmp_path)) == [
        (1, "Goals", ["### I.1 How", "Teams agree."]),
        (2, "Norms", ["### II.1 How", "Teams agree."]),
    ]


def test_the_items_of_a_list_have_the_marks_that_word_prints(document: Any, tmp_path: Path) -> None:
    add_list(document, 77, level(0, "lowerLetter", "%1)", start=3) + level(1, "bullet", "o"))
    for text, at in (("Meet", 0), ("Weekly", 1), ("Agree", 0)):
        add(document, run(text), item(77, at))
    assert chapters(saved(document, tmp_path)) == [(None, "", ["c) Meet\n- Weekly\nd) Agree"])]


@pytest.mark.parametrize(
    ("style_id", "name"), [("berschrift1", "heading 1"), ("Titre1", "Titre 1"), ("Ttulo1", "T\u00edtulo 1")]
)
def test_styles_of_other_languages_are_headings(document: Any, tmp_path: Path, style_id: str, name: str) -> None:
    document.styles.element.append(
        parse_xml(f'<w:style {W} w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/></w:style>')
    )
    for title in ("Kapitel 1: Ziele", "Kapitel 2: Normen"):
        add(document, run(title), f'<w:pStyle w:val="{style_id}"/>')
        document.add_paragraph("Ein Text.")
    assert chapters(saved(document, tmp_path)) == [(1, "Ziele", ["Ein Text."]), (2, "Normen", ["Ein Text."])]


@pytest.mark.parametrize("titles", [("Goals", "Norms"), ("Chapter 1: Goals", "Chapter 2: Norms")])
def test_without_styles_short_lines_in_large_type_are_headings(
    document: Any, tmp_path: Path, titles: tuple[str, str]
) -> None:
    for title in titles:
        add(document, run(title, LARGE))
        add(document, run("How", "<w:rPr><w:b/></w:rPr>"))
        document.add_paragraph("Teams agree.")
        add(document, run("Bold words that end as a sentence.", "<w:rPr><w:b/></w:rPr>"))
        document.add_paragraph("And so on.")
    book = saved(document, tmp_path)
    assert [each.title for each in book.chapters] == ["Goals", "Norms"]
    assert [each.text for each in book.chapters[0].paragraphs] == [
        "### How",
        "Teams agree.",
        "Bold words that end as a sentence.",
        "And so on.",
    ]


def test_a_deleted_end_of_a_paragraph_joins_it_with_the_next(document: Any, tmp_path: Path) -> None:
    add(document, run("Teams "), "<w:rPr><w:del w:id='1' w:author='x'/></w:rPr>")
    add(document, run("agree."))
    assert chapters(saved(document, tmp_path)) == [(None, "", ["Teams agree."])]


def test_hidden_text_and_note_numbers_are_no_words_and_formulas_are(document: Any, tmp_path: Path) -> None:
    raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    formula = f"<m:oMath {nsdecls('m')}><m:r><m:t>n=3</m:t></m:r></m:oMath>"
    add(
        document,
        run("secret ", "<w:rPr><w:vanish/></w:rPr>")
        + run("Teams raise achievement")
        + run("12", raised)
        + run(". On 5 m")
        + run("2", raised)
        + run(" with ")
        + formula
        + run("."),
    )
    book = saved(document, tmp_path)
    assert chapters(book) == [(None, "", ["Teams raise achievement. On 5 m2 with n=3."])]
    assert {each.reason: each.characters for each in book.left_out} == {"hidden text": 6, "note numbers": 2}


def test_a_text_box_in_a_table_is_kept_once_and_a_table_with_a_heading_places_text(
    document: Any, tmp_path: Path
) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        f"<w:r {W} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    data = document.add_table(rows=1, cols=2)
    data.cell(0, 0).text = "Team"
    data.cell(0, 0).paragraphs[0]._p.append(parse_xml(alternate))
    data.cell(0, 1).text = "Days"
    placed = document.add_table(rows=1, cols=2).rows[0].cells
    placed[0].paragraphs[0].text = "Norms"
    placed[0].paragraphs[0].style = "Heading 1"
    placed[1].text = "Beside it"
    assert chapters(saved(document, tmp_path)) == [
        (None, "", ["| Team | Boxed | Days |"]),
        (None, "Norms", ["Beside it"]),
    ]


def test_authors_stand_below_a_subtitle_and_the_day_of_a_template_is_no_year(document: Any, tmp_path: Path) -> None:
    document.add_paragraph("Team Handbook", "Title")
    document.add_paragraph("For Schools", "Subtitle")
    document.add_paragraph("by Alan Turing")
    document.add_paragraph("Text.")
    book = saved(document, tmp_path)
    assert (book.title, book.authors, book.year) == ("Team Handbook", ("Alan Turing",), None)


def _without_core(name: str, content: bytes) -> bytes | None:
    if name == "docProps/core.xml":
        return None
    return content


def _with_a_missing_picture(name: str, content: bytes) -> bytes:
    relation = b'<Relationship Id="rId99" Type="http://x/image" Target="NULL"/></Relationships>'
    return content.replace(b"</Relationships>", relation) if name.endswith("document.xml.rels") else content


def _with_a_broken_part(name: str, content: bytes) -> bytes:
    return b"<w:num" if name == "word/numbering.xml" else content


def _without_styles(name: str, content: bytes) -> bytes | None:
    return None if name == "word/styles.xml" else content


def _of_a_template(_: str, content: bytes) -> bytes:
    return content.replace(b"wordprocessingml.document.main", b"wordprocessingml.template.main")


def _strict(_: str, content: bytes) -> bytes:
    content = content.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    return content.replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


@pytest.mark.parametrize(
    "change",
    [_without_core, _with_a_missing_picture, _with_a_broken_part, _without_styles, _of_a_template, _strict],
)
def test_a_part_that_is_missing_broken_or_of_another_kind_harms_no_other(tmp_path: Path, change: Change) -> None:
    book = changed(tmp_path, change)
    assert chapters(book) == TWO_CHAPTERS
    assert book.share == 1


def test_markup_that_breaks_off_is_read_up_to_there_and_the_rest_is_lost(tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content[: content.rindex(b"Teams")] if name == "word/document.xml" else content

    book = changed(tmp_path, change)
    assert chapters(book) == TWO_CHAPTERS[:1]
    assert any(each.is_lost and "markup is broken" in each.reason for each in book.left_out)
    assert book.share < 1


def test_a_text_of_another_format_in_it_is_said(tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return re.sub(rb"(?=<w:sectPr)", b"<w:altChunk/>", content, count=1) if name == "word/document.xml" else content

    book = changed(tmp_path, change)
    assert [(each.reason, each.is_lost) for each in book.left_out] == [("1 texts of another format in it", True)]
