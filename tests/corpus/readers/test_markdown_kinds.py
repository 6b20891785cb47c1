"""Markdown as people write it: levels of chapters, dialects, and what is not text."""

import hashlib
from pathlib import Path

import pytest

from plccoach_api import resources
from plccoach_api.corpus.book import Book, PageStart
from plccoach_api.corpus.chunks import chunk_book
from plccoach_api.corpus.readers.read import read

PROSE = "Teams meet every week to talk."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.md"


def read_markdown(path: Path, text: str) -> Book:
    path.write_text(text, "utf-8")
    return read(path)


def headings(book: Book) -> list[tuple[int | None, str]]:
    return [(chapter.number, chapter.title) for chapter in book.chapters]


def texts(book: Book) -> list[str]:
    return [paragraph.text for chapter in book.chapters for paragraph in chapter.paragraphs]


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("---\ntitle: T\n---\n# One\n\n{p}\n\n## Sub\n\n{p}\n\n# Two\n\n{p}", "T", [(None, "One"), (None, "Two")]),
        ("# T\n\n## One\n\n{p}\n\n### Sub\n\n{p}\n\n## Two\n\n{p}", "T", [(None, "One"), (None, "Two")]),
        ("---\ntitle: T\n---\n# T\n## Chapter 1: One\n{p}\n\n## Chapter 2: Two\n{p}", "T", [(1, "One"), (2, "Two")]),
        (
            "# T\n\n# Part I: A\n\n## Chapter 1: One\n\n{p}\n\n# Part II: B\n\n{p}\n\n## Chapter 2: Two\n\n{p}",
            "T",
            [(1, "One"), (None, "Part II: B"), (2, "Two")],
        ),
        ("T\n=\n\nChapter 1: One\n---\n\n{p}\n\nChapter 2: Two\n---\n\n{p}", "T", [(1, "One"), (2, "Two")]),
        ("# T\n## Chapter 1: One ##\n\n{p}\n\n## Chapter Two: B {{#two .b}}\n\n{p}", "T", [(1, "One"), (2, "B")]),
        ("---\ntitle: T\n---\n# Chapter 1\n## New\n{p}\n\n# Chapter 2\n## Aims\n{p}", "T", [(1, "New"), (2, "Aims")]),
        ("# T\n\n## 1\n\n### New\n\n{p}\n\n## 2\n\n### Aims\n\n{p}", "T", [(1, "New"), (2, "Aims")]),
        ("# T\n\n## One\n\n### New\n\n{p}\n\n## Two\n\n### Aims\n\n{p}", "T", [(1, "New"), (2, "Aims")]),
        ("# T\n\n## 1 One\n\n{p}\n\n## 2 Two\n\n{p}", "T", [(1, "One"), (2, "Two")]),
        ("# T\n\n## Start\n\n{p}\n\n## 3 Ways to Begin\n\n{p}", "T", [(None, "Start"), (None, "3 Ways to Begin")]),
        ("---\ntitle: T\n---\n\n{p}", "T", [(None, "")]),
    ],
)  # fmt: skip
def test_the_level_of_the_chapters_is_found(
    path: Path, text: str, title: str, expected: list[tuple[int | None, str]]
) -> None:
    book = read_markdown(path, text.format(p=PROSE))
    assert book.title == title
    assert headings(book) == expected
    assert book.share == 1


def test_front_matter_names_the_book(path: Path) -> None:
    book = read_markdown(
        path, f"---\ntitle: Teams\nauthors: [Ada, Grace]\ndate: May 2019\nedition: 2nd\n---\n\n{PROSE}"
    )
    assert (book.title, book.authors, book.year, book.edition) == ("Teams", ("Ada", "Grace"), 2019, "2nd")


def test_wrapped_lines_are_one_paragraph_of_plain_words(path: Path) -> None:
    book = read_markdown(
        path,
        "# T\n\nTeams *meet*\nevery **week**,  \nin [a room](https://example.org/a_(b)) &amp; `talk`\\.[^1] All do."
        "\n\n[^1]: A note.\n    More of it.\n\nEnd.",
    )
    assert texts(book) == ["Teams meet every week, in a room & talk. All do.", "End."]
    assert {(each.reason, each.characters, each.is_lost) for each in book.left_out} == {("notes", 24, False)}


def test_rows_of_tables_are_lines_and_code_comments_and_html_are_left_out_and_said(path: Path) -> None:
    book = read_markdown(
        path,
        "# T\n\nText here.\n\n| Name | Use |\n|---|---|\n| Ticket | The team reads it before the next meeting. |\n\n"
        "```python\nprint('x')\n```\n\n<!-- hidden -->\n\n<div class='x'>\n<style>p {color: red}</style>\n</div>\n\n"
        "![A chart of growth](chart.png)\n\n{{< figure >}}\n\n{% include x.html %}\n\nEnd here.",
    )
    assert texts(book) == [
        "Text here.",
        "| Name | Use |\n| Ticket |",
        "The team reads it before the next meeting.",
        "End here.",
    ]
    reasons = {each.reason: each.is_lost for each in book.left_out}
    assert reasons == {
        "code": False,
        "comments": False,
        "HTML": False,
        "descriptions of pictures": False,
        "marks of a template": False,
    }
    assert book.share == 1


