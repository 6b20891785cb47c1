"""Paragraphs gathered into chapters: lists of contents end where they end, and sections stay in their chapter."""

from plccoach_api.corpus.book import Chapter, LeftOut, Paragraph
from plccoach_api.corpus.readers.chapter_builder import ChapterBuilder

PROSE = "Teams meet every week, and they talk about what their students learned."


def build(*texts: str) -> tuple[list[tuple[int | None, str, list[str]]], tuple[LeftOut, ...]]:
    builder = ChapterBuilder()
    for text in texts:
        builder.add(Paragraph(text))
    return summary(builder.chapters()), builder.left_out()


def summary(chapters: list[Chapter]) -> list[tuple[int | None, str, list[str]]]:
    return [(each.number, each.title, [paragraph.text for paragraph in each.paragraphs]) for each in chapters]


def test_a_list_of_contents_ends_at_the_first_paragraph_that_is_no_entry() -> None:
    chapters, left_out = build("Contents", "Norms ..... 1", "Trust 14", PROSE, "More of it, and no chapter follows.")
    assert chapters == [(None, "", [PROSE, "More of it, and no chapter follows."])]
    assert left_out == (LeftOut("list of contents", 8 + 11 + 7, is_lost=False),)


def test_a_list_of_contents_may_be_a_table() -> None:
    chapters, [left_out] = build("CONTENTS", "| PAGE |\n| Norms, and how they grow | 3 |\n| Trust | 14 |", PROSE)
    assert chapters == [(None, "", [PROSE])]
    assert left_out.reason == "list of contents"


def test_titles_that_come_again_as_headings_are_entries() -> None:
    chapters, [left_out] = build(
        "Contents", "Chapter 1. Loomings.\nChapter 2. Norms.", "Chapter 1. Loomings.", PROSE, "Chapter 2. Norms.", PROSE
    )
    assert chapters == [(1, "Loomings", [PROSE]), (2, "Norms", [PROSE])]
    assert left_out.reason == "list of contents"


def test_a_list_of_contents_with_each_entry_alone_opens_no_chapter() -> None:
    chapters, _ = build(
        "Table of Contents", "Chapter 1: One", "Chapter 2: Two", "Preface", "Preface", PROSE, "Chapter 1: One", PROSE,
        "Chapter 2: Two", PROSE,
    )  # fmt: skip
    assert chapters == [(None, "Preface", [PROSE]), (1, "One", [PROSE]), (2, "Two", [PROSE])]


def test_an_index_is_left_out_to_its_end() -> None:
    chapters, [left_out] = build("Chapter 1: One", PROSE, "Index", "N", "norms, 4, 12", "teams, see norms", "T")
    assert chapters == [(1, "One", [PROSE])]
    assert left_out == LeftOut("index", 5 + 1 + 10 + 14 + 1, is_lost=False)


def test_the_title_of_a_chapter_may_stand_below_its_number() -> None:
    chapters, _ = build(
        "CHAPTER I.", "DOWN THE RABBIT-HOLE", PROSE, "Chapter Two", PROSE, "Chapter 3", "The End", PROSE
    )
    assert chapters == [(1, "DOWN THE RABBIT-HOLE", [PROSE]), (2, "Chapter Two", [PROSE]), (3, "The End", [PROSE])]


def test_parts_are_above_chapters_and_their_introductions_are_kept() -> None:
    chapters, _ = build("Part I", "Teams", PROSE, "Chapter 1: One", PROSE, "Part II", "Chapter 2: Two", PROSE)
    assert chapters == [(None, "Part I: Teams", [PROSE]), (1, "One", [PROSE]), (2, "Two", [PROSE])]


def test_a_heading_without_text_is_said() -> None:
    chapters, [left_out] = build("Part I: Teams", "Chapter 1: One", PROSE, "Chapter 2: Two")
    assert chapters == [(1, "One", [PROSE])]
    assert left_out == LeftOut("headings without text", len("PartI:Teams") + len("Two"), is_lost=False)


def test_headings_in_a_row_without_text_are_text_in_large_type() -> None:
    builder = ChapterBuilder()
    builder.open(None, "One idea")
    builder.open(None, "Another idea")
    builder.open(None, "Talking")
    builder.append(Paragraph(PROSE))
    builder.open(None, "A long idea " * 10)
    ideas = ["### One idea", "### Another idea"]
    assert summary(builder.chapters()) == [
        (None, "Talking", [*ideas, PROSE, f"### {'A long idea ' * 10}"]),
    ]
    assert builder.left_out() == ()


def test_a_part_inside_a_chapter_is_a_section() -> None:
    chapters, _ = build("Chapter 1: One", "Part 1", PROSE, "Part 2", PROSE, "Chapter 2: Two", PROSE)
    assert chapters == [(1, "One", ["Part 1", PROSE, "Part 2", PROSE]), (2, "Two", [PROSE])]


def test_front_and_back_matter_are_chapters_without_a_number() -> None:
    chapters, _ = build("Preface", PROSE, "Chapter 1: One", PROSE, "Chapter 2: Two", PROSE, "Appendix A: Forms", PROSE)
    assert [(number, title) for number, title, _ in chapters] == [
        (None, "Preface"),
        (1, "One"),
        (2, "Two"),
        (None, "Appendix A: Forms"),
    ]


def test_an_introduction_and_a_conclusion_of_each_chapter_are_sections() -> None:
    sections = ("### Introduction", PROSE, "### Conclusion", PROSE)
    chapters, _ = build("Chapter 1: One", *sections, "Chapter 2: Two", *sections)
    assert chapters == [(1, "One", [*sections]), (2, "Two", [*sections])]


def test_an_outline_names_all_chapters() -> None:
    builder = ChapterBuilder()
    builder.open(1, "One")
    builder.add(Paragraph("Conclusion"))
    builder.add(Paragraph(PROSE))
    builder.open(None, "Contents")
    builder.add(Paragraph("One ..... 1"))
    builder.add(Paragraph(PROSE))
    assert summary(builder.chapters()) == [(1, "One", ["Conclusion", PROSE]), (None, "", [PROSE])]
