"""Acronyms are learnt from the texts that explain them."""

import time

import pytest

from plccoach_api.rules.acronyms import acronyms_in, other_names_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use Response to Intervention (RTI) here.", [("RTI", "Response to Intervention")]),
        ("We use RTI (Response to Intervention) here.", [("RTI", "Response to Intervention")]),
        ("Universal Design for Learning (or UDL) helps.", [("UDL", "Universal Design for Learning")]),
        ("A multi-tiered system of supports (MTSS).", [("MTSS", "multi-tiered system of supports")]),
        ("Learning Outcomes (LOs) come first.", [("LO", "Learning Outcomes")]),
        ("Predict, Run, Investigate, Modify, Make (PRIMM)", [("PRIMM", "Predict, Run, Investigate, Modify, Make")]),
        ("A postgraduate teaching aid (PGTA) helps.", [("PGTA", "postgraduate teaching aid")]),
        ("Home makes links (HTML) and a school of the town (STTT).", []),
        ("RTI (see chapter 3) and RTI (2019) and NASA (a space agency).", []),
        ("The school (USA) and a plan (PDF) and (RTI).", []),
        ("Response to\nIntervention\n(RTI)", []),
        ("It is the state of Ohio (TSOO).", []),
    ],
)
def test_the_initials_of_the_words_spell_the_acronym(text: str, found: list[tuple[str, str]]) -> None:
    assert acronyms_in([text]) == found


def test_an_explanation_counts_once_and_different_ones_all_count() -> None:
    texts = ["Public Relations (PR)", "public relations (PR)", "pull request (PR)"]
    assert acronyms_in(texts) == [("PR", "Public Relations"), ("PR", "pull request")]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is RTI response to intervention", [("RTI", "response to intervention")]),
        ("how do I open a pull request in the garden PR", [("PR", "pull request")]),
        ("What is RTI?", []),
    ],
)
def test_a_question_may_have_both_names_of_a_thing(question: str, names: list[tuple[str, str]]) -> None:
    assert [*other_names_in(question)] == names


@pytest.mark.parametrize("part", ["(AB", "AB (", "A ", "(AB)", "RTI (a", "\n", "AB (or "])
def test_hostile_texts_cost_little(part: str) -> None:
    started = time.process_time()
    acronyms_in([part * 20_000])
    assert not [*other_names_in(part * 20_000)]
    assert time.process_time() - started < 2
