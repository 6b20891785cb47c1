"""Formulas in DOCX files, which Word keeps as trees."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.corpus.readers.test_docx import saved


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def part(name: str, content: str) -> str:
    return f"<m:{name}>{content}</m:{name}>"


def sign(name: str, value: str) -> str:
    return f'<m:{name} m:val="{value}"/>'


FRACTION = part("f", part("num", t("7")) + part("den", t("11")))
POWER = part("sSup", part("e", t("x")) + part("sup", t("2")))


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (t("p=") + FRACTION, "p=7/11"),
        (part("f", part("num", t("n!")) + part("den", t("k!m!"))), "(n!)/(k!m!)"),
        (
            part(
                "d",
                part("e", part("f", part("fPr", sign("type", "noBar")) + part("num", t("n")) + part("den", t("k")))),
            ),
            "(n k)",
        ),
        (POWER + t("+1"), "x^2+1"),
        (part("sSub", part("e", t("x")) + part("sub", t("n-1"))), "x_(n-1)"),
        (part("sSubSup", part("e", t("a")) + part("sub", t("i")) + part("sup", t("2"))), "a_i^2"),
        (part("rad", part("deg", "") + part("e", t("b-4"))), "\u221a(b-4)"),
        (part("rad", part("deg", t("3")) + part("e", t("8"))), "3\u221a8"),
        (t("P") + part("d", part("e", t("A")) + part("e", t("B"))), "P(A|B)"),
        (part("d", part("dPr", sign("begChr", "[") + sign("endChr", "")) + part("e", t("0;1"))), "[0;1"),
        (
            part(
                "nary",
                part("naryPr", sign("chr", "\u2211")) + part("sub", t("i=1")) + part("sup", t("n")) + part("e", POWER),
            ),
            "\u2211_(i=1)^n x^2",
        ),
        (part("func", part("fName", t("sin")) + part("e", t("a"))), "sin a"),
        (part("acc", part("accPr", sign("chr", "\u0305")) + part("e", t("x"))), "x\u0305"),
        (
            part(
                "m",
                part("mr", part("e", t("1")) + part("e", t("0"))) + part("mr", part("e", t("0")) + part("e", t("1"))),
            ),
            "1, 0; 0, 1",
        ),
    ],
)
def test_a_formula_keeps_its_fractions_powers_and_brackets(tmp_path: Path, formula: str, text: str) -> None:
    document: Any = Document()
    body = document.element.body
    body.insert(
        0,
        parse_xml(f"<w:p {nsdecls('w', 'm')}><m:oMath>{formula}</m:oMath></w:p>"),
    )
    assert saved(document, tmp_path).chapters[0].paragraphs[0].text == text


@pytest.mark.parametrize(
    ("font", "place", "text"),
    [
        ("Wingdings", "F0E0", "Plan \u2192 teach"),
        ("Symbol", "F061", "Plan \u03b1 teach"),
        ("Symbol", "B3", "Plan \u2265 teach"),
        ("Webdings", "F04A", "Plan teach"),
        ("Symbol", "", "Plan teach"),
    ],
)
def test_a_sign_of_a_font_of_signs_is_read_or_counted(tmp_path: Path, font: str, place: str, text: str) -> None:
    document: Any = Document()
    document.core_properties.title = "Teams"
    runs = (
        '<w:r><w:t xml:space="preserve">Plan </w:t></w:r>'
        f'<w:r><w:sym w:font="{font}" w:char="{place}"/></w:r>'
        '<w:r><w:t xml:space="preserve"> teach</w:t></w:r>'
    )
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>"))
    book = saved(document, tmp_path)
    assert book.chapters[0].paragraphs[0].text == text
    unread = ["symbols without a letter"] if text == "Plan teach" else []
    assert [each.reason for each in book.left_out] == unread
