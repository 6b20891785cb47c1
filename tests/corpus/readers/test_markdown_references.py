"""References of bookdown and Quarto, notes inside a sentence, and words with attributes, in Markdown."""

from pathlib import Path

import pytest

from tests.corpus.readers.test_markdown_dialects import read_texts
from tests.corpus.readers.test_markdown_kinds import read_markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As @fig-teams and @sec-how-to show.", "As Figure and Section show."),
        ("Teams (@tbl-a), (see @sec-a), (@fig-a, @fig-b) and (см. @eq-x) meet.", "Teams,, and meet."),
        (r"Teams meet (see Chapter \@ref(norms)).", "Teams meet."),
        (r"Teams meet (Figures \@ref(fig:a) and \@ref(fig:b)) often.", "Teams meet often."),
        (
            r"Teams (which we met and saw in the long Chapter \@ref(a)) meet.",
            "Teams (which we met and saw in the long Chapter) meet.",
        ),
        ("Write to ann@fig-tree.org or `@fig-a`.", "Write to ann@fig-tree.org or @fig-a."),
        ("Follow @section-9 and @fig.", "Follow @section-9 and @fig."),
        ("(ref:teams) Teams and their norms.", "Teams and their norms."),
        (r"Table: (\#tab:teams) Teams and their norms (#2).", "Table: Teams and their norms (#2)."),
    ],
)
def test_references_to_a_place_have_no_key(tmp_path: Path, text: str, expected: str) -> None:
    assert read_texts(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teams meet.^[See [a *list*](https://example.org) of `x[1]`, p. 3.] All do.", ["Teams meet. All do."]),
        ("Teams meet^[They do\nso [often].], all do.", ["Teams meet, all do."]),
        ("- Teams meet.^[See *this*.]\n- All do.", ["- Teams meet.\n- All do."]),
        ("Teams^[without an end meet.\n\nAll] do.", ["Teams^[without an end meet.", "All] do."]),
        ("The pattern `^[^a]+$` and [a `]` list]{.x}.", ["The pattern ^[^a]+$ and a ] list."]),
    ],
)
def test_a_note_inside_a_sentence_is_left_out(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert read_texts(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A [*good* team]{.underline} meets.", "A good team meets."),
        ('A [**team**]{style="color:#31688e"} meets.', "A team meets."),
        ("A [team [with] norms]{.smallcaps} meets.", "A team [with] norms meets."),
    ],
)
def test_words_with_attributes_may_have_marks(tmp_path: Path, text: str, expected: str) -> None:
    assert read_texts(tmp_path, text) == [expected]


def test_a_title_has_no_tags_of_html(tmp_path: Path) -> None:
    head = (
        "---\ntitle: 'Teams <em>and</em> List<T>'\nsubtitle: \"<br><a href='x'><img src='y'></a>\"\n---\n\n# A\n\nText."
    )
    assert read_markdown(tmp_path / "a.md", head).title == "Teams and List<T>"


def test_the_rows_of_a_grid_table_are_rows(tmp_path: Path) -> None:
    table = (
        "+--------+----------------+\n| Team   | Days           |\n+========+:==============:+\n"
        "| Blue   | Monday         |\n"
        "| team   | and Friday     |\n+--------+----------------+\n| Red    | A team meets   |\n"
        "|        | on three days. |\n+--------+----------------+"
    )
    assert read_texts(tmp_path, f"One.\n\n{table}\n\nTwo.") == [
        "One.",
        "| Team | Days |\n| Blue team | Monday and Friday |\n| Red |",
        "A team meets on three days.",
        "Two.",
    ]


@pytest.mark.parametrize(
    "command",
    [r"\setcounter{chapter}{4}", r"\newcommand{\team}[1]{\textbf{#1}}", r"\vspace*{2em}", r"\appendix", r"\mainmatter"],
)
def test_a_line_that_is_a_command_of_latex_is_no_text(tmp_path: Path, command: str) -> None:
    assert read_texts(tmp_path, f"One.\n\n{command}\n\n\\textbf{{Two}} and \\noindent three.") == [
        "One.",
        r"\textbf{Two} and \noindent three.",
    ]
