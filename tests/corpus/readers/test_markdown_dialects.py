"""Markdown of many programs: pandoc, R Markdown, Quarto, MkDocs, Docusaurus, Obsidian, GitHub, Jekyll."""

from pathlib import Path

import pytest

from tests.corpus.readers.test_markdown_kinds import read_markdown, texts


def read_texts(folder: Path, text: str) -> list[str]:
    return texts(read_markdown(folder / "book.md", f"# Teams\n\n## One\n\n{text}\n"))


@pytest.mark.parametrize(
    "formula",
    [
        r"$\bar{x}_{1} = \bar{x}_{2}$",
        r"$a * b * c$",
        r"$$a_1 \\ b_{2} \{c\}$$",
        r"\begin{align*} a &= b \\ c &= d \end{align*}",
    ],
)
def test_a_formula_stays_as_it_is(tmp_path: Path, formula: str) -> None:
    assert read_texts(tmp_path, f"So {formula} holds.") == [f"So {formula} holds."]


def test_a_formula_on_several_lines_is_one_paragraph(tmp_path: Path) -> None:
    text = "$$\n\\begin{aligned}\nx &= 1 \\\\\n- y\n\\end{aligned}\n$$\n\n\\begin{equation}\nz = 3\n\\end{equation}"
    assert read_texts(tmp_path, text) == [
        r"$$ \begin{aligned} x &= 1 \\ - y \end{aligned} $$",
        r"\begin{equation} z = 3 \end{equation}",
    ]


def test_prices_are_no_formulas(tmp_path: Path) -> None:
    text = "A pen costs $5 and *two* cost $10, or **$9** and **$8** today."
    assert read_texts(tmp_path, text) == ["A pen costs $5 and two cost $10, or $9 and $8 today."]


def test_a_chunk_of_code_whose_options_have_backticks_is_code(tmp_path: Path) -> None:
    text = '```{r, fig.cap="The `norms` of a team"}\nplot(norms)\n```\n\nTeams agree.\n\n```{r}\nplot(x)\n```'
    assert read_texts(tmp_path, text) == ["Teams agree."]


def test_code_that_computes_a_word_is_left_out(tmp_path: Path) -> None:
    text = "We asked `r nrow(teams)` teams about `r` and `mean(x)`."
    assert read_texts(tmp_path, text) == ["We asked teams about r and mean(x)."]


def test_items_that_pandoc_counts_are_a_list(tmp_path: Path) -> None:
    assert read_texts(tmp_path, "#. Meet\n#. Decide") == ["1. Meet\n2. Decide"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('![Team](team.png){width="60%"} A team.', "A team."),
        ('[Team](team.html){target="_blank"} A team.', "Team A team."),
        ('A [team]{kind="group"} meets.', "A team meets."),
        ('A team. {:style="width: 100%" class="wide"}', "A team."),
    ],
)
def test_attributes_are_no_text(tmp_path: Path, text: str, expected: str) -> None:
    assert read_texts(tmp_path, text) == [expected]


@pytest.mark.parametrize("heading", ["Norms {-}", "Norms {- #norms}", "Norms {.unnumbered}"])
def test_attributes_of_a_heading_are_no_part_of_it(tmp_path: Path, heading: str) -> None:
    book = read_markdown(tmp_path / "book.md", f"# Teams\n\n## {heading}\n\nTeams agree.\n\n## Goals\n\nTeams aim.")
    assert [each.title for each in book.chapters] == ["Norms", "Goals"]


def test_links_between_notes_keep_their_words(tmp_path: Path) -> None:
    text = "See [[Norms]], [[Goals|our goals]], [the list][list] and x[1][2].\n\n![[team.png]]"
    assert read_texts(tmp_path, text) == ["See Norms, our goals, the list and x[1][2]."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> [!tip]- Begin early\n> Teams meet.", ["Begin early", "Teams meet."]),
        ("> [!NOTE]\n> Teams meet.", ["Teams meet."]),
        ('??? "Begin early"\n    Teams meet.', ["Begin early", "Teams meet."]),
        ('=== "Begin early"\n    Teams meet.', ["Begin early", "Teams meet."]),
        (":::tip[Begin early]\nTeams meet.\n:::", ["Begin early", "Teams meet."]),
        ('::: {.callout-tip title="Begin early"}\nTeams meet.\n:::', ["Begin early", "Teams meet."]),
        ("::: details Begin early\nTeams meet.\n:::", ["Begin early", "Teams meet."]),
        ("```{admonition} Begin early\nTeams meet.\n```", ["Begin early", "Teams meet."]),
        ("::: warning\nTeams meet.\n:::", ["Teams meet."]),
        (":::{admonition} Begin early\n---\nclass: tip\n---\nTeams meet.\n:::", ["Begin early", "Teams meet."]),
    ],
)
def test_the_title_of_an_admonition_is_text(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert read_texts(tmp_path, text) == expected


def test_front_matter_in_the_middle_is_a_heading(tmp_path: Path) -> None:
    files = 'One is done.\n\n---\ntitle: "Norms"\ntags:\n  - team\nlayout: page\n---\n\nTeams agree.'
    book = read_markdown(tmp_path / "book.md", f"# Teams\n\n# Goals\n\n{files}\n")
    assert [each.title for each in book.chapters] == ["Goals", "Norms"]


def test_a_rule_above_words_with_a_colon_stays_text(tmp_path: Path) -> None:
    assert read_texts(tmp_path, "One.\n\n---\nNote: teams meet.\n\nTwo.") == ["One.", "Note: teams meet.", "Two."]


def test_a_mark_of_a_template_on_several_lines_is_no_text(tmp_path: Path) -> None:
    assert read_texts(tmp_path, '{% include video.html\n  title="Why?" %}\nTeams meet.') == ["Teams meet."]
