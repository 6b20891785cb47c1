"""Suggestions: the headings that become a question, and those that do not."""

import time

import pytest

from plccoach_api.coach.answer import Answer, AnswerRequest, Turn
from plccoach_api.coach.generation.citations import best_quote, cite
from plccoach_api.coach.generation.heading_questions import heading_text, question_about
from plccoach_api.coach.generation.suggestions import suggestions
from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.messages import MessageKind, MessageRole
from plccoach_api.rules.sentences import Span
from tests.coach.passages import passage

COMMON = frozenset({"common", "assessments", "team", "norms", "good", "goals", "big", "ideas", "set", "targets"})

NORMS = passage(
    "### Team Norms\n\nA norm is a promise about conduct that every member of the team agreed to.\n\n"
    "### Designing Common Assessments\n\nA team designs common assessments before it teaches the unit.\n\n"
    "### Summary\n\nThe summary of this chapter is short, and nobody should ask for it.\n\n"
    "### Lunch Tables\n\nThe agenda of a meeting has an owner for every item and a time for each.\n\n"
    "### Why do we meet every week?\n\nWe meet every week because a plan decays when nobody looks at it.\n\n"
    "### 4.2 SMART Goals\n\nSMART goals are strategic, measurable, attainable, results-oriented and time-bound."
)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("The Big Ideas", "What should we know about the big ideas?"),
        ("A Good Norm", "What should we know about a good norm?"),
        ("3.1 SMART Goals", "What should we know about SMART goals?"),
        ("Chapter 3: Team Norms", "What should we know about team norms?"),
        ("Designing Common Assessments", "How do we go about designing common assessments?"),
        ("Learning Targets", "What should we know about learning targets?"),
        ("E-mail Norms", "What should we know about E-mail norms?"),
        ("Running Jupyter with a Team", "How do we go about running Jupyter with a team?"),
        ("Choose your words carefully", "How do we choose our words carefully?"),
        ("Share your results", "How do we share our results?"),
        ("Reward yourself", "How do we reward ourselves?"),
        ("Put aside targets", "How do we put aside targets?"),
        ("Use norms with a team", "How do we use norms with a team?"),
        ("Use of norms", "What should we know about use of norms?"),
        ("Comment only, no targets", "What should we know about comment only, no targets?"),
        ("How to Set Norms", "How do we set norms?"),
        ("Why do we use Jupyter?", "Why do we use Jupyter?"),
        ("[Good norms](norms.md#good) {#good}", "What should we know about good norms?"),
        ("TEAM NORMS", "What should we know about team norms?"),
        ("SETTING RTI TARGETS WITH A TEAM", "What should we know about setting RTI targets with a team?"),
        ("COLLABORATION", "What should we know about collaboration?"),
        ("RTI GOALS", "What should we know about RTI goals?"),
        ("JICF: COMMON GOALS", "What should we know about common goals?"),
        ("JJA-R: TEAM NORMS", "What should we know about team norms?"),
        ("(a) Common Goals", "What should we know about common goals?"),
        ("(iv) SMART Goals", "What should we know about SMART goals?"),
        ("\u00a7 39-2a. Team Norms", "What should we know about team norms?"),
        ("Edit user\u2019s account", "How do we edit user\u2019s account?"),
        ("Do I need norms with a team?", "Do I need norms with a team?"),
        ("Peer instruction (pairs/15)", "What should we know about peer instruction?"),
    ],
)
def test_a_heading_becomes_a_question(heading: str, question: str) -> None:
    assert question_about(heading_text(heading), COMMON | {"the", "learning", "running", "a", "with"}) == question


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "(A) In general",
            "Introduction",
            "Summary",
            "Chapter 3",
            "3.2",
            "1998",
            "References",
            "License",
            "Table of Contents",
        ),
        *("Further Reading", "Exercise B", "Learning Outcomes for Session 1", "Lesson Reflection", "IV.", "* * *"),
        *("Examples of what you could look for:", "Anything else?", "What's next?", "Do you have an example?"),
        *(
            "Team Norms (12-15 minutes)",
            "Opening (5 min)",
            "What to look for",
            "In the Classroom",
            "You don't know what you don't know",
            "We're using two versions",
        ),
        *(
            "Exercise: Evaluating Norms",
            "Optional exercise: set goals",
            "Trainer Note",
            "Useful reading",
            "Update Logs",
        ),
        *("Dig Deeper", "Get Connected", "Thoughts", "Student Profile", "Answers to Questions", "Art Attribution"),
        *("Don't give the solution away", "a" * 200, "word " * 60, "第一章", "", "?", "…"),
    ],
)
def test_a_heading_that_names_no_subject_becomes_no_question(heading: str) -> None:
    assert question_about(heading_text(heading), COMMON) is None


def answer_from(cited: Passage) -> Answer:
    span = best_quote(cited.content, "A norm is a promise about conduct.")
    assert span
    return Answer(MessageKind.answer, "A norm is a promise. [1]", (cite(cited, span, 1),))


