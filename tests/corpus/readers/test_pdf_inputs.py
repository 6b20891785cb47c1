"""PDFs that the reader once read wrongly, each of which stands for a kind of file. Their README says what is right."""

from pathlib import Path

import pytest

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read

INPUTS = Path(__file__).parent.parent / "inputs"
FIVE_CHAPTERS = [
    (1, "Why Teams Matter"),
    (2, "Clear Learning Goals"),
    (3, "Common Assessments"),
    (4, "Time for Support"),
    (5, "Leading the Work"),
]


def read_input(name: str) -> Book:
    return read(INPUTS / f"pdf-{name}.pdf")


def text_of(book: Book) -> str:
    return "\n".join(each.text for chapter in book.chapters for each in chapter.paragraphs)


def chapters_of(book: Book) -> list[tuple[int | None, str]]:
    return [(chapter.number, chapter.title) for chapter in book.chapters]


def test_text_in_form_objects_is_read() -> None:
    book = read_input("form-xobject")
    paragraphs = book.chapters[0].paragraphs
    assert [each.first_page for each in paragraphs] == [1, 2, 3, 4]
    assert paragraphs[0].text.startswith("Honest tasks help samples to revise timely goals while careful rubrics")
    assert book.share == 1


def test_a_bookmark_to_nowhere_is_passed_over() -> None:
    assert chapters_of(read_input("dangling-bookmark")) == [(1, "Goals"), (2, "Evidence")]


def test_twelve_hundred_bookmarks_name_the_chapters_of_forty_pages() -> None:
    book = read_input("1200-bookmarks")
    assert chapters_of(book) == [(None, f"Page {page}") for page in range(1, 41)]
    assert [chapter.paragraphs[0].first_page for chapter in book.chapters] == [*range(1, 41)]


@pytest.mark.parametrize("name", ["parts", "flat", "chapter-heads"])
def test_the_chapters_are_found_below_parts_and_among_running_heads(name: str) -> None:
    book = read_input(name)
    assert chapters_of(book) == FIVE_CHAPTERS
    assert "Why Teams Matter" not in text_of(book)


def test_the_running_heads_of_chapters_are_left_out_and_said() -> None:
    [left_out] = read_input("chapter-heads").left_out
    assert (left_out.reason, left_out.is_lost) == ("running heads and page numbers", False)
    # Four pages to a chapter, the first of which has its heading.
    heads = 3 * sum(len(f"Chapter{number}:{title}".replace(" ", "")) for number, title in FIVE_CHAPTERS)
    assert left_out.characters == heads + sum(len(str(page)) for page in range(1, 21))


def test_a_heading_on_two_lines_is_one_title() -> None:
    book = read_input("two-line-headings")
    assert book.title == "Learning Together in Small Rural Schools"
    assert [chapter.title for chapter in book.chapters if chapter.title] == [
        "Time for Students Who Need More Support",
        "What Teams Do When They Already Know the Answer",
        "Leaders Who Protect the Time of Their Teachers",
    ]


def test_ligatures_become_letters() -> None:
    text = text_of(read_input("ligatures"))
    assert text.startswith("Reflective teams define proficiency before the first lesson begins. Effective feedback")
    assert "official" in text


def test_hyphens_at_line_ends_go() -> None:
    assert text_of(read_input("soft-hyphen")) == (
        "The collaboration of teachers is the engine of the community, and intervention is the second step of that "
        "collaboration for students who struggle."
    )


def test_the_hyphen_of_a_compound_stays() -> None:
    assert text_of(read_input("compound")) == (
        "A high-quality unit has a well-defined end. The team writes short-term goals and long-term goals, and every "
        "high-quality goal is written by the team. The results-oriented team looks at evidence."
    )


def test_a_word_with_a_letter_that_has_no_name_is_left_out_and_said() -> None:
    book = read_input("cid")
    assert text_of(book) == "teams the work of the week before they begin with it. An team is a calm one."
    [left_out] = book.left_out
    assert left_out.reason == "words with letters that the file does not name"
    assert (left_out.is_lost, left_out.characters) == (True, len("E*cientde*nee*cient"))
    assert book.share == pytest.approx(60 / 79, abs=0.01)


def test_turned_text_is_left_out_and_said() -> None:
    book = read_input("sideways-table")
    assert [(each.first_page, each.last_page) for each in book.chapters[0].paragraphs] == [(1, 1), (3, 3)]
    [left_out] = book.left_out
    assert (left_out.reason, left_out.characters, left_out.is_lost) == ("turned text", 473, True)


def test_note_numbers_are_no_words_and_notes_do_not_end_a_paragraph() -> None:
    book = read_input("footnotes")
    first, *notes = book.chapters[0].paragraphs
    assert first.text.startswith("Teams that meet weekly raise achievement. They share what they learn. Nobody works")
    assert "every team because learning needs time." in first.text
    [_, second] = first.page_starts
    assert first.text[second.offset :].startswith("learning needs time.")
    assert [each.text for each in notes] == [
        "12. Example, P. (2019). A study of teams, p. 4.",
        "13. Sample, R. (2020). Another study, p. 9.",
    ]
    assert [(each.reason, each.characters, each.is_lost) for each in book.left_out] == [("note numbers", 4, False)]


def test_a_semicolon_separates_authors_whose_family_names_come_first() -> None:
    assert read_input("author-comma").authors == ("Example, Pat", "Sample, Robin")


def test_a_page_that_cannot_be_read_is_lost_and_said() -> None:
    book = read_input("bad-hex")
    assert [each.first_page for each in book.chapters[0].paragraphs] == [1, 3]
    [left_out] = book.left_out
    assert (left_out.reason, left_out.is_lost) == ("page 2 could not be read", True)
    assert book.share == pytest.approx(2 / 3, abs=0.01)


def test_titles_are_decoded() -> None:
    assert read_input("title-utf8").title == "Évaluer ensemble — guide"
    nul = read_input("title-nul")
    assert (nul.title, nul.authors) == ("Title from a Scanner", ("Pat Example",))


def test_every_input_is_read() -> None:
    paths = sorted(INPUTS.glob("pdf-*.pdf"))
    assert len(paths) == 17
    for path in paths:
        assert text_of(read(path)), path.name
