"""A highlight marks the words of the search, and escapes everything else."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.rules.searching import Words

TEXTS = (
    st.text()
    | st.text(st.sampled_from("ab <>&\"'/\n.…"))
    | st.lists(st.sampled_from(["team", "<b>", "x"])).map(" ".join)
)


def highlight(text: str, search: str) -> str:
    return Words.of(search).highlight(text)


@pytest.mark.parametrize(
    ("text", "search", "shown"),
    [
        ("Teams set norms.", "norms", "Teams set <mark>norms</mark>."),
        ("Teams set norms.", "NORM", "Teams set <mark>norms</mark>."),
        ("Teams set norms.", "set norm", "Teams <mark>set</mark> <mark>norms</mark>."),
        ("Teams set norms.", "team set", "Teams <mark>set</mark> norms."),
        ("results-oriented", "orient", "results-<mark>oriented</mark>"),
        ("Équipe", "équ", "<mark>Équipe</mark>"),
        ("我们的团队", "我们", "<mark>我们的团队</mark>"),
        ("हिन्दी में", "हिन्दी", "<mark>हिन्दी</mark> में"),
        ("don't", "don't", "<mark>don</mark>&#x27;<mark>t</mark>"),
        ("<script>team</script>", "team", "&lt;script&gt;<mark>team</mark>&lt;/script&gt;"),
        ("a </mark><img src=x onerror=team>", "team", "a &lt;/mark&gt;&lt;img src=x onerror=<mark>team</mark>&gt;"),
        ("<mark>team</mark>", "mark", "&lt;<mark>mark</mark>&gt;team&lt;/<mark>mark</mark>&gt;"),
        ("two\n\nlines", "lines", "two <mark>lines</mark>"),
        ("nothing of it", "team", "nothing of it"),
        ("team", "?!", "team"),
        ("", "team", ""),
    ],
)
def test_words_are_marked_and_everything_else_is_escaped(text: str, search: str, shown: str) -> None:
    assert highlight(text, search) == shown


def test_a_long_text_is_cut_between_words_to_the_excerpt_with_the_most_matches() -> None:
    text = "team " + "filler " * 80 + "here a team sets its norms and every team keeps its norms " + "filler " * 80
    shown = highlight(text, "team norms")
    assert shown.startswith("…filler")
    assert "here a <mark>team</mark> sets its <mark>norms</mark> and every <mark>team</mark>" in shown
    assert shown.endswith("filler…")
    assert len(unescape(re.sub("</?mark>", "", shown))) <= 162


@given(TEXTS, TEXTS)
def test_a_highlight_without_its_marks_is_a_part_of_the_text(text: str, search: str) -> None:
    shown = highlight(text, search)
    plain = unescape(re.sub("</?mark>", "", shown))
    whole = " ".join(text.split())
    assert plain.removeprefix("…").removesuffix("…") in whole or plain == whole
    assert len(plain) <= 162


@given(TEXTS, TEXTS)
def test_the_only_markup_of_a_highlight_is_its_marks(text: str, search: str) -> None:
    shown = highlight(text, search)
    assert not set("<>\"'") & set(re.sub("</?mark>", "", shown))
    assert re.fullmatch(r"([^<]|<mark>[^<]+</mark>)*", shown)
