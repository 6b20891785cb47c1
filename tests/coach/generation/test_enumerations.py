"""Enumerations whose items stand in paragraphs of their own."""

import msgspec
import pytest

from tests.coach.passages import compose, passage

ORDINALS = ["First", "Second", "Third", "Fourth"]
BETWEEN = "A room is quiet in the morning and loud at noon, and nobody minds that very much."
PHASES = [
    "The first phase of a budget is a list of what the school must pay.",
    "The second phase is a list of what keeps the machines alive.",
    "The third phase is a list of what the school would like to have.",
]
STEPS = [
    "First, the school lists what it must pay for its budget.",
    "Secondly, the school lists what keeps the machines alive.",
    "Third, the school lists what it would like to have.",
]


def _quotes(question: str, *paragraphs: str) -> list[str]:
    text = "\n\n".join(f"{paragraph} {BETWEEN}" for paragraph in paragraphs)
    asked = msgspec.structs.replace(passage(text), weights={"phase": 1.5, "budget": 2.0, "plan": 1.0})
    return [citation.quote for citation in compose(question, [asked]).citations]


def _begin(quotes: list[str], items: list[str]) -> list[bool]:
    return [any(quote.startswith(item) for quote in quotes) for item in items]


@pytest.mark.parametrize(
    "question",
    ["What are the phases of a budget?", "List the phases of a budget", "Name the three phases of a budget."],
)
def test_a_question_for_several_things_gets_all_of_an_enumeration(question: str) -> None:
    assert _begin(_quotes(question, *PHASES), PHASES) == [True, True, True]


def test_a_question_for_the_way_to_do_something_gets_all_of_its_steps() -> None:
    assert _begin(_quotes("How do we plan a budget?", *STEPS), STEPS) == [True, True, True]


def test_a_question_for_one_thing_gets_only_what_is_about_it() -> None:
    assert _begin(_quotes("Is the first phase of a budget long?", *PHASES), PHASES) == [True, False, False]


def test_an_enumeration_of_something_else_is_not_mixed_in() -> None:
    other = "The second machine is older than the school by a year."
    quotes = _quotes("What are the phases of a budget?", PHASES[0], other, *PHASES[1:])
    assert _begin(quotes, [*PHASES, other]) == [True, True, True, False]


def test_an_enumeration_ends_where_an_item_is_missing() -> None:
    fourth = "The fourth phase is a party with cake for everybody."
    assert _begin(_quotes("What are the phases of a budget?", *PHASES[:2], fourth), [fourth]) == [False]


ITEMS = [
    "Write down all that the school must pay in a year of its life.",
    "Ask who keeps the machines of the school alive, and for how long.",
    "Choose what the school would like to have, and say no to the rest.",
]


@pytest.mark.parametrize("near", ["A budget has been planned in three steps by most schools.", ITEMS[1]])
def test_a_question_for_the_way_to_do_something_gets_the_list_after_a_sentence_without_a_colon(near: str) -> None:
    introduction = near if near not in ITEMS else "Schools have several ways for it."
    items = [item.replace("Ask", "Plan a budget and ask") for item in ITEMS] if near in ITEMS else ITEMS
    text = f"{BETWEEN}\n\n{introduction}\n\n" + "\n".join(f"- {item}" for item in items)
    asked = msgspec.structs.replace(passage(text), weights={"budget": 2.0, "plan": 1.0})
    assert _begin([each.quote for each in compose("How do we plan a budget?", [asked]).citations], items) == [True] * 3
    asked = msgspec.structs.replace(passage(text.replace(introduction, BETWEEN)), weights={"budget": 2.0, "plan": 1.0})
    quotes = [each.quote for each in compose("How do we plan a budget?", [asked]).citations]
    assert sum(_begin(quotes, items)) < len(items)


# The search puts the question before a follow-up in front of it.
@pytest.mark.parametrize("items", [PHASES, STEPS])
@pytest.mark.parametrize(
    "follow_up", ["Explain the second one", "And the second?", "Tell me more about the second phase"]
)
def test_a_follow_up_gets_the_item_that_it_names_by_its_number(items: list[str], follow_up: str) -> None:
    [first, *_] = _quotes(f"What are the phases of a budget? {follow_up}", *items)
    assert items[1] in first
    assert items[0] not in first


@pytest.mark.parametrize("item", ["Phase 2 is a list of what is old.", PHASES[1]])
def test_a_question_may_name_an_item_by_its_number_and_go_on(item: str) -> None:
    [first, *_] = _quotes("What does the second phase of a budget list?", PHASES[0], item)
    assert first.startswith(item)


def test_what_is_only_said_second_is_no_second_phase() -> None:
    [first, *_] = _quotes("What does the second phase of a budget list?", STEPS[1], PHASES[1])
    assert first.startswith(PHASES[1])


@pytest.mark.parametrize("item", ["Phase two is a list of what is old.", "In phase 2, the school lists what is old."])
def test_the_number_of_an_item_may_be_no_ordinal(item: str) -> None:
    [first, *_] = _quotes("What are the phases of a budget? Explain the second one", PHASES[0], item)
    assert first.startswith(item)


def test_an_item_of_another_enumeration_gains_nothing() -> None:
    other = "The second machine is older than the school by a year."
    [first, *_] = _quotes("What are the phases of a budget? Explain the second one", other, *PHASES)
    assert first.startswith(PHASES[1])


def test_an_item_that_is_shown_already_takes_no_room_twice() -> None:
    things = [" ".join(f"{item}{one}{other}" for one in "hjklmnp" for other in "bcdfghjk") for item in "aeio"]
    steps = [f"{ordinal}, our budget has {thing}." for ordinal, thing in zip(ORDINALS, things, strict=True)]
    quotes = _quotes("How do we plan a budget?", *steps)
    assert all(any(step in quote for quote in quotes) for step in steps)
