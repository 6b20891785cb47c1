"""What passes between a model and its reader."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.answer import Cited, Delta, PartialAnswer
from plccoach_api.coach.generation.citation_filter import CitationFilter
from plccoach_api.coach.llm.prompt_leak import ngrams
from tests.coach.passages import PASSAGES, TRUST

INSTRUCTIONS = "Never tell anybody that the moon over the staff room is made of old chalk and tea."
RECITABLE = ngrams(INSTRUCTIONS)


def pass_through(deltas: Sequence[str]) -> tuple[list[Cited | Delta], PartialAnswer]:
    gate = CitationFilter(PASSAGES, "How does trust grow?", RECITABLE)
    pieces = [piece for delta in deltas for piece in gate.feed(delta)]
    pieces += gate.finish()
    draft = PartialAnswer()
    for piece in pieces:
        draft.add(piece)
    assert gate.has_output == bool(pieces)
    return pieces, draft


def released(*deltas: str) -> str:
    return pass_through(deltas)[1].content


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Trust grows [1].", "Trust grows [1]."),
        ("Trust grows [1][2] and [3].", "Trust grows [1][2] and [3]."),
        ("Trust [1, 3] and [1,2;3].", "Trust [1] [3] and [1] [2] [3]."),
        ("Trust [1-3], [2–3], [3-1].", "Trust [1] [2] [3], [2] [3], [3] [1]."),
        ("Trust [ 1 ] and [01].", "Trust [1] and [1]."),
        ("Trust [1, 9] and [9, 10].", "Trust [1] and."),
        ("Trust [1] and [9] norms [0].", "Trust [1] and norms."),
        ("Trust [1-99] and [0-2].", "Trust [1] and [2]."),
        ("Trust [1] in [2024].", "Trust [1] in."),
        ("Trust [١] and [٩].", "Trust [1] and."),
        ("Trust [[1]].", "Trust [1]]."),
        ("Trust [1] [2[9]3] and [[9]2].", "Trust [1] 23] and2]."),
        ("- [ ] Ask [1]\n- [x] Done [link](http://a.example) [system] []", None),
        ("Trust [1] is [a [b] [c", None),
        ("Trust [1] and more [2", "Trust [1] and more"),
        ("Trust [1] and more [", "Trust [1] and more"),
        ("Trust [1].\n\n", "Trust [1]."),
        ("\n\n  Trust [1].", "Trust [1]."),
        ("Trust [1] [" + "0" * 50 + "9] ends.", "Trust [1] " + "0" * 50 + "9] ends."),
        ("Trust [1] [12[3].", "Trust [1] 12[3]."),
        ("Trust [1]\r\nand\x00 \x1b[2J \x85so\u2028on\tnow.", "Trust [1]\nand [2J so\u2028on\tnow."),
        ("Trust [1] \ud83d\ude00 \ud83d and \ude00.", "Trust [1] 😀 � and �."),
        ("Trust [1] \ud83d", "Trust [1] �"),
    ],
)
def test_references_are_made_even_and_what_is_no_reference_stays(said: str, expected: str | None) -> None:
    expected = said if expected is None else expected
    assert released(said) == expected
    assert released(*said) == expected


@pytest.mark.parametrize(
    "said", ["", "Trust grows.", "Trust [9].", "Trust [4] and [0] and [ ].", "[1", "[system] [x](1)"]
)
def test_nothing_is_released_of_an_answer_without_a_valid_citation(said: str) -> None:
    assert pass_through([said])[0] == []
    assert pass_through(list(said))[0] == []


def test_everything_before_the_first_valid_citation_comes_with_it() -> None:
    gate = CitationFilter(PASSAGES, "")
    for delta in ("Trust ", "grows ", "slowly ", "[9] ", "[", "1"):
        assert gate.feed(delta) == []
        assert not gate.has_output
    cited, words = gate.feed("] ")
    assert isinstance(cited, Cited)
    assert words == Delta("Trust grows slowly [1]")
    assert gate.feed("and") == [Delta(" and")]


def test_a_citation_is_announced_once_just_before_the_words_that_refer_to_it() -> None:
    pieces, draft = pass_through(["Trust grows [1].", " Tiers [2, 1].", " Trust [1]."])
    assert [piece.citation.index if isinstance(piece, Cited) else piece.text for piece in pieces] == [
        *(1, "Trust grows [1]."),
        *(2, " Tiers [2] [1]."),
        " Trust [1].",
    ]
    assert [citation.index for citation in draft.citations] == [1, 2]


def test_the_quote_is_what_the_passage_says_of_the_claim() -> None:
    draft = pass_through(["Everybody promised. A norm is a promise of the whole team [1]. Tier 3 is intensive [2]."])[1]
    assert [citation.quote for citation in draft.citations] == [
        "A norm is a promise about conduct that every member of the team agreed to.",
        "Tier 3 is intensive help with skills that should have been mastered in earlier years.",
    ]


def test_a_draft_that_was_cut_off_lists_only_what_its_words_refer_to() -> None:
    pieces, _ = pass_through(["Trust grows [1].", " Tiers [2]."])
    draft = PartialAnswer()
    for piece in pieces[:3]:
        draft.add(piece)
    assert draft.content == "Trust grows [1]."
    assert [citation.index for citation in draft.citations] == [1]


@pytest.mark.parametrize(
    "recital",
    [
        INSTRUCTIONS,
        INSTRUCTIONS.upper(),
        INSTRUCTIONS.replace(" ", " [1] "),
        INSTRUCTIONS.replace(" ", "\n- **"),
    ],
)
def test_a_recital_of_the_instructions_ends_what_is_released(recital: str) -> None:
    for deltas in ([f"Trust [1]. My orders: {recital}. More [2]."], [*"Trust [1]. My orders: ", *recital, "More [2]."]):
        content = released(*deltas)
        assert content.startswith("Trust [1]. My orders:")
        assert "moon" not in content.lower()
        assert "More" not in content


def test_a_recital_before_the_first_citation_releases_nothing() -> None:
    assert pass_through([f"{INSTRUCTIONS} [1]"])[0] == []


def test_a_few_words_in_a_row_are_anybodys() -> None:
    said = "Trust [1]. Never tell anybody that the moon is blue, and the moon over the staff room is full [2]."
    assert released(said) == said
    assert released(*said) == said
    assert released("Trust [1]. Never tell anybody that the moon") == "Trust [1]. Never tell anybody that the moon"


PARTS = st.sampled_from(
    [
        *("Trust ", "grows", " slowly. ", "\n\n- ", " ", "[", "]", "[1]", "[2", "3]", "[9]", "[1, 9]", "[1-", "-3]"),
        *("[ ]", "[system]", "[link](x)", "\r", "\x00", "\ud83d", "\ude00", "0", ",", "٣", "–", "event: x\n", "(", "7"),
        *("0123456789" * 4, "Never tell anybody that the moon ", "over the staff room is ", "made of old chalk "),
    ]
)
TEXTS = st.lists(PARTS, max_size=30).map("".join) | st.text(st.characters(), max_size=100)


@given(text=TEXTS, cuts=st.lists(st.integers(0, 400)))
def test_how_an_answer_is_cut_into_deltas_makes_no_difference(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    deltas = [text[start:end] for start, end in pairwise(edges)]
    whole, parts = pass_through([text])[1], pass_through(deltas)[1]
    assert (whole.content, whole.citations) == (parts.content, parts.citations)


@given(st.lists(TEXTS, max_size=10))
def test_whatever_is_said_every_reference_is_to_a_citation_and_every_citation_is_true(deltas: list[str]) -> None:
    pieces, draft = pass_through(deltas)
    listed = [citation.index for citation in draft.citations]
    assert len(listed) == len(set(listed))
    assert {int(number) for number in re.findall(r"\[\s*(\d+)\s*\]", draft.content)} == set(listed)
    for citation in draft.citations:
        content = PASSAGES[citation.index - 1].content
        assert citation.chunk_id == PASSAGES[citation.index - 1].chunk_id
        assert citation.quote in content
        assert len(citation.quote.split()) >= 5
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", draft.content)
    assert draft.content == draft.content.strip()
    assert not any(isinstance(piece, Delta) and not piece.text for piece in pieces)


def test_five_words_of_a_passage_are_needed_for_a_quote() -> None:
    assert TRUST.count("Teams meet.") == 1
    draft = pass_through(["Teams meet [1]."])[1]
    assert len(draft.citations[0].quote.split()) >= 5
