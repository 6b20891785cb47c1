"""Orders to make something, which the coach cannot follow without a model."""

import pytest

from plccoach_api.rules.questions.orders import asks_to_make


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Write an email to parents about our norms",
            "Create a lesson plan on fractions",
            "Make me a rubric for essays",
        ),
        *("Please draft a meeting agenda", "Can you generate 5 quiz questions?", "Translate 'norms' into Spanish"),
        *("Hi coach, could you please write us a newsletter?", "I need you to design a survey", "grade my essay"),
        *("Escribe un correo a las familias", "Por favor, redacta una carta"),
    ],
)
def test_an_order_is_recognised(text: str) -> None:
    assert asks_to_make(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "How do I write a rubric?",
            "Should we make a schedule?",
            "Make it shorter",
            "What does it take to build a team?",
        ),
        *("Who should write the norms?", "Writing a rubric", "Build trust", "Design thinking", "Give me 3 strategies"),
        *(
            "Make that simpler, please",
            "List the steps of a protocol",
            "Can you explain the norms?",
            "Make sense of data",
        ),
    ],
)
def test_a_question_and_a_wish_about_the_answer_are_no_orders(text: str) -> None:
    assert not asks_to_make(text)