def test_a_table_of_html_has_rows_too(path: Path) -> None:
    html = (
        "<table>\n<caption>Norms</caption>\n<tr><th>Team</th><th>Days &amp; more</th></tr>\n"
        "<tr><td>Blue</td><td>A team meets on three days.</td></tr></table>"
    )
    book = read_markdown(path, f"# T\n\n<!-- page 4 -->\n\n- One\n\n{html}\n\nEnd.")
    assert texts(book) == [
        "- One",
        "| Norms |\n| Team | Days & more |\n| Blue |",
        "A team meets on three days.",
        "End.",
    ]
    assert all(each.first_page == 4 for each in book.chapters[0].paragraphs)
    assert book.share == 1


def test_pages_may_begin_inside_a_paragraph(path: Path) -> None:
    book = read_markdown(
        path, "# T\n\n<!-- page 3 -->\n\nOne <!-- page 4 --> two [p. 5]{.page} three.\n\nFour.\n\n- Five"
    )
    assert [(each.text, each.page_starts) for each in book.chapters[0].paragraphs] == [
        ("One two three.", (PageStart(0, 3), PageStart(4, 4), PageStart(8, 5))),
        ("Four.", (PageStart(0, 5),)),
        ("- Five", (PageStart(0, 5),)),
    ]


def test_a_page_begins_at_its_word_in_a_heading_too(path: Path) -> None:
    sections = "### Some <!-- page 4 --> heading\n\nText."
    book = read_markdown(path, f"# T\n\n<!-- page 3 -->\n\n## A\n\nText.\n\n{sections}\n\n## B\n\nText.")
    [heading] = [each for chapter in book.chapters for each in chapter.paragraphs if each.is_heading]
    assert (heading.text, heading.page_starts) == ("### Some heading", (PageStart(0, 3), PageStart(9, 4)))


def test_admonitions_and_directives_are_text(path: Path) -> None:
    book = read_markdown(
        path,
        '# T\n\n!!! note "Tip"\n\n    Teams meet.\n\n```{note}\n:class: x\nThey talk.\n```\n\n'
        ":::{tip}\nThey plan.\n:::\n\n"
        "<p align='center'>They also write <b>down</b> what they do.</p>\n\n{: .lead}\nThey end.",
    )
    assert texts(book) == [
        "Tip",
        "Teams meet.",
        "They talk.",
        "They plan.",
        "They also write down what they do.",
        "They end.",
    ]


def test_lists_are_one_paragraph_and_a_list_of_links_is_a_list_of_contents(path: Path) -> None:
    links = "- [One](#one)\n- [Two](two.md)\n- [Three](#three)\n"
    book = read_markdown(path, f"# T\n\n{links}\n## One\n\nWe do:\n\n3. a\n\n   more\n4. b\n   - c\n\n## Two\n\nEnd.")
    assert texts(book) == ["We do:", "3. a more\n4. b\n- c", "End."]
    assert [each.reason for each in book.left_out] == ["list of contents"]


def test_a_heading_contents_does_not_swallow_the_book(path: Path) -> None:
    book = read_markdown(path, f"# T\n\n## Contents\n\nOne ..... 3\n\nTwo ..... 9\n\n{PROSE}\n\nAnd more of it.")
    assert texts(book) == [PROSE, "And more of it."]


def test_a_list_of_contents_ends_at_a_chapter_whose_text_is_repeated_later(path: Path) -> None:
    path.write_text("# T\n\n## Contents\n\nA list.\n\n## Goals\n\nTo do.\n\n## Norms\n\nTo do.\n\n## Ends\n\nTo do.\n")
    assert [each.title for each in read(path).chapters] == ["", "Goals", "Norms", "Ends"]


def test_a_list_of_contents_ends_at_a_chapter_whose_title_comes_again(path: Path) -> None:
    body = "".join(
        f"## {name}\n\nTeams agree on {name}, and they write it down.\n\n" for name in ("Aims", "Ends", "Aims")
    )
    book = read_markdown(path, f"# T\n\n## Contents\n\nAims 1\n\n{body}")
    assert [each.title for each in book.chapters] == ["Aims", "Ends", "Aims"]


def test_a_sentence_that_begins_with_by_is_no_author(path: Path) -> None:
    book = read_markdown(path, "# T\n\nBy the end of the year, teams know more.\n\nBy now they do.")
    assert book.authors == ()
    assert len(texts(book)) == 2


