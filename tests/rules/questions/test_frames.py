"""A question loses its greeting, its wishes and its signature before the books are searched."""

import pytest

from plccoach_api.rules.questions.frames import without_frame, without_place

QUESTION = "What are norms?"


@pytest.mark.parametrize(
    "message",
    [
        "Hey coach, What are norms?",
        "Dear Coach Smith,\n\nWhat are norms?\n\nBest regards,\nDana Whitfield\nGrade 4, Room 12",
        "Subject: a question\n\nGood morning! What are norms?",
        "@coach What are norms?",
        "Hello What are norms?",
        "Hola. What are norms?",
        "Quick question: What are norms?",
        "Q: What are norms?",
        "1. What are norms?",
        "For my school: What are norms?",
        "Please tell me: What are norms?",
        "URGENT!!! What are norms?",
        "What are norms? Thanks, Dana",
        "What are norms? pls thx",
        "What are norms? Best wishes from Springfield",
        "Hi there! I'm Dana from Lincoln Elementary. What are norms?",
        "My name is Dana Whitfield. What are norms?",
        "Thanks! What are norms?",
        "haha ok. What are norms?",
        "Sorry, I meant: What are norms?",
        "No, I was asking about What are norms?",
        "not that, i mean What are norms?",
        "What are norms? Answer in two sentences.",
        "What are norms? Please cite your sources.",
        "What are norms? https://example.org/a?b=c",
        "What are norms?\n\nSent from my phone",
        "What are norms?\n\n--\nDana",
    ],
)
def test_an_address_a_wish_and_a_signature_go(message: str) -> None:
    assert without_frame(message) == QUESTION


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("How do we set firm norms in our PLC?", "How do we set firm norms?"),
        ("how do we set firm norms in a professional learning community", "how do we set firm norms"),
        ("How do we set firm norms, at our school?", "How do we set firm norms?"),
        ("In a PLC, how do we set firm norms?", "how do we set firm norms?"),
        ("Where does most of the daily work happen in a PLC?", "Where does most of the daily work happen in a PLC?"),
        ("How do we set firm norms in a rural school?", "How do we set firm norms in a rural school?"),
        ("What is the purpose of a PLC?", "What is the purpose of a PLC?"),
        ("What do teachers in our school say about norms?", "What do teachers in our school say about norms?"),
    ],
)
def test_the_setting_goes_where_the_question_says_something_without_it(message: str, question: str) -> None:
    assert without_frame(message) == question


def test_who_asks_goes_where_the_question_names_its_subject() -> None:
    asked = "how do we set team norms?"
    assert without_frame(f"As a third-year teacher in Ohio, {asked}") == asked
    assert without_frame("As a principal, what should I do?") == "As a principal, what should I do?"


@pytest.mark.parametrize(
    "message",
    [
        "Dear colleagues often ask me about norms",
        "Norms: what are they?",
        "Differentiation: what are good strategies?",
        "Is co-teaching good? Explain the six models.",
        "How do we say thanks?",
        "I am new to teaching. What do I do first?",
        "What does the coach do?",
        "We met and wrote this:\n---\nWhat are norms?",
        "We met.\nThanks\nBut what are norms?",
        "Great teachers: what do they do?",
        "What do you mean by norms?",
        "I mean it",
        "Hey coach",
        "thanks",
        "https://example.org",
        "",
    ],
)
def test_what_says_something_stays(message: str) -> None:
    assert without_frame(message) == message


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Which chapter talks about printers?", "printers?"),
        ("In which section is the mileage explained?", "the mileage explained?"),
        ("Where does it say how to add users?", "how to add users?"),
        ("where can I find something about alcohol", "alcohol"),
        ("quote the rule about alcohol", "alcohol"),
        ("Where do we meet?", "Where do we meet?"),
        ("Which book should we read?", "Which book should we read?"),
        (QUESTION, QUESTION),
    ],
)
def test_a_question_for_a_place_is_about_what_stands_there(question: str, asked: str) -> None:
    assert without_place(question) == asked
