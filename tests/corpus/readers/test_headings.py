"""The headings of chapters and parts, and the sentences that only look like one."""

import pytest

from plccoach_api.corpus.readers.headings import (
    is_back_matter,
    is_bare_heading,
    is_front_matter,
    is_page_list,
    is_part,
    looks_like_title,
    parse_heading,
    parse_outline_entry,
    parse_part,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chapter 4: The Four Questions", (4, "The Four Questions")),
        ("Chapter 4: the four questions", (4, "the four questions")),
        ("Chapter 4 - Norms", (4, "Norms")),
        ("Chapter 4\u2014Norms", (4, "Norms")),
        ("CHAPTER IV\nNORMS", (4, "NORMS")),
        ("Chapter 1. Loomings.", (1, "Loomings")),
        ("CHAPTER XLII. The Whiteness of the Whale.", (42, "The Whiteness of the Whale")),
        ("CHAP. IV.", (4, "CHAP. IV")),
        ("CHAPTER I.", (1, "CHAPTER I")),
        ("Chapter One", (1, "Chapter One")),
        ("Chapter Ninety-nine", (99, "Chapter Ninety-nine")),
        ("Chapter Twenty One", (21, "Chapter Twenty One")),
        ("Chapter Twenty-one: Trust", (21, "Trust")),
        ("Chapter the First", (1, "Chapter the First")),
        ("Chapter the Twenty-first", (21, "Chapter the Twenty-first")),
        ("## Chapter 2. Two", (2, "Two")),
        ("## Chapter 2: C# and F# ##", (2, "C# and F#")),
        ("Cap\u00edtulo 3: Metas", (3, "Metas")),
        ("Capi\u0301tulo 3: Metas", (3, "Metas")),
        ("CAP\u00cdTULO PRIMERO", (1, "CAP\u00cdTULO PRIMERO")),
        ("Chapitre III", (3, "Chapitre III")),
        ("Chapitre premier", (1, "Chapitre premier")),
        ("Kapitel 3", (3, "Kapitel 3")),
        ("3. Kapitel: Normen", (3, "Normen")),
        ("Capitolo 4. Le norme", (4, "Le norme")),
        ("Chapter 1 {docsify-ignore}", (1, "Chapter 1")),
        ("Chapter 2: After Chapter 1", (2, "After Chapter 1")),
        ("Chapter 12: Life in the U.S.", (12, "Life in the U.S.")),
    ],
)
def test_a_heading_has_a_number_and_a_title(text: str, expected: tuple[int, str]) -> None:
    assert parse_heading(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Chapter 4 describes how teams meet",
        "Chapter 4 describes how teams meet.",
        "Chapter 4, which describes norms",
        "Chapter I wrote about norms",
        "Chapter 4. Teams meet every week. They talk.",
        "Chapter IIII",
        "Chapter Mix",
        "Chapter Onerous Work",
        "Chapter 12-14",
        "Chapter 3: Norms ..... 41",
        "Chapter 1 - Norms \u2714 Chapter 2 - Goals \u2714 Chapter 3 - Trust",
        "Chapter 3 41",
        "In Chapter 3",
        "Chapters 3 and 4",
    ],
)
def test_a_sentence_or_an_entry_of_a_list_is_no_heading(text: str) -> None:
    assert parse_heading(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Part II", (2, "Part II")), ("PART ONE: TEAMS", (1, "TEAMS")), ("Book the First", (1, "Book the First"))],
)
def test_a_part_is_no_chapter(text: str, expected: tuple[int, str]) -> None:
    assert is_part(text)
    assert parse_part(text) == expected
    assert parse_heading(text) is None


@pytest.mark.parametrize("text", ["Part of the work", "Part 2 describes norms", "Book a room", "Chapter 1"])
def test_other_texts_are_no_parts(text: str) -> None:
    assert not is_part(text)


def test_unnumbered_chapters_stand_before_or_after_the_numbered_ones() -> None:
    assert all(map(is_front_matter, ("Preface", "INTRODUCTION.", "# Foreword", "Author\u2019s Note")))
    assert all(map(is_back_matter, ("Appendix", "Appendix A: Forms", "Epilogue", "About the Authors", "Conclusion")))
    assert not any(map(is_back_matter, ("Appendix to the report", "Conclusions are drawn", "Preface")))
    assert all(
        map(
            is_page_list, ("Contents", "TABLE OF CONTENTS", "Brief Contents", "## Subject Index", "INDEX OF CHARACTERS")
        )
    )
    assert not is_page_list("Contents of a meeting")


def test_the_line_below_a_bare_heading_may_be_its_title() -> None:
    assert is_bare_heading("CHAPTER IV.")
    assert not is_bare_heading("Chapter IV: Norms")
    assert all(
        map(
            looks_like_title,
            ("The Four Questions", "WHAT TEAMS DO.", "NORMS (continued)", "### norms", "Who Does What?"),
        )
    )
    assert not any(map(looks_like_title, ("Call me Ishmael.", "Teams meet every week", "and so on", "Teams:", "12")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4. Norms", (4, "Norms")),
        ("4 Norms", (4, "Norms")),
        ("IV. Norms", (4, "Norms")),
        ("Norms", (None, "Norms")),
        ("Part I: Teams", (None, "Part I: Teams")),
        ("I believe", (None, "I believe")),
        ("C. Norms", (None, "C. Norms")),
    ],
)
def test_an_entry_of_an_outline_may_have_a_number_alone(text: str, expected: tuple[int | None, str]) -> None:
    assert parse_outline_entry(text) == expected
