"""Words of a DOCX that are not in its text: diagrams, charts, and texts of other formats; and files that are none."""

import re
from pathlib import Path

import pytest
from docx.oxml.ns import nsdecls

from plccoach_api.corpus.book import Book, LeftOut, UnreadableBook
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.test_docx_damage import texts
from tests.corpus.readers.test_docx_kinds import changed

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = nsdecls("a")
DGM = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
DIAGRAM = (
    f"<dgm:dataModel {DGM} {A}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Plan the </a:t></a:r><a:r><a:t>unit</a:t></a:r>"
    '</a:p></dgm:t></dgm:pt><dgm:pt type="pres"><dgm:t><a:p><a:r><a:t>Click here</a:t></a:r></a:p></dgm:t></dgm:pt>'
    "<dgm:pt><dgm:t><a:p><a:r><a:t>Teach</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
)
C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
CHART = (
    f"<c:chartSpace {C} {A}><c:title><a:t>Marks</a:t></c:title><c:cat><c:strRef><c:strCache><c:pt><c:v>May</c:v></c:pt>"
    "</c:strCache></c:strRef></c:cat><c:val><c:numCache><c:pt><c:v>17</c:v></c:pt></c:numCache></c:val></c:chartSpace>"
)


def drawn(tmp_path: Path, kind: str, drawing: bytes, content: str) -> Book:
    """Reads a book of two chapters with a drawing in the first, which has a part of its own."""

    def change(name: str, data: bytes) -> bytes:
        if name == "word/document.xml":
            return re.sub(rb"(?=</w:r>)", drawing, data, count=1)
        if name == "word/_rels/document.xml.rels":
            link = f'<Relationship Id="d1" Type="{RELATIONS}/{kind}" Target="fontTable.xml"/></Relationships>'
            return data.replace(b"</Relationships>", link.encode())
        return content.encode() if name == "word/fontTable.xml" else data

    return changed(tmp_path, change)


def test_the_words_of_a_diagram_are_text_in_its_place(tmp_path: Path) -> None:
    place = f'<w:drawing><dgm:relIds {DGM} r:dm="d1"/></w:drawing>'.encode()
    book = drawn(tmp_path, "diagramData", place, DIAGRAM)
    assert texts(book) == ["Plan the unit", "Teach", "Teams agree.", "Teams agree."]
    assert book.left_out == ()


def test_the_words_of_a_chart_are_counted(tmp_path: Path) -> None:
    book = drawn(tmp_path, "chart", b"<w:drawing/>", CHART)
    assert texts(book) == ["Teams agree.", "Teams agree."]
    assert book.left_out == (LeftOut("titles and labels of charts", 8, is_lost=False),)


def test_a_document_whose_text_is_a_file_inside_it_says_so(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        return re.sub(rb"<w:p>.*(?=<w:sectPr)", b"<w:altChunk/>", data) if name == "word/document.xml" else data

    with pytest.raises(UnreadableBook, match="a file of another format inside it; save it anew in Word"):
        changed(tmp_path, change)


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "it is encrypted; save it without a password"),
        (COMPOUND + "WordDocument".encode("utf-16-le"), "it has Word's old format; save it as .docx"),
        (b"{\\rtf1 Teams agree.}", "it is RTF; save it as .docx"),
        (b"<html><p>Teams agree.</p></html>", "it is a web page or XML; save it as .docx"),
        (COMPOUND, "it is a broken DOCX"),
    ],
)
def test_a_file_that_is_no_docx_says_what_it_is(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "book.docx").write_bytes(content)
    with pytest.raises(UnreadableBook, match=f"^{re.escape(reason)}$"):
        read(tmp_path / "book.docx")
