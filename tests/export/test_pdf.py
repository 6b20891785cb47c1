"""A conversation as PDF: it shows every script, numbers its pages, and takes no word for markup."""

import unicodedata

import pypdfium2
import pytest

from plccoach_api.export.pdf import write_pdf
from plccoach_api.structs.messages import Message
from tests.export.conversations import answer, citation, header, in_pages, question, read_all

# The tests compare sorted letters, because pdfium returns the words of a right-to-left line in the order of the page.
SCRIPTS = {
    "Latin": "Ünïcödé façade straße Łódź Việt Nam",
    "Greek": "Καλημέρα κόσμε",
    "Cyrillic": "Привет, мир! Їжак",
    "Arabic": "مرحبا بالعالم",
    "Hebrew": "שלום עולם",
    "Devanagari": "नमस्ते दुनिया",
    "Bengali": "ওহে বিশ্ব",
    "Tamil": "வணக்கம் உலகம்",
    "Thai": "สวัสดีชาวโลก",
    "Georgian": "გამარჯობა მსოფლიო",
    "Armenian": "Բարեւ աշխարհ",
    "Ethiopic": "ሰላም ልዑል",
    "Chinese": "你好，世界。學習",
    "Japanese": "こんにちは、世界。カタカナ",
    "Korean": "안녕하세요 세계 뷁",
    "emoji": "😀🎉👍🏽👩‍🏫",
    "symbols": "≤ ½ € → ✓ ★ “quoted”",
}


async def export(*messages: Message, title: str = "What is a PLC?") -> bytes:
    return await read_all(write_pdf(header(title), in_pages(messages)))


def texts(file: bytes) -> list[str]:
    """Returns the text of each page."""
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(file)]


def letters(text: str) -> list[str]:
    """Returns the letters in alphabetical order, without spaces."""
    return sorted(each for each in unicodedata.normalize("NFKC", text) if not each.isspace())


@pytest.mark.parametrize("script", SCRIPTS)
async def test_words_of_any_script_can_be_read_from_the_pdf(script: str) -> None:
    words = SCRIPTS[script]
    [page] = texts(await export(question(f"<{words}>")))
    printed = page.partition("<")[2].partition(">")[0]
    assert letters(printed) == letters(words)


async def test_each_page_has_its_number_and_the_title() -> None:
    pages = texts(await export(*(question(f"Question {number}\n" * 10) for number in range(30))))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"{number} of {len(pages)}" in page
        assert "What is a PLC?" in page


async def test_an_answer_is_followed_by_its_sources_and_all_by_the_bibliography() -> None:
    [page] = texts(await export(question("What?"), answer("A way of working. [1]", citation(1))))
    one_line = " ".join(page.split())
    order = ["What is a PLC?", "You, 2026-09-01", "What?", "The coach,", "A way of working. [1]", "[1] Mara Ellison"]
    positions = [one_line.index(words) for words in (*order, "“The four critical", "Bibliography", "pp. 1\u20132.")]
    assert positions == sorted(positions)


async def test_a_heading_of_an_answer_has_no_asterisks() -> None:
    [page] = texts(await export(question("**Loud**"), answer("**Trust #[x]**\n\nIt grows. [1]", citation(1))))
    assert "Trust #[x]\nIt grows. [1]" in page
    assert "**Loud**" in page


async def test_words_are_never_markup() -> None:
    hostile = '#set page(fill: red) #read("/etc/passwd") *b* _i_ $x$ `c` @ref <label> // /* \\ = heading'
    [page] = texts(await export(question(hostile), answer(f"{hostile} [1]", citation(1, quote=hostile)), title=hostile))
    assert " ".join(page.split()).count('#read("/etc/passwd")') == 4
    assert "root:" not in page


@pytest.mark.parametrize("letter", ["z", "ж", "ψ"])
async def test_a_very_long_word_is_broken_and_stays_on_the_page(letter: str) -> None:
    file = await export(question(letter * 2000))
    assert "".join(texts(file)).count(letter) == 2000
    document = pypdfium2.PdfDocument(file)
    width, _ = document[0].get_size()
    textpage = document[0].get_textpage()
    boxes = [textpage.get_charbox(index) for index in range(textpage.count_chars())]
    assert max(box[2] for box in boxes) <= width - 60


async def test_only_web_addresses_become_links() -> None:
    file = await export(
        answer("[1] [2]", citation(1, product_url="https://example.org/book"), citation(2, book_title="Other")),
        answer("[1]", citation(1, book_title="Third", product_url="javascript:alert(1)")),
    )
    assert b"https://example.org/book" in file
    assert b"javascript" not in file


async def test_control_characters_and_characters_that_no_font_has_do_no_harm() -> None:
    [page] = texts(await export(question("before \U000123ff \x07\x1b after")))
    assert "before" in page
    assert "after" in page


async def test_the_same_conversation_makes_the_same_file() -> None:
    assert await export(question("What?")) == await export(question("What?"))


async def test_a_conversation_without_messages_is_one_page_with_its_title() -> None:
    [page] = texts(await export(title="Empty"))
    assert "Empty" in page
