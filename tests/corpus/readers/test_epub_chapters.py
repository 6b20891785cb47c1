"""The chapters of an EPUB: the level of its navigation, or of its headings, that holds them."""

import zipfile
from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book, PageStart
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.epub_files import chapters, paragraphs, write_epub

FILES = {name: f"<p>Text of {name}.</p>" for name in "abcd"}


def read_book(tmp_path: Path, texts: dict[str, str | bytes], nav: str = "") -> Book:
    return read(
        write_epub(tmp_path / "book.epub", texts, nav=f'<nav epub:type="toc"><ol>{nav}</ol></nav>' if nav else "")
    )


def item(name: str, title: str, inside: str = "") -> str:
    return f'<li><a href="{name}">{title}</a>{f"<ol>{inside}</ol>" if inside else ""}</li>'


@pytest.mark.parametrize(
    ("nav", "expected"),
    [
        (item("a", "Part One", item("b", "Goals") + item("c", "Evidence")) + item("d", "Notes"),
         [(None, "Part One"), (None, "Goals"), (None, "Evidence"), (None, "Notes")]),
        (item("a", "Foundations", item("a", "Chapter 1: Goals") + item("b", "Chapter 2: Evidence"))
         + item("c", "Practice", item("c", "Chapter 3: Support", item("c#s", "A section"))) + item("d", "Notes"),
         [(1, "Goals"), (2, "Evidence"), (3, "Support"), (None, "Notes")]),
        (item("a", "Teams", item("a", "Goals") + item("b", "Evidence") + item("c", "Support") + item("d", "Notes")),
         [(None, "Goals"), (None, "Evidence"), (None, "Support"), (None, "Notes")]),
        (item("a", "Goals", item("a#x", "1. One") + item("a#y", "2. Two")) + item("b", "Evidence", item("b#x", "1. One")
         + item("b#y", "2. Two")) + item("c", "C") + item("d", "D"),
         [(None, "Goals"), (None, "Evidence"), (None, "C"), (None, "D")]),
        (item("a", "Beginning", item("a", "1. One") + item("b", "2. Two")) + item("c", "End", item("c", "3. Three")
         + item("d", "4. Four")), [(1, "One"), (2, "Two"), (3, "Three"), (4, "Four")]),
        (item("a", "1. One") + item("absent", "2. Absent") + item("c#absent", "3. Three"), [(1, "One"), (3, "Three")]),
    ],
)  # fmt: skip
def test_the_level_of_the_navigation_that_holds_the_chapters_is_found(
    tmp_path: Path, nav: str, expected: list[tuple[int | None, str]]
) -> None:
    book = read_book(tmp_path, {**FILES}, nav)
    assert chapters(book) == expected
    assert paragraphs(book) == [f"Text of {name}." for name in "abcd"]


def test_a_chapter_begins_where_its_anchor_stands_or_at_the_heading_above(tmp_path: Path) -> None:
    text = (
        "<h1>Goals</h1><p id='one'>First.</p><p>Second.<a id='two'/></p><h2>Evidence</h2><p>Third.</p>"
        "<div id='three'><p>Fourth.</p></div>"
    )
    book = read_book(
        tmp_path, {"a": text}, item("a#one", "Goals") + item("a#two", "Evidence") + item("a#three", "Rest")
    )
    assert [(each.title, [p.text for p in each.paragraphs]) for each in book.chapters] == [
        ("Goals", ["First.", "Second."]),
        ("Evidence", ["Third."]),
        ("Rest", ["Fourth."]),
    ]


