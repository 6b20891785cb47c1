"""Lists that a heading or a label introduces, and no sentence."""

import msgspec
import pytest

from plccoach_api.rules.stems import stems
from tests.coach.passages import compose, passage

PROSE = "Our budget took two long meetings, and every part of the plan was worth the time."
ITEMS = ["Pencils and paper", "New chairs", "A trip to the sea"]


def _quotes(question: str, text: str) -> list[str]:
    asked = msgspec.structs.replace(passage(text), weights=dict.fromkeys(stems(question), 1.0))
    return [each.quote for each in compose(question, [asked]).citations]


@pytest.mark.parametrize("mark", ["- ", "1. "])
def test_the_list_below_a_heading_answers_a_question_for_it(mark: str) -> None:
    items = "\n".join(f"{mark}{item}" for item in ITEMS)
    text = f"{PROSE}\n\n### Parts of a School Budget\n\n{items}"
    [first, *_] = _quotes("school budget parts", text)
    assert first == items


def test_the_list_below_a_label_answers_a_question_for_it() -> None:
    items = "\n".join(f"- {item}" for item in ITEMS)
    assert f"School budget:\n\n{items}" in _quotes("school budget parts", f"{PROSE}\n\nSchool budget:\n\n{items}")


@pytest.mark.parametrize("introduction", ["### Parts of a School Budget", "Parts of a school budget:"])
@pytest.mark.parametrize("question", ["trip length", "school trip wishes"])
def test_such_a_list_answers_no_other_question(introduction: str, question: str) -> None:
    items = "\n".join(f"- {item}" for item in ITEMS)
    quotes = _quotes(question, f"{PROSE}\n\n{introduction}\n\n{items}")
    assert not any(ITEMS[0] in quote for quote in quotes)


def test_a_list_of_questions_is_no_answer() -> None:
    text = f"{PROSE}\n\n### Parts of a School Budget\n\n1. Which parts has your school budget?\n2. Is it long?"
    assert _quotes("school budget parts", text) == [PROSE]


def test_a_list_that_is_too_long_is_shown_with_its_first_items() -> None:
    items = [f"- {item} and all else that the school needs for its work in a long year" for item in ITEMS * 4]
    [first, *_] = _quotes("school budget parts", "\n".join(["The school budget has many parts for a year:\n", *items]))
    assert first.startswith("The school budget has many parts")
    assert first.endswith(items[4])


@pytest.mark.parametrize(
    ("question", "shown"), [("What are the parts of a budget?", True), ("Is a budget long?", False)]
)
def test_a_question_for_several_things_gets_the_list_that_its_paragraph_introduces(
    question: str, *, shown: bool
) -> None:
    said = (
        "A budget has parts, and a long budget has a lot of them. People like to talk about them in the afternoon, "
        "when the machines are quiet and the rooms are cool, or after a meal with soup and a salad from the garden."
    )
    items = "\n".join(f"- {item} that everybody waits for through the months of winter" for item in ITEMS)
    listed = f"In most years we saw such things as these:\n\n{items}"
    [first, *_] = _quotes(question, f"{said} {listed}")
    assert first.startswith(said)
    assert (items in first) is shown


@pytest.mark.parametrize(
    "item",
    [
        "Attend monthly budget hearings regularly. (Second Tuesday of most months.)",
        "Please submit budget forms before noon.",
        "Never discuss budget matters outside.",
    ],
)
def test_an_item_that_tells_the_reader_what_to_do_is_a_sentence(item: str) -> None:
    text = f"{PROSE}\n\n- {item}\n- Reviewing budget papers of our school."
    assert _quotes("budget hearings forms matters", text)[0] == item


def test_an_item_that_only_names_what_is_done_is_no_sentence() -> None:
    assert not any("Reviewing" in each for each in _quotes("budget papers", f"{PROSE}\n\n- Reviewing budget papers."))
