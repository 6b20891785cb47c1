"""DOCX files with damage: one bad part harms no other, and what is lost is said."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_docx import chapters
from tests.corpus.readers.test_docx_kinds import TWO_CHAPTERS, add, changed, item, level, run

DELETED_END = '<w:rPr><w:del w:id="1"/></w:rPr>'
BOX = "<w:r><w:txbxContent>{}</w:txbxContent></w:r>"


def saved_with(document: Any, tmp_path: Path) -> Book:
    document.core_properties.title = "Teams"
    document.save(str(tmp_path / "book.docx"))
    return read(tmp_path / "book.docx")


def texts(book: Book) -> list[str]:
    return [paragraph.text for chapter in book.chapters for paragraph in chapter.paragraphs]


def damaged(tmp_path: Path, name: str) -> Book:
    """Reads a book of two chapters in which the compressed data of one part are damaged from the middle on."""
    document = Document()
    for number, title in enumerate(("Goals", "Norms"), 1):
        document.add_heading(f"Chapter {number}: {title}", 1)
        document.add_paragraph("Teams agree.")
        for count in range(500):
            document.add_paragraph(f"Team {count * 7919 % 1000} has norm {count}.")
    file = io.BytesIO()
    document.save(file)
    data = bytearray(file.getvalue())
    member = zipfile.ZipFile(file).getinfo(name)
    middle = member.header_offset + 30 + len(name) + member.compress_size // 2
    data[middle : middle + 20] = b"\xff" * 20
    (tmp_path / "book.docx").write_bytes(data)
    return read(tmp_path / "book.docx")


@pytest.mark.parametrize(
    "name",
    ["word/styles.xml", "word/numbering.xml", "docProps/core.xml", "word/_rels/document.xml.rels", "_rels/.rels"],
)
def test_a_damaged_part_that_holds_no_text_harms_no_other(tmp_path: Path, name: str) -> None:
    book = damaged(tmp_path, name)
    assert [chapter.title for chapter in book.chapters] == ["Goals", "Norms"]
    assert book.share == 1
    assert any(name in each.reason for each in book.left_out)


def test_a_damaged_text_is_read_up_to_there_and_the_rest_is_estimated(tmp_path: Path) -> None:
    book = damaged(tmp_path, "word/document.xml")
    assert texts(book)[0] == "Teams agree."
    assert 0.1 < book.share < 0.7


def test_markup_that_breaks_off_is_estimated_by_the_text_that_the_file_has(tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"Chapter 2", b"</w:body>Chapter 2") if name == "word/document.xml" else content

    assert 0.3 < changed(tmp_path, change).share < 0.7


@pytest.mark.parametrize("name", ["word/styles.xml", "word/numbering.xml", "docProps/core.xml"])
def test_a_part_of_another_kind_than_its_name_says_harms_no_other(tmp_path: Path, name: str) -> None:
    book = changed(tmp_path, lambda each, content: b"<a/>" if each == name else content)
    assert chapters(book) == TWO_CHAPTERS


def test_a_part_that_is_missing_is_named(tmp_path: Path) -> None:
    book = changed(tmp_path, lambda name, content: None if name == "word/styles.xml" else content)
    assert [each.reason for each in book.left_out] == ["word/styles.xml, which is missing"]


def test_a_document_without_a_body_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBook, match="it has no text"):
        changed(tmp_path, lambda _, content: content.replace(b"w:body", b"w:nobody"))


def test_an_empty_document_is_not_called_broken(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBook, match=r"^it has no text"):
        saved_with(Document(), tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<w:name w:val="heading 1"/>', b"<w:name/>"),
        (b'<w:basedOn w:val="Normal"/>', b"<w:basedOn/>"),
        (b'<w:pStyle w:val="Heading1"/>', b"<w:pStyle/>"),
        (b"<w:body>", b'<w:body><w:p><w:pPr><w:outlineLvl w:val="' + b"9" * 5000 + b'"/></w:pPr></w:p>'),
        (b"<w:body>", b'<w:body><w:p><w:pPr><w:numPr><w:ilvl w:val="' + b"9" * 5000 + b'"/></w:numPr></w:pPr></w:p>'),
    ],
    ids=["a style without a name", "a base style", "a style", "an outline level", "a level of a list"],
)
def test_a_value_that_is_missing_or_too_large_harms_nothing_else(tmp_path: Path, old: bytes, new: bytes) -> None:
    book = changed(tmp_path, lambda _, content: content.replace(old, new))
    assert " ".join(texts(book)).count("Teams agree.") == 2


def test_a_deleted_end_of_a_paragraph_before_a_table_or_the_end_keeps_its_text(tmp_path: Path) -> None:
    document = Document()
    add(document, run("Before a table."), DELETED_END)
    document.add_table(1, 1).rows[0].cells[0].text = "A cell."
    add(document, run("The last words.") + BOX.format(f"<w:p>{run('A box.')}</w:p>"), DELETED_END)
    assert sorted(texts(saved_with(document, tmp_path))) == ["A box.", "A cell.", "Before a table.", "The last words."]


def test_a_box_in_a_box_is_kept_once_and_hidden_text_in_it_is_left_out(tmp_path: Path) -> None:
    hidden = run("Secret.", "<w:rPr><w:vanish/></w:rPr>")
    inner = BOX.format(f"<w:p>{run('The inner box.')}{hidden}</w:p>")
    document = Document()
    add(document, run("Text.") + BOX.format(f"<w:p>{run('The outer box.')}{inner}</w:p>"))
    book = saved_with(document, tmp_path)
    assert texts(book) == ["Text.", "The outer box.", "The inner box."]
    assert [each.reason for each in book.left_out] == ["hidden text"]


def test_a_list_that_begins_below_its_first_level_has_the_number_that_it_asks_for(tmp_path: Path) -> None:
    document = Document()
    root = document.part.numbering_part.element
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="99">{levels}</w:abstractNum>'))
    override = '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride>'
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="99"><w:abstractNumId w:val="99"/>{override}</w:num>'))
    add(document, run("Goals"), item(99, 1))
    add(document, run("Norms"), item(99, 1))
    assert texts(saved_with(document, tmp_path)) == ["1.5 Goals\n1.6 Norms"]