def test_the_number_of_a_chapter_may_stand_in_its_text_only(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = {
        "a": "<h2>Chapter 1</h2><h1>Goals</h1><p>A.</p>",
        "b": "<h2>2</h2><h1>Evidence</h1><p>B.</p>",
    }
    book = read_book(tmp_path, texts, item("a", "Goals") + item("b", "Evidence"))
    assert chapters(book) == [(1, "Goals"), (2, "Evidence")]
    assert paragraphs(book) == ["A.", "B."]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Teams</h1><h2>Goals</h2><p>A.</p><h3>Section</h3><p>B.</p><h2>Evidence</h2><p>C.</p>",
         [(None, "Goals"), (None, "Evidence")]),
        ("<h1>Part I</h1><h2>Chapter 1. Goals.</h2><p>A.</p><h1>Part II</h1><h2>Chapter 2. Evidence.</h2><p>B.</p>",
         [(1, "Goals"), (2, "Evidence")]),
        ("<h1>Chapter 1</h1><h1>Goals</h1><p>A.</p><h1>Chapter 2<br/>Evidence</h1><p>B.</p>",
         [(1, "Goals"), (2, "Evidence")]),
        ("<p>Chapter 1: Goals</p><p>A.</p><p>Chapter 2: Evidence</p><p>B.</p>", [(1, "Goals"), (2, "Evidence")]),
        ("<h2>Only one</h2><p>A.</p>", [(None, "")]),
    ],
)  # fmt: skip
def test_without_navigation_headings_begin_the_chapters(
    tmp_path: Path, body: str, expected: list[tuple[int | None, str]]
) -> None:
    assert chapters(read_book(tmp_path, {"a": body})) == expected


def test_a_list_of_contents_within_the_text_ends_where_its_entries_end(tmp_path: Path) -> None:
    body = (
        "<h1>Contents</h1><p>Part One</p><p><a href='#a'>Goals</a></p><p>Evidence 12</p>"
        "<ul><li><a href='#b'>C</a></li></ul>"
        "<table><tr><td>Harvest</td><td>7</td></tr><tr><td>Water and weeds</td><td>9</td></tr></table>"
        "<p>This book began in a school. It ends there.</p><h1 id='a'><a href='#toc'>Goals</a></h1><p>A.</p>"
        "<h1 id='b'>Evidence</h1><p>B.</p><h1>Index</h1><p>goals, 3, 12</p><p>teams. See also norms</p>"
    )
    book = read_book(tmp_path, {"a": body})
    assert paragraphs(book) == ["This book began in a school. It ends there.", "A.", "B."]
    assert {each.reason for each in book.left_out} == {"list of contents", "index"}


def test_a_text_with_little_but_links_is_a_list_of_contents_in_any_language(tmp_path: Path) -> None:
    contents = "<h1>Inhalt</h1>" + "".join(f"<p><a href='{name}'>Kapitel {name}</a></p>" for name in "abcd")
    book = read_book(tmp_path, {"toc": contents, **FILES}, item("toc", "Inhalt") + item("a", "A") + item("c", "C"))
    assert chapters(book) == [(None, "A"), (None, "C")]


def test_the_head_and_licence_of_project_gutenberg_are_no_part_of_the_book(tmp_path: Path) -> None:
    body = (
        "<p>The Project Gutenberg eBook of Teams</p><p>*** START OF THE PROJECT GUTENBERG EBOOK TEAMS ***</p><p>A.</p>"
        "<p>*** END OF THE PROJECT GUTENBERG EBOOK TEAMS ***</p><p>Section 1. General Terms</p>"
    )
    book = read_book(tmp_path, {"a": body})
    assert paragraphs(book) == ["A."]
    assert [(each.reason, each.is_lost) for each in book.left_out] == [("Project Gutenberg's head and licence", False)]


