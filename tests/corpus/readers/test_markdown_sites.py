"""Markdown of sites: short codes in square brackets, notices with exclamation marks, places that a program fills."""

from pathlib import Path

from plccoach_api.corpus.readers.read import read


def _texts(folder: Path, text: str) -> list[str]:
    (folder / "book.md").write_text(f"# Garden\n\n## One\n\nDig.\n\n## Two\n\n{text}\n", "utf-8")
    return [each.text for each in read(folder / "book.md").chapters[1].paragraphs]


def test_short_codes_are_no_words_and_their_titles_are_headings(tmp_path: Path) -> None:
    text = """[tabs position="top" active=0] [tab title="Soil"]
Soil is dark.
[/tab] [tab title=Seeds]
#### Seeds
Seeds sleep [badge]long[/badge].

[/tab]
[/tabs]"""
    assert _texts(tmp_path, text) == [
        "###### Soil",
        "Soil is dark.",
        "#### Seeds",
        "Seeds sleep long.",
    ]


def test_brackets_without_a_closing_code_and_code_stay(tmp_path: Path) -> None:
    text = "Write [title] and [see the shed](shed.md), or `[b]`.\n\nThe [/shed] is closed."
    assert _texts(tmp_path, text) == ["Write [title] and see the shed, or [b].", "The [/shed] is closed."]


def test_a_notice_keeps_its_words(tmp_path: Path) -> None:
    text = "! Wear gloves.\n\n!!! Mind the nettles.\n!!! They burn.\n\n!!!! - hat\n!!!! - boots\n\n!!! note\n    Rest."
    assert _texts(tmp_path, text) == ["Wear gloves.", "Mind the nettles. They burn.", "- hat\n- boots", "Rest."]


def test_a_place_that_a_program_fills_is_no_paragraph(tmp_path: Path) -> None:
    text = "Dig.\n\n$opening-hours$\n\n$steps$\n\nIt is $x_{12}$ deep.\n\n$E$"
    assert _texts(tmp_path, text) == ["Dig.", "It is $x_{12}$ deep.", "$E$"]


def test_a_picture_at_the_beginning_of_a_line_is_no_word_and_several_are_a_list(tmp_path: Path) -> None:
    items = "Bring:\n\n\u2705 a hat,\n\u2705 gloves.\n\nThen:\n\n! \u2705 Rest.\n! \u2705 Drink."
    text = f"\U0001f50e Dig here.\n\n{items}\n\nI \u2764 it.\n\n`\u2705 x`"
    assert _texts(tmp_path, text) == [
        "Dig here.",
        "Bring:",
        "- a hat,\n- gloves.",
        "Then:",
        "- Rest.\n- Drink.",
        "I \u2764 it.",
        "\u2705 x",
    ]
