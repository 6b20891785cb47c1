"""PDFs that no library would write: broken, turned, circular, or encoded in unusual ways."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book, UnreadableBook
from plccoach_api.corpus.readers.read import read
from tests.corpus.readers.pdf_objects import line, lines, page_number, write_pdf

FRUITS = ["apples", "pears", "plums", "grapes", "figs", "dates", "limes", "kiwis", "cherries", "quinces"]
OUTLINES = "/Outlines 100 0 R"


def page_about(fruit: str) -> str:
    return lines([f"Teams that like {fruit} meet every week,", f"and they share {fruit} with others."])


def text_of(book: Book) -> str:
    return "\n".join(each.text for chapter in book.chapters for each in chapter.paragraphs)


def outline(entries: Mapping[int, str]) -> dict[int, str]:
    return {
        100: "<< /Type /Outlines /First 200 0 R >>",
        **{number: f"<< {entry} >>" for number, entry in entries.items()},
    }


def target(page: int) -> str:
    return f"/Dest [{page_number(page)} 0 R /Fit]"


def titles(path: Path, entries: Mapping[int, str], *, pages: int = 4) -> list[tuple[int | None, str]]:
    book = read(
        write_pdf(path, [page_about(fruit) for fruit in FRUITS[:pages]], objects=outline(entries), catalog=OUTLINES)
    )
    assert all(fruit in text_of(book) for fruit in FRUITS[:pages])
    return [(chapter.number, chapter.title) for chapter in book.chapters]


def test_bookmarks_in_a_circle_end(tmp_path: Path) -> None:
    assert titles(
        tmp_path / "book.pdf",
        {
            200: f"/Title (Chapter 1: Apples) {target(0)} /Next 201 0 R /First 200 0 R",
            201: f"/Title (Chapter 2: Plums) {target(2)} /Next 200 0 R /First 201 0 R",
        },
    ) == [(1, "Apples"), (2, "Plums")]


def test_ten_thousand_bookmarks_are_read(tmp_path: Path) -> None:
    entries = {200 + at: f"/Title (Entry {at}) {target(at % 4)} /Next {201 + at} 0 R" for at in range(10_000)}
    assert titles(tmp_path / "book.pdf", entries) == [(None, f"Entry {at}") for at in range(4)]


def test_nested_bookmarks_need_no_recursion(tmp_path: Path) -> None:
    entries = {200 + at: f"/Title (Entry {at}) {target(0)} /First {201 + at} 0 R" for at in range(5000)}
    assert titles(tmp_path / "book.pdf", entries) == [(None, "Entry 0")]


def test_bookmarks_without_a_usable_target_are_passed_over(tmp_path: Path) -> None:
    assert titles(
        tmp_path / "book.pdf",
        {
            200: f"/Title (Chapter 1: Apples) {target(0)} /Next 201 0 R",
            201: "/Title (A name that nothing has) /Dest (nowhere) /Next 202 0 R",
            202: "/Title (A page that is gone) /Dest [999 0 R /Fit] /Next 203 0 R",
            203: "/Title (A web page) /A << /S /URI /URI (https://example.org) >> /Next 204 0 R",
            204: "/Title (A number) /Dest 7 /Next 205 0 R",
            205: f"/Title (Chapter 2: Plums) /A << /S /GoTo /D [{page_number(2)} 0 R /Fit] >>",
        },
    ) == [(1, "Apples"), (2, "Plums")]


def test_an_outline_that_leads_to_one_page_is_not_believed(tmp_path: Path) -> None:
    """Some converters lead all bookmarks to the first page."""
    pages = [
        line(f"Chapter {at}: {fruit.title()}", 760, size=18) + page_about(fruit)
        for at, fruit in enumerate(FRUITS[:4], 1)
    ]
    entries = {
        200 + at: f"/Title (Chapter {at + 1}: {fruit.title()}) {target(0)}"
        + (f" /Next {201 + at} 0 R" if at < 3 else "")
        for at, fruit in enumerate(FRUITS[:4])
    }
    book = read(write_pdf(tmp_path / "book.pdf", pages, objects=outline(entries), catalog=OUTLINES))
    assert [(each.number, each.title, each.paragraphs[0].first_page) for each in book.chapters] == [
        (at, fruit.title(), at) for at, fruit in enumerate(FRUITS[:4], 1)
    ]


def test_a_line_of_text_is_no_heading_where_headings_are_set_as_headings(tmp_path: Path) -> None:
    contents = (
        line("Chapter I: Apples 2", 700) + line("Chapter II: Pears 3", 660) + line("This guide is about fruit.", 620)
    )
    pages = [
        contents,
        line("CHAPTER I: APPLES", 760, size=18) + page_about("apples"),
        line("CHAPTER II: PEARS", 760, size=18) + page_about("pears"),
    ]
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert [(each.number, each.title) for each in book.chapters] == [(None, ""), (1, "APPLES"), (2, "PEARS")]


def test_an_ornament_in_large_type_is_no_title_of_a_chapter(tmp_path: Path) -> None:
    pages = [
        line(ornament, 700 - 20 * at, size=24)
        + line(f"About {fruit}", 640, size=18)
        + lines([f"Teams that like {fruit} meet."], top=600)
        for at, (fruit, ornament) in enumerate(zip(FRUITS[:3], ("* * *", "+++", "=*="), strict=True))
    ]
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert [each.title for each in book.chapters if each.title] == [f"About {fruit}" for fruit in FRUITS[:3]]


def test_a_page_number_in_large_type_is_no_number_of_a_chapter(tmp_path: Path) -> None:
    pages = [
        (line(str(at), 770, size=18) if at <= 3 else "") + line(f"About {fruit}", 740, size=18) + page_about(fruit)
        for at, fruit in enumerate(FRUITS[:6], 1)
    ]
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert [(each.number, each.title) for each in book.chapters] == [(None, f"About {fruit}") for fruit in FRUITS[:6]]
    [left_out] = book.left_out
    assert (left_out.reason, left_out.characters) == ("running heads and page numbers", 3)


@pytest.mark.parametrize(
    ("part", "chapters"),
    [
        ("Part One: Trees", ["Chapter 1: Apples", "Chapter 2: Pears"]),
        ("Trees", ["Chapter 1: Apples", "Chapter 2: Pears"]),
        ("Trees", ["1. Apples", "2. Pears"]),
    ],
)
def test_chapters_below_parts_keep_their_numbers(tmp_path: Path, part: str, chapters: list[str]) -> None:
    third = "3. Plums" if chapters[0].startswith("1") else "Chapter 3: Plums"
    assert titles(
        tmp_path / "book.pdf",
        {
            200: f"/Title ({part}) {target(0)} /First 201 0 R /Next 203 0 R",
            201: f"/Title ({chapters[0]}) {target(0)} /Next 202 0 R /First 206 0 R",
            202: f"/Title ({chapters[1]}) {target(1)}",
            203: f"/Title (Shrubs) {target(2)} /First 204 0 R /Next 205 0 R",
            204: f"/Title ({third}) {target(2)}",
            205: f"/Title (Afterword) {target(3)}",
            206: f"/Title (A section) {target(0)}",
        },
    ) == [(1, "Apples"), (2, "Pears"), (3, "Plums"), (None, "Afterword")]


def test_the_sections_of_a_chapter_are_no_chapters(tmp_path: Path) -> None:
    assert titles(
        tmp_path / "book.pdf",
        {
            200: f"/Title (Trees) {target(0)} /First 201 0 R /Next 203 0 R",
            201: f"/Title (1. Apples) {target(0)} /Next 202 0 R",
            202: f"/Title (2. Pears) {target(1)}",
            203: f"/Title (Shrubs) {target(2)} /First 204 0 R",
            204: f"/Title (1. Plums) {target(3)}",
        },
    ) == [(None, "Trees"), (None, "Shrubs")]


def test_a_chapter_that_begins_in_the_middle_of_a_page_leaves_the_text_above_to_the_last_one(tmp_path: Path) -> None:
    pages = [
        page_about("apples"),
        line("The end of apples is here.", 740) + line("Growing Plums", 700, size=18) + line("Plums are blue.", 660),
    ]
    entries = {
        200: f"/Title (1. Apples) {target(0)} /Next 201 0 R",
        201: f"/Title (2. Growing plums) {target(1)}",
    }
    book = read(write_pdf(tmp_path / "book.pdf", pages, objects=outline(entries), catalog=OUTLINES))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [(1, "Apples"), (2, "Growing plums")]
    assert [chapter.paragraphs[-1].text for chapter in book.chapters] == [
        "The end of apples is here.",
        "Plums are blue.",
    ]


def test_the_headings_of_notes_begin_no_chapters_beside_an_outline(tmp_path: Path) -> None:
    note = ["1. A note about the fruit,", "which has", "four", "lines.", ""]
    notes = lines(["Chapter 1: Apples", "", *note, "Chapter 2: Plums", "", *note])
    entries = {
        200: f"/Title (Chapter 1: Apples) {target(0)} /Next 201 0 R",
        201: f"/Title (Chapter 2: Plums) {target(1)} /Next 202 0 R",
        202: f"/Title (Notes) {target(2)}",
    }
    pages = [page_about("apples"), page_about("plums"), notes]
    book = read(write_pdf(tmp_path / "book.pdf", pages, objects=outline(entries), catalog=OUTLINES))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [
        (1, "Apples"),
        (2, "Plums"),
        (None, "Notes"),
    ]
    assert "Chapter 2: Plums" in [each.text for each in book.chapters[2].paragraphs]


@pytest.mark.parametrize(
    ("title", "right"),
    [
        (b"(Teams\\000 and \\000)", "Teams and"),
        (b"(\xc3\x89valuer \xe2\x80\x94 ensemble)", "Évaluer — ensemble"),
        (b"(\xef\xbb\xbf\xc3\x89valuer)", "Évaluer"),
        (b"(R\xe9sum\xe9 \x84 notes)", "Résumé — notes"),
        (b"<FEFF00C900760061006C0075006500720000>", "Évaluer"),
        (b"<FEFF0065030100200061>", "é a"),
        (b"(" + b"x" * 5000 + b")", None),
    ],
)
def test_a_title_in_any_encoding_is_read(tmp_path: Path, title: bytes, right: str | None) -> None:
    path = write_pdf(
        tmp_path / "book.pdf", [line("A LARGE HEADING", 750, size=30) + page_about("apples")], info="/Title ~"
    )
    path.write_bytes(path.read_bytes().replace(b"/Title ~", b"/Title " + title))
    assert read(path).title == right or (right is None and read(path).title == "A LARGE HEADING")


@pytest.mark.parametrize(
    ("authors", "right"),
    [
        ("Example, Pat", ("Example, Pat",)),
        ("Pat Example, Robin Sample", ("Pat Example", "Robin Sample")),
        ("Pat Example; Robin Sample", ("Pat Example", "Robin Sample")),
        ("Example, Pat A.; Sample, Robin; ", ("Example, Pat A.", "Sample, Robin")),
    ],
)
def test_authors_are_separated(tmp_path: Path, authors: str, right: tuple[str, ...]) -> None:
    info = f"/Title (Teams) /Author ({authors})"
    assert read(write_pdf(tmp_path / "book.pdf", [page_about("apples")], info=info)).authors == right


@pytest.mark.parametrize(
    ("content", "filters"),
    [
        (b"this is not compressed", "/Filter /FlateDecode"),
        (b"<48ZZ>", "/Filter /ASCIIHexDecode"),
        (b"\xff" * 300, "/Filter /LZWDecode"),
        (b"\x80" * 300, "/Filter [/RunLengthDecode /FlateDecode]"),
    ],
)
def test_a_page_whose_content_cannot_be_decoded_is_lost_and_said(tmp_path: Path, content: bytes, filters: str) -> None:
    pages: list[str | bytes] = [page_about("apples"), content, page_about("pears")]
    book = read(write_pdf(tmp_path / "book.pdf", pages, filters={1: filters}))
    assert [each.first_page for each in book.chapters[0].paragraphs] == [1, 3]
    [left_out] = book.left_out
    assert (left_out.reason, left_out.is_lost) == ("page 2 could not be read", True)
    assert book.share == pytest.approx(2 / 3, abs=0.02)


def test_an_empty_page_is_no_loss(tmp_path: Path) -> None:
    book = read(write_pdf(tmp_path / "book.pdf", [page_about("apples"), "q Q", page_about("pears")]))
    assert (book.left_out, book.share) == ((), 1)


def test_a_page_that_is_missing_is_lost_and_said(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "book.pdf", [page_about(fruit) for fruit in FRUITS[:3]])
    path.write_bytes(path.read_bytes().replace(b"/Kids [10 0 R 12 0 R", b"/Kids [10 0 R 90 0 R"))
    book = read(path)
    assert [each.reason for each in book.left_out] == ["page 2 could not be read"]
    assert "apples" in text_of(book)
    assert "plums" in text_of(book)


def test_pages_that_are_shown_turned_are_read(tmp_path: Path) -> None:
    matrices = {90: "0 1 -1 0 {y} 72", 180: "-1 0 0 -1 540 {y}", 270: "0 -1 1 0 {y} 720"}
    for turn, matrix in matrices.items():
        # On a turned page the next line stands to the right, above, or to the left.
        steps = {90: (100, 114), 180: (100, 114), 270: (500, 486)}[turn]
        texts = ["Teams that like apples meet every week,", "and they share apples with others."]
        content = "".join(
            f"BT /F1 11 Tf {matrix.format(y=step)} Tm ({text}) Tj ET\n" for step, text in zip(steps, texts, strict=True)
        )
        book = read(write_pdf(tmp_path / "book.pdf", [content], page_entries=f"/Rotate {turn}"))
        assert text_of(book) == " ".join(texts)
        assert book.left_out == ()


@pytest.mark.slow
def test_a_large_number_of_objects_on_a_page_is_read_in_time(tmp_path: Path) -> None:
    words = "\n".join(line("word", 720 - 11 * (at % 60), x=72 + at // 60) for at in range(20_000))
    started = time.process_time()
    book = read(write_pdf(tmp_path / "book.pdf", [words, page_about("apples")]))
    assert "apples" in text_of(book)
    assert text_of(book).count("word") == 20_000
    assert time.process_time() - started < 20


def test_superscripts_that_are_no_notes_stay(tmp_path: Path) -> None:
    content = (
        line("The 1", 700)
        + line("st", 704, size=6.5, x=100.5)
        + line("team has 12 m", 700, x=112)
        + line("2", 704, size=6.5, x=182)
        + line("of space.", 700, x=190)
    )
    book = read(write_pdf(tmp_path / "book.pdf", [content]))
    assert text_of(book) == "The 1st team has 12 m2 of space."


def test_a_raised_number_before_punctuation_goes(tmp_path: Path) -> None:
    content = line("Teams share learning", 700) + line("3,4", 704, size=6.5, x=171) + line(", and more.", 700, x=181)
    assert text_of(read(write_pdf(tmp_path / "book.pdf", [content]))) == "Teams share learning, and more."


def test_running_heads_that_change_with_the_chapter_are_dropped_without_bookmarks(tmp_path: Path) -> None:
    pages = []
    for chapter, fruits in enumerate((FRUITS[:3], FRUITS[3:6], FRUITS[6:9]), start=1):
        for at, fruit in enumerate(fruits):
            head = line(f"Growing {fruits[0]}", 760, size=20 if at == 0 else 9)
            opening = line(f"Chapter {chapter}", 780, size=14) if at == 0 else ""
            pages.append(opening + head + page_about(fruit))
    book = read(write_pdf(tmp_path / "book.pdf", pages))
    assert [(chapter.number, chapter.title) for chapter in book.chapters] == [
        (1, "Growing apples"),
        (2, "Growing grapes"),
        (3, "Growing limes"),
    ]
    assert "Growing" not in text_of(book)


def test_a_page_label_may_have_words_before_its_number(tmp_path: Path) -> None:
    labels = "/PageLabels << /Nums [0 << /S /D /P (A-) >> 1 << /S /D /St 7 /P (p. ) >>] >>"
    book = read(write_pdf(tmp_path / "book.pdf", [page_about(fruit) for fruit in FRUITS[:3]], catalog=labels))
    assert [each.first_page for each in book.chapters[0].paragraphs] == [None, 7, 8]


def test_page_labels_give_the_pages(tmp_path: Path) -> None:
    labels = "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D /St 7 >>] >>"
    book = read(write_pdf(tmp_path / "book.pdf", [page_about(fruit) for fruit in FRUITS[:3]], catalog=labels))
    assert [each.first_page for each in book.chapters[0].paragraphs] == [None, 7, 8]


def test_every_page_turn_of_a_long_paragraph_keeps_its_offset(tmp_path: Path) -> None:
    pages = [
        lines([f"which {fruit} share and", f"the {fruit} that grow beside a river and which"]) for fruit in FRUITS[:4]
    ]
    [chapter] = read(write_pdf(tmp_path / "book.pdf", pages)).chapters
    [paragraph] = chapter.paragraphs
    assert [start.page for start in paragraph.page_starts] == [1, 2, 3, 4]
    for start, fruit in zip(paragraph.page_starts, FRUITS, strict=False):
        assert paragraph.text[start.offset :].startswith(f"which {fruit} share")


def test_a_word_that_a_page_divides_is_whole(tmp_path: Path) -> None:
    pages = [lines(["Teams need collabo-"]), lines(["ration with other teams."])]
    [chapter] = read(write_pdf(tmp_path / "book.pdf", pages)).chapters
    [paragraph] = chapter.paragraphs
    assert paragraph.text == "Teams need collaboration with other teams."
    assert [tuple(start) for start in paragraph.page_starts] == [(0, 1), (18, 2)]


def test_a_short_text_is_no_scan(tmp_path: Path) -> None:
    assert text_of(read(write_pdf(tmp_path / "book.pdf", [line("Hello, world!", 700)]))) == "Hello, world!"


def test_a_file_whose_pages_are_all_broken_is_refused(tmp_path: Path) -> None:
    path = write_pdf(
        tmp_path / "book.pdf", [b"no zlib", b"no zlib"], filters={0: "/Filter /FlateDecode", 1: "/Filter /FlateDecode"}
    )
    with pytest.raises(UnreadableBook, match="none of its pages"):
        read(path)


def test_numbers_of_glyphs_are_not_taken_for_letters(tmp_path: Path) -> None:
    """Without a table, the codes of this font are the numbers of its glyphs: "Volumes" reads as "9ROXPHV"."""
    text = "The volumes of the teams are read by all of the teachers who share their lessons in the evening."
    codes = "".join(f"{ord(letter) - 29:04X}" for letter in text)
    fonts = {
        3: "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H /DescendantFonts [5 0 R] >>",
        5: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /DW 500 /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Sample /Flags 4 "
        "/FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>",
    }
    content = f"BT /F1 11 Tf 72 700 Td <{codes}> Tj ET"
    path = write_pdf(tmp_path / "book.pdf", [content], objects=fonts)
    with pytest.raises(UnreadableBook, match="letters that the file does not name"):
        read(path)


def test_the_codes_of_an_old_font_are_letters(tmp_path: Path) -> None:
    text = "Teams that like apples meet every week"
    names = {letter: f"/g{ord(letter)}" for letter in sorted(set(text))}
    differences = " ".join(f"{ord(letter)} {name}" for letter, name in names.items())
    glyphs = " ".join(f"{name} 6 0 R" for name in names.values())
    fonts = {
        3: "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 10 10] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 32 "
        f"/LastChar 126 /Widths [{'6 ' * 95}] /CharProcs << {glyphs} >> "
        f"/Encoding << /Type /Encoding /Differences [{differences}] >> >>",
        6: "<< /Length 22 >>\nstream\n6 0 d0 0 0 5 8 re f   \nendstream",
    }
    path = write_pdf(tmp_path / "book.pdf", [f"BT /F1 11 Tf 72 700 Td ({text}) Tj ET"], objects=fonts)
    assert text_of(read(path)) == text


def test_letters_beyond_the_first_plane_are_whole(tmp_path: Path) -> None:
    table = "beginbfchar <01> <D835DC5D> endbfchar"
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        f"1 {table} endcmap"
    )
    fonts = {
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>",
        5: f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    }
    path = write_pdf(tmp_path / "book.pdf", [line("The letter \\001 is mathematical.", 700)], objects=fonts)
    assert text_of(read(path)) == "The letter \U0001d45d is mathematical."


def test_a_date_that_no_book_has_is_no_year(tmp_path: Path) -> None:
    info = "/Title (Teams) /CreationDate (D:00000101000000Z)"
    assert read(write_pdf(tmp_path / "book.pdf", [page_about("apples")], info=info)).year is None