def test_an_ncx_gives_chapters_and_pages(tmp_path: Path) -> None:
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Part I</text></navLabel>'
        '<content src="a"/><navPoint><navLabel><text>Chapter 1: Goals</text></navLabel><content src="a"/></navPoint>'
        '<navPoint><navLabel><text>Chapter 2: Evidence</text></navLabel><content src="b#x"/></navPoint></navPoint>'
        "</navMap>"
        '<pageList><pageTarget><navLabel><text>7</text></navLabel><content src="b#x"/></pageTarget></pageList></ncx>'
    )
    package = (
        "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>T</dc:title></metadata><manifest>"
        "<item id='a' href='a' media-type='application/xhtml+xml'/><item id='b' href='b' media-type='text/html'/>"
        "<item id='n' href='n' media-type='application/x-dtbncx+xml'/></manifest>"
        "<spine toc='n'><itemref idref='a'/><itemref idref='b'/></spine></package>"
    )
    with zipfile.ZipFile(tmp_path / "book.epub", "w") as archive:
        for name, content in {
            "b.opf": package,
            "n": ncx,
            "a": "<p>A.</p>",
            "b": "<p>B.</p><p>C <a id='x'/>d.</p>",
        }.items():
            archive.writestr(name, content)
    book = read(tmp_path / "book.epub")
    assert chapters(book) == [(1, "Goals"), (2, "Evidence")]
    assert [(each.text, each.page_starts) for each in book.chapters[1].paragraphs] == [("C d.", (PageStart(2, 7),))]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Kapitel 1", "Kapitel 2", "Kapitel 3"), [(1, "Kapitel 1"), (2, "Kapitel 2"), (3, "Kapitel 3")]),
        (("Cap\u00edtulo 1: Normas", "Cap\u00edtulo 2: Metas"), [(1, "Normas"), (2, "Metas")]),
        (("Chapitre premier", "Chapitre II", "Chapitre III"),
         [(1, "Chapitre premier"), (2, "Chapitre II"), (3, "Chapitre III")]),
        (("1. Kapitel: Normen", "2. Kapitel: Ziele"), [(1, "Normen"), (2, "Ziele")]),
        (("1 \u2013 Norms", "2 \u2013 Goals"), [(1, "Norms"), (2, "Goals")]),
        (("1.0 - Norms", "2.0 - Goals"), [(1, "Norms"), (2, "Goals")]),
        (("One", "Two"), [(1, "One"), (2, "Two")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("source", ["navigation", "headings"])
def test_a_chapter_has_its_number_in_other_forms_and_languages(
    tmp_path: Path, titles: tuple[str, ...], expected: list[tuple[int, str]], source: str
) -> None:
    texts: dict[str, str | bytes] = {
        name: f"<h1>{title}</h1><p>Text of {name}.</p>" for name, title in zip("abc", titles, strict=False)
    }
    nav = (
        "".join(item(name, title) for name, title in zip("abc", titles, strict=False)) if source == "navigation" else ""
    )
    book = read_book(tmp_path, texts, nav)
    assert chapters(book) == expected
    assert paragraphs(book) == [f"Text of {name}." for name in texts]


@pytest.mark.parametrize("number", ["1", "I", "One", "Chapter 1", "Chapter 1 {unnumbered}"])
def test_a_number_on_a_heading_of_its_own_stands_above_the_title(tmp_path: Path, number: str) -> None:
    texts: dict[str, str | bytes] = {
        "a": f"<h1>{number}</h1><h2>Norms</h2><p>Text of a.</p><h2>Trust</h2><p>More.</p>",
        "b": "<h1>Chapter 2</h1><h2>Goals</h2><p>Text of b.</p>",
    }
    book = read_book(tmp_path, texts, item("a", number) + item("b", "Chapter 2"))
    assert chapters(book) == [(1, "Norms"), (2, "Goals")]
    assert paragraphs(book) == ["Text of a.", "### Trust", "More.", "Text of b."]


def test_a_heading_is_the_title_although_invisible_marks_and_spaces_differ(tmp_path: Path) -> None:
    book = read(
        write_epub(
            tmp_path / "book.epub",
            {
                "one.xhtml": "<h2>I</h2><p>Goals\u2060\u2014Why\u00a0Not?</p><p>Teams meet.</p>",
                "two.xhtml": "<h2>II</h2><p>Norms</p><p>They agree.</p>",
            },
            nav='<nav epub:type="toc"><ol><li><a href="one.xhtml">I: Goals\u2014Why Not?</a></li>'
            '<li><a href="two.xhtml">II: Norms</a></li></ol></nav>',
        )
    )
    assert chapters(book) == [(1, "Goals\u2014Why Not?"), (2, "Norms")]
    assert paragraphs(book) == ["Teams meet.", "They agree."]


@pytest.mark.parametrize(
    "title", ["Inhaltsverzeichnis", "Table des mati\u00e8res", "\u00cdndice general", "\u76ee\u6b21"]
)
def test_a_list_of_contents_in_another_language_is_left_out(tmp_path: Path, title: str) -> None:
    texts = {
        "toc.xhtml": f"<h1>{title}</h1><p>Ziele 3</p><p>Normen 9</p>",
        "one.xhtml": "<h1>Ziele</h1><p>Teams meet.</p>",
        "two.xhtml": "<h1>Normen</h1><p>They agree.</p>",
    }
    book = read(write_epub(tmp_path / "book.epub", texts))
    assert chapters(book) == [(None, "Ziele"), (None, "Normen")]
    assert [each.reason for each in book.left_out] == ["list of contents"]
