"""A glossary explains a term in a line that is often no whole sentence: "Rubric: a guide that lists criteria"."""

import msgspec
import pytest

from plccoach_api.coach.generation.selection.outline import outline_of
from plccoach_api.coach.generation.selection.word_coverage import coverage_of_sentences
from tests.coach.passages import compose, passage

ENTRY = "Hinge rubric: a guide that lists the criteria of good work"
OTHER = "Exit slip: a card on which a class writes one thing before the bell"
PROSE = "Our rubric took two long meetings, and every hinge of it was worth the time."
WEIGHTS = {"hing": 2.0, "rubric": 2.0}


def _quotes(question: str, text: str) -> list[str]:
    return [
        each.quote for each in compose(question, [msgspec.structs.replace(passage(text), weights=WEIGHTS)]).citations
    ]


@pytest.mark.parametrize("question", ["What is a hinge rubric?", "Define hinge rubric", "What does hinge rubric mean?"])
@pytest.mark.parametrize("mark", ["- ", "1. ", ""])
def test_an_answer_to_a_term_begins_with_its_entry_in_a_glossary(question: str, mark: str) -> None:
    text = f"{PROSE}\n\n### Key terms\n\n{mark}{OTHER}\n{mark}{ENTRY}"
    [first, *others] = _quotes(question, text)
    assert first == ENTRY
    assert OTHER not in others


@pytest.mark.parametrize("dash", [" \u2013 ", " - ", " \u2014 "])
def test_a_dash_may_stand_between_a_term_and_its_meaning(dash: str) -> None:
    entry = ENTRY.replace(": ", dash)
    assert _quotes("What is a hinge rubric?", f"{PROSE}\n\n- {entry}")[0] == entry


@pytest.mark.parametrize("question", ["How long did the rubric take?", "Who needs a rubric?"])
def test_an_entry_of_a_glossary_answers_no_other_question(question: str) -> None:
    assert ENTRY not in _quotes(question, f"{PROSE}\n\n- {ENTRY}")


def test_the_words_of_an_entry_count_as_those_of_a_sentence() -> None:
    outline = outline_of(f"{PROSE}\n\n- {ENTRY}")
    [_, entry] = coverage_of_sentences([outline], WEIGHTS, {stem: {stem: weight} for stem, weight in WEIGHTS.items()})
    assert not outline[1].is_readable
    assert outline[1].can_be_shown
    assert entry.alone == 1.0
    assert entry.precision > 0
