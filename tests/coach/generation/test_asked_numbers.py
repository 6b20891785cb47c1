"""Sentences have, or lack, the kind of number that a question asks for."""

import asyncio

import pytest

from plccoach_api.coach.answer import AnswerRequest, final_answer
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.generation.selection.asked_numbers import lacks_number
from plccoach_api.rules.questions.replies import ENGLISH
from tests.coach.passages import passage


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many spades does a class get?", "Each class may borrow two small spades."),
        ("How many spades does a class get?", "Thirteen spades are lent to each class."),
        ("How many spades does a class get?", "Each class may borrow sixteen spades."),
        ("How many spades does a class get?", "There are eighty spades for five classes."),
        ("How many spades does a class get?", "A pair of tools is enough for three children."),
        ("How much does a spade cost?", "A spade is free for schools."),
        ("What does a spade cost?", "A spade is 5 dollars."),
        ("What is the fine for a lost spade?", "Whoever loses a spade pays $ 5."),
        ("How much is a spade?", "Spades are lent at no cost."),
        ("How often should we water?", "Water the beds every morning."),
        ("How long does it take?", "Beans ripen in weeks."),
        ("How much water do beans need?", "Beans need a lot of water."),
        ("How many spades does a class get?", "Only one is lent to each."),
        ("How many spades does a class get?", "A class gets one or two."),
        ("Why do we count spades?", "Spades get lost."),
        ("What is the phone number of the shed?", "Call (555) 201-3000 before noon."),
        ("What number do I call when a spade is lost?", "Call 555 201 3000 before noon."),
        ("What number should we call in a fire?", "Call 911."),
        ("What is the email address of the shed?", "Write to shed@garden.example."),
    ],
)
def test_a_sentence_has_the_number(question: str, text: str) -> None:
    assert not lacks_number(question, ["Gardens are fun.", text])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many spades does a class get?", "The school built one garden, and the spades came later."),
        ("How many spades does a class get?", "One or more of the spades is old, and one of the classes has it."),
        ("How much does a spade cost?", "A spade is worth its price."),
        ("How much is a spade?", "The spades of 2019 are in room 5."),
        (
            "How much does a spade cost?",
            "Feel free to ask, and keep the shed free of spades and the free-standing rake.",
        ),
        ("What is the price of a spade?", "The 30 spades came at a good price."),
        ("How often should we water?", "Water the beds with a can."),
        ("How long does a bean take to ripen?", "A bean ripens on its pole."),
        ("What is the phone number of the shed?", "The 30 spades of the shed have no phone."),
        ("What is the e-mail address of the shed?", "People write e-mails to the shed."),
    ],
)
def test_a_sentence_has_another_number_or_none(question: str, text: str) -> None:
    assert lacks_number(question, [text])


def test_an_answer_without_the_number_that_was_asked_for_says_that_it_may_be_none() -> None:
    spades = passage("Spades for the classes are kept in the shed. Every class cleans its spades before it goes home.")
    request = AnswerRequest(text="How many spades does a class get?", passages=(spades,))
    answer = asyncio.run(final_answer(ExtractiveAnswerer().answer(request)))
    assert answer.content.startswith(f"{ENGLISH.unsure}\n\n")
    assert answer.citations


@pytest.mark.parametrize(
    ("question", "other", "answers"),
    [
        (
            "How many weeks does a bean need to ripen?",
            "In our garden a bean plant needs 40 cm of room to ripen well.",
            "Most of the plants carry their pods after nine weeks of sun.",
        ),
        *(
            (
                "How many weeks do the beans need to ripen?",
                "In our garden the beans need 40 cm of room to ripen well.",
                f"Most of the plants carry their pods after {number} weeks of sun.",
            )
            for number in ("thirteen", "sixteen", "eighty")
        ),
        (
            "How many years does a bean tree live in a school garden?",
            "In the 2020\u20132021 school year, a bean tree was planted in each school garden.",
            "Most of the trees stand for three to five years, and then they fall.",
        ),
        (
            "How long does a bean tree live in a school garden?",
            "In the 2020\u20132021 school year, a bean tree was planted in each school garden.",
            "Most of the trees stand for three to five years, and then they fall.",
        ),
        (
            "How long does the garden club meet?",
            "The garden club of 24 children and 2 teachers will meet behind the school.",
            "Children water, weed and sow for 45 minutes on that day.",
        ),
    ],
)
def test_an_answer_begins_with_an_amount_of_what_is_asked_for(question: str, other: str, answers: str) -> None:
    request = AnswerRequest(text=question, passages=(passage(f"{other}\n\n{answers}"),))
    answer = asyncio.run(final_answer(ExtractiveAnswerer().answer(request)))
    assert answer.citations[0].quote == answers
