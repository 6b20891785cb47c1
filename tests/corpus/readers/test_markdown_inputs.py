"""The Markdown files of `tests/corpus/inputs`, each of which was once read wrongly."""

from pathlib import Path

from plccoach_api.corpus.book import Book
from plccoach_api.corpus.readers.read import read
from plccoach_api.rules.sentences import sentences

INPUTS = Path(__file__).parent.parent / "inputs"


def sentences_of(book: Book) -> list[str]:
    [paragraph] = [each for chapter in book.chapters for each in chapter.paragraphs]
    return [span.of(paragraph.text) for span in sentences(paragraph.text)]


def test_spanish_sentences_are_told_apart() -> None:
    book = read(INPUTS / "md-es.md")
    assert (book.title, [(each.number, each.title) for each in book.chapters]) == (
        "Equipos que aprenden",
        [(1, "Metas")],
    )
    assert sentences_of(book) == [
        "\u00bfQu\u00e9 es una meta SMART?",
        "Una meta SMART es estrat\u00e9gica, espec\u00edfica y medible para el equipo docente.",
        "\u00a1Cada equipo escribe su propia meta SMART!",
        "\u00c9lite no es la palabra para una meta.",
        "\u00d1and\u00fa es un ave y no una meta SMART.",
    ]


def test_the_references_of_a_book_are_its_words_and_its_notes_and_pictures_are_not() -> None:
    book = read(INPUTS / "md-refs.md")
    assert (book.title, book.authors) == ("Research on Teams", ("Pat Example",))
    assert sentences_of(book) == [
        "Protected meeting time raises the achievement of reading in small schools [3].",
        "Reading achievement rises when protected meeting time is kept weekly [12, 14].",
        "See also the appendix [7] for protected meeting time in rural schools.",
        "A protected meeting time policy costs little [Example 2019].",
        "Protected meeting time is a promise.",
        "See the site for protected meeting time schedules, and of it.",
    ]
    [paragraph] = book.chapters[0].paragraphs
    assert paragraph.first_page == 4
    assert {each.reason for each in book.left_out} == {"notes", "descriptions of pictures"}
