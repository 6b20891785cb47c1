"""A term is also defined by what follows it, by the heading or the cell above a sentence, and by a person's name."""

import msgspec
import pytest

from plccoach_api.coach.generation.selection.definitions import has_definition
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.stems import stems
from tests.coach.passages import compose, passage

NOISE = "Every lemur walk and every hinge of Ada Quill took two long meetings, and they were worth the time."


def asked(question: str, text: str) -> Passage:
    weights = dict.fromkeys((each for each in stems(question) if each in SUBJECTS), 2.0)
    return msgspec.structs.replace(passage(text), weights=weights)


SUBJECTS = frozenset(stems("lemur walk Ada Quill hinge 2 emur"))


@pytest.mark.parametrize(
    ("question", "definition"),
    [
        (
            "What is a lemur walk?",
            "Some of them try what is called a \u201clemur walk,\u201d which is a slow tour of all rooms.",
        ),
        ("What is a lemur walk?", "Some begin with what is known as the lemur walk, a slow tour of all rooms."),
        ("What is a lemur walk?", "Slow tours of all rooms, in pairs, are often called a \u201clemur walk.\u201d"),
        ("What is the hinge walk?", "Doors that open both ways make a so-called \u201chinge\u201d walk of all rooms."),
        ("lemur walk definition", "A lemur walk can be described as a slow tour of all rooms, in pairs."),
        ("definition of lemur walk", "A lemur walk is a slow tour of all rooms, in pairs."),
        ("What is a lemur walk?", "A lemur walk or LW is a slow tour of all rooms, in pairs."),
        ("What is a lemur walk?", "Lemur walks, often called quiet tours, are slow tours of all rooms, in pairs."),
        ("What is a lemur walk?", "Quiet tours, also known as lemur walks, are tours of all rooms, in pairs."),
        ("What is a lemur walk?", "A quiet tour, or lemur walk, is a way through all rooms, in pairs."),
        ("What is hinge 2?", "Hinge 2 (Doors): More time for those who came late to a hinge."),
        ("What is a walk to lemurs?", "A walk to lemurs is a slow tour of all rooms, in pairs."),
        ("What is lemur as a hinge?", "Lemur as a hinge is a slow tour of all rooms, in pairs, and with a lamp."),
        ("What is a lemur walk?", "Lemur walks (said with a long u) are slow tours of all rooms, in pairs."),
        ("What does LEMUR stand for?", "LEMUR stands for Learn, Explain, Make, Use and Reflect."),
        ("What is EMUR short for?", "On that day, schools let Every Member Use Rooms (EMUR), or the hall."),
        ("Who was Ada Quill?", "Ada Quill became the first nurse of the island at the age of nineteen."),
        ("Who is Ada Quill?", "Ada B. Quill has worked for the island since her first winter there."),
        ("Who is Quill?", "Over the bridge came Quill, one of the nurses of the island, with her lamp."),
    ],
)
def test_an_answer_to_a_term_begins_with_a_sentence_that_defines_it(question: str, definition: str) -> None:
    text = f"{NOISE}\n\n{definition}\n\n{NOISE.replace('two', 'three')}"
    found = asked(question, text)
    assert compose(question, [found]).citations[0].quote.startswith(definition)
    assert has_definition(question, [found])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is Ada Quill?", "Ada Quill became the first nurse of the island at the age of nineteen."),
        ("What is a lemur walk?", "It is called the lemur walk of the island, and people like it."),
        ("What is a lemur walk?", "A lemur walk is repeatable in all rooms of the island."),
        ("Who is Quill?", "Quill is going home, and the others walk with her to the bridge."),
        ("What is Quill?", "Over the bridge came Quill, one of the nurses of the island, with her lamp."),
        ("Who is Ada?", "Ada Quill Street leads from the island to the mainland in a long bow."),
    ],
)
def test_a_sentence_about_a_term_is_no_definition_of_it(question: str, text: str) -> None:
    assert not has_definition(question, [asked(question, text)])


def test_a_cell_alone_before_a_sentence_is_the_term_that_it_explains() -> None:
    question, meaning = "What is a lemur walk?", "People go slowly through all rooms and talk about what they see."
    text = (
        "The walk took two long meetings, and it was worth the time.\n\n| Practice | Purpose |\n| Hinge |\n\n"
        f"One question decides how to go on with it.\n\n| Lemur Walk |\n\n{meaning}"
    )
    found = asked(question, text)
    assert compose(question, [found]).citations[0].quote == meaning
    assert has_definition(question, [found])


@pytest.mark.parametrize("heading", ["Lemur Walk: Look, Listen, Learn", "Lemur Walk (Silent)", "3. Lemur Walk"])
def test_a_heading_may_explain_its_term(heading: str) -> None:
    question, meaning = "What is a lemur walk?", "People go slowly through all rooms and talk about what they see."
    found = asked(question, f"### Days\n\nThe walk took two long meetings.\n\n### {heading}\n\n{meaning}")
    assert compose(question, [found]).citations[0].quote == meaning


def test_a_definition_that_opens_the_chapter_of_its_term_comes_before_another_definition() -> None:
    question, meaning = "What is a lemur walk?", "A lemur walk or LW is a slow tour of all rooms that many teams take."
    other = "### Why\n\nA lemur walk is a technique to see all rooms. Lemurs walk a lemur walk."
    chapter = msgspec.structs.replace(asked(question, meaning), chapter_title="Lemur Walks (LW)")
    assert compose(question, [asked(question, other), chapter]).citations[0].quote == meaning
    unlike = msgspec.structs.replace(chapter, chapter_title="Tours")
    assert compose(question, [asked(question, other), unlike]).citations[0].quote != meaning