def test_the_sample_handbook_is_cut_into_the_same_chunks_as_ever() -> None:
    [path] = resources.SAMPLE_CORPUS.glob("*.md")
    book = chunk_book(read(path))
    assert len(book.chunks) == 39
    assert hashlib.sha256(b"".join(book.hashes)).hexdigest() == (
        "02f66f71bb38fe0ea47cede3155354d14598d9d500bac84decb19855809dfa33"
    )
    assert book.book.left_out == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "*a " * 20_000,
        "`" * 20_000,
        "> " * 5_000,
        "<a " * 20_000,
        "- " * 5_000,
        "![" * 10_000,
        "<!-- " * 10_000,
    ],
)
def test_a_hostile_text_is_read_in_bounded_time(path: Path, text: str) -> None:
    book = read_markdown(path, f"# T\n\n{PROSE}\n\n{text}")
    assert texts(book)[0] == PROSE


REST = "## Chapter 2: Two\n\nThe rest of the book stands here.\n\n- Its list."


@pytest.mark.parametrize(
    "opening",
    [
        *("<!-- a remark", "<script>", "<style>", "<pre>", "<textarea>", "<?php", "<![CDATA[", "<!DOCTYPE x"),
        *("```", "```python", "~~~", "````\n\n```\nx = 1\n```", "- one\n\n  ```\n  x = 1", "[^1]: A note"),
        *("<div>", "<table>", "<sup>", "$$", "{% raw %}", "::: note", "!!! note", "> <!-- a remark"),
    ],
)
def test_a_mark_without_an_end_takes_nothing_of_the_rest(path: Path, opening: str) -> None:
    book = read_markdown(path, f"# T\n\n## Chapter 1: One\n\nThe first text.\n\n{opening}\n\n{REST}")
    assert headings(book) == [(1, "One"), (2, "Two")]
    assert [each.text for each in book.chapters[1].paragraphs] == ["The rest of the book stands here.", "- Its list."]


def test_a_comment_without_an_end_does_not_end_with_the_next_one(path: Path) -> None:
    book = read_markdown(
        path, "# T\n\n<!-- a remark\n\nKept text.\n\n<!-- page 5 -->\n\nMore.\n\n<!-- x\ny --> <!-- z -->"
    )
    assert texts(book)[1:] == ["Kept text.", "More."]
    assert book.chapters[0].paragraphs[-1].first_page == 5


def test_raised_words_without_an_end_stay(path: Path) -> None:
    book = read_markdown(path, "# T\n\nThe first <sup>of all words.\n\nEnd.")
    assert texts(book) == ["The first of all words.", "End."]


def test_html_around_a_heading_keeps_its_text(path: Path) -> None:
    html = "<div>\n<h2><a id='a'></a>Norms &amp; Goals</h2>\n<p>This text stands below the heading.</p>\n</div>"
    book = read_markdown(path, f"# T\n\n## One\n\nText.\n\n{html}\n\nEnd.")
    assert headings(book) == [(None, "One"), (None, "Norms & Goals")]
    assert texts(book) == ["Text.", "This text stands below the heading.", "End."]


@pytest.mark.parametrize(("mark", "field"), [("---", "title: Teams"), ("+++", "title = 'Teams'")])
def test_a_rule_further_down_does_not_end_front_matter(path: Path, mark: str, field: str) -> None:
    book = read_markdown(path, f"{mark}\n{field}\n\n## Chapter 1: One\n\nThe first text.\n\n{mark}\n\n{REST}")
    assert (book.title, headings(book)) == ("Teams", [(1, "One"), (2, "Two")])
    assert "The first text." in texts(book)


@pytest.mark.parametrize("text", ["2^10,3^10 and x^2+y^2", "if a==b and c==d", "a ~5 or ~6 b"])
def test_formulas_are_not_taken_for_marks(path: Path, text: str) -> None:
    assert texts(read_markdown(path, f"# T\n\nTeams write {text}.")) == [f"Teams write {text}."]


def test_the_marks_of_many_dialects_are_no_words(path: Path) -> None:
    book = read_markdown(
        path,
        "# T\n\n[TOC]\n\n## One\n\nTeams agree [@smith2004, p. 3; @doe99] on H~2~O and x^2^, ==always==, "
        "see \\@ref(fig:a) and \\cite{doe}.\n\n\\newpage\n\n*[PLC]: a team\n\n"
        "Norm\n: A rule of a team.\n\n- [ ] Meet.\n- [x] Agree.\n\n"
        "## Two\n\nThe books [3] and [Smith 2004] say a@example.org.",
    )
    assert texts(book) == [
        "Teams agree on H2O and x2, always, see and.",
        "Norm",
        "A rule of a team.",
        "- Meet.\n- Agree.",
        "The books [3] and [Smith 2004] say a@example.org.",
    ]
    assert {each.reason for each in book.left_out} == {"references by key", "notes"}