def test_three_sections_are_suggested_and_the_quoted_one_is_not_among_them() -> None:
    request = AnswerRequest(text="Who keeps the time?", passages=(NORMS,))
    assert suggestions(request, answer_from(NORMS)) == (
        "How do we go about designing common assessments?",
        "Why do we meet every week?",
        "What should we know about SMART goals?",
    )


def test_a_title_is_written_as_in_a_sentence_with_capitals_for_names_only() -> None:
    about = passage(
        "### Stages of Team Development\n\nA team passes through four stages.\n\n"
        "### Reading with Bloom\n\nMost readings of a team that knows Bloom begin with his levels."
    )
    request = AnswerRequest(text="Who keeps the time?", passages=(about,))
    answer = Answer(MessageKind.answer, "Four. [1]", (cite(about, Span(0, 10), 1),))
    assert suggestions(request, answer)[:2] == (
        "What should we know about stages of team development?",
        "What should we know about reading with Bloom?",
    )


def test_a_name_of_two_words_keeps_its_capitals_although_each_of_them_is_a_word_of_the_text() -> None:
    about = passage(
        "### The Homework of North Shore\n\nAt the north end of a shore, the homework of North Shore is a choice."
    )
    request = AnswerRequest(text="Who keeps the time?", passages=(about,))
    answer = Answer(MessageKind.answer, "Four. [1]", (cite(about, Span(0, 10), 1),))
    assert suggestions(request, answer) == ("What should we know about the homework of North Shore?",)


def test_the_name_of_a_person_is_not_suggested() -> None:
    cited = passage(
        "### Kerstin Helbig\n\nKerstin Helbig writes about norms that teams agree to.\n\n"
        "### Norms in Conjunction\n\nA norm is a promise about conduct. Norms stand in a conjunction."
    )
    request = AnswerRequest(text="Who keeps the time?", passages=(cited,))
    asked = suggestions(request, Answer(MessageKind.answer, "[1]", (cite(cited, Span(20, 60), 1),)))
    assert asked == ("What should we know about norms in conjunction?",)


def test_no_question_is_suggested_that_was_asked_in_the_conversation() -> None:
    history = (
        Turn(MessageRole.user, "How do we go about designing common assessments?"),
        Turn(MessageRole.assistant, "SMART goals come first."),
        Turn(MessageRole.user, "Should a team meet every week?"),
    )
    request = AnswerRequest(text="What is a norm of a team?", passages=(NORMS,), history=history)
    assert suggestions(request, answer_from(NORMS)) == ("What should we know about SMART goals?",)


def test_a_spanish_question_gets_spanish_suggestions() -> None:
    request = AnswerRequest(text="¿Quién cuida el tiempo?", passages=(NORMS,))
    assert suggestions(request, answer_from(NORMS))[0] == "¿Qué debemos saber sobre «designing common assessments»?"


def test_a_suggestion_is_not_asked_again_in_spanish() -> None:
    history = (Turn(MessageRole.user, "¿Qué debemos saber sobre «designing common assessments»?"),)
    request = AnswerRequest(text="¿Quién cuida el tiempo?", passages=(NORMS,), history=history)
    assert not [each for each in suggestions(request, answer_from(NORMS)) if "designing" in each]


def test_a_question_in_another_language_gets_no_suggestions() -> None:
    request = AnswerRequest(text="Qui surveille le temps dans une réunion ?", passages=(NORMS,))
    assert suggestions(request, answer_from(NORMS)) == ()


def test_a_misspelt_question_is_not_suggested_in_its_right_spelling() -> None:
    request = AnswerRequest(text="waht are SMRAT gaols?", search_text="what are SMART goals?", passages=(NORMS,))
    assert "What should we know about SMART goals?" not in suggestions(request, answer_from(NORMS))


def test_a_heading_that_several_passages_have_is_not_suggested() -> None:
    other = passage("### 4.2 SMART Goals\n\nSMART goals for a second book are measurable as well.")
    request = AnswerRequest(text="Who keeps the time?", passages=(NORMS, other))
    assert "What should we know about SMART goals?" not in suggestions(request, answer_from(NORMS))


@pytest.mark.parametrize("kind", [MessageKind.refusal, MessageKind.clarification])
def test_only_an_answer_has_suggestions(kind: MessageKind) -> None:
    assert suggestions(AnswerRequest(text="Who?", passages=(NORMS,)), Answer(kind, "Sorry.")) == ()


@pytest.mark.parametrize(
    "piece", ["# ", "[", "[a](", "<", "{", "1.", "((", "a ", "ing ", "vs ", "?", "\u0130", "step 1"]
)
def test_a_hostile_heading_costs_little(piece: str) -> None:
    hostile = passage(f"## {piece * 20_000}\n\nSome text of the section follows here.")
    request = AnswerRequest(text="Who keeps the time?", passages=(hostile, NORMS))
    started = time.process_time()
    found = suggestions(request, answer_from(NORMS))
    assert time.process_time() - started < 0.5
    assert all(len(question) <= 120 for question in found)
