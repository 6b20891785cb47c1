"""Small talk gets a friendly line; a question never does."""

import pytest

from plccoach_api.rules.questions.small_talk import small_talk
from tests.coach.retrieval.questions import ANSWERABLE, UNANSWERABLE


@pytest.mark.parametrize(
    "text", ["hi", "Hi!", "HELLO…", "Good morning 👋", "Hey, how are you?", "What's up?", "Hi, I'm new here"]
)
def test_a_greeting_is_answered_by_a_greeting(text: str) -> None:
    assert (small_talk(text) or "").startswith("Hello!")


@pytest.mark.parametrize(
    "text",
    [
        "Thanks a lot for your help",
        "thank you so much!!",
        "OK, thanks.",
        "That helps :)",
        "Great answer",
        "you're the best",
        "Makes sense",
        "that's interesting",
    ],
)
def test_thanks_are_answered(text: str) -> None:
    assert (small_talk(text) or "").startswith("You're welcome!")


@pytest.mark.parametrize(
    "text",
    [
        *("merci", "Danke schön!", "grazie", "thaaanks", "you rock", "I love you", "good bot", "ok cool"),
        *("Thanks, that helped!", "thanks :)", "Cool, will try it tomorrow", "ok thanks, I'll try that with my team"),
        *("haha nice one", "Sooo helpful!!!", "merci beaucoup"),
    ],
)
def test_thanks_and_praise_are_answered_in_any_spelling(text: str) -> None:
    assert (small_talk(text) or "").startswith("You're welcome!")


@pytest.mark.parametrize(
    "text",
    [
        *("ok thats clear thx!!", "All clear", "Perfect, that's what I needed", "exactly what i was looking for"),
        *("That answered my question", "thanks for the info", "alright thanks", "Thanks a million", "gotcha"),
        *("no more questions", "I'm done", "that was fast", "I understand now"),
    ],
)
def test_a_reader_who_is_content_is_told_that_more_may_be_asked(text: str) -> None:
    assert (small_talk(text) or "").startswith("You're welcome!")


@pytest.mark.parametrize(
    "text",
    [
        *("I have a question", "hi coach, i've got a quick question", "Can I ask you something?", "quick question"),
        *("hello there, can you help me", "need some help please"),
    ],
)
def test_a_reader_who_announces_a_question_is_asked_for_it(text: str) -> None:
    assert "What is your question about" in (small_talk(text) or "")


@pytest.mark.parametrize("text", ["yo", "sup", "heyyy", "Bonjour", "hallo", "Hi, how are you doing today?"])
def test_a_short_or_a_foreign_greeting_is_a_greeting(text: str) -> None:
    assert (small_talk(text) or "").startswith("Hello!")


@pytest.mark.parametrize(
    "text", ["lol", "LOOOL", "hahaha", "no", "never mind", "👍", "🙏🏽🙏🏽", "❤️", ":)", "<3", "oops, sorry"]
)
def test_a_reaction_is_answered_by_an_offer(text: str) -> None:
    assert (small_talk(text) or "").startswith("I am here")


@pytest.mark.parametrize("text", ["Bye!", "Thanks, bye", "see you later", "Goodbye and thank you"])
def test_a_goodbye_is_answered_by_a_goodbye(text: str) -> None:
    assert (small_talk(text) or "").startswith("Goodbye")


@pytest.mark.parametrize("text", ["¡Hola!", "Buenos días", "muchas gracias", "jaja", "Jajajaja!", "ajajá, gracias"])
def test_spanish_is_answered_in_spanish(text: str) -> None:
    assert "su equipo" in (small_talk(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Who are you?",
            "What can you do?",
            "Are you a robot?",
            "are you chatgpt",
            "Who made you?",
            "help",
            "HELP ME!",
        ),
        *("What can you help me with?", "do you speak Spanish?", "Are you a real person?", "What's your name?"),
        *("so what are you exactly?", "how do you work?", "What can I ask you?", "can you help me"),
    ],
)
def test_a_question_about_the_coach_says_what_it_does(text: str) -> None:
    assert "cite" in (small_talk(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        *("Which book is that from?", "where did you get that from?", "What page is this on", "what are your sources?"),
        *("Where is that from", "source?", "and which chapter is it in?", "says who?", "¿De qué libro es eso?"),
        *("Are you sure?", "are u sure about that", "Is that really in the book?", "Is this true?"),
        *("Where does it say that?", "does the handbook really say so", "which page?", "what chapter"),
    ],
)
def test_a_question_about_the_source_says_where_the_citations_are(text: str) -> None:
    assert any(word in (small_talk(text) or "") for word in ("citation", "cita"))


@pytest.mark.parametrize(
    "text",
    [
        *("Is it true that norms help?", "Does it say what a norm is?", "Are you sure that norms help?", "best norms"),
        *("Which book should we read?", "Where do norms come from?", "What source of data is that?", "sources of data"),
        *ANSWERABLE,
        *UNANSWERABLE,
        *(
            "",
            "?",
            "Thanks! How do we set norms?",
            "Hello, what is a PLC?",
            "How can I help my team?",
            "Norms",
            *("ok and now?", "Is it really OK?", "is it ok", "Thanks, I need to know more about norms", "no homework?"),
            *("Thanks, I will ask how to set norms", "Hey, are you sure that norms help?", "Yo-yo tests", "1", "2+2?"),
            *(
                "What do you know about norms?",
                "Are you a teacher of reading?",
                "help students",
                "merci de norms",
                "...",
            ),
            *(
                "cool down exercises",
                "Hello! Who made the first PLC?",
                "We will try it",
                "what can you do about bullying",
            ),
            *(
                "I need help with norms",
                "quick question: how do we set norms",
                "clear goals",
                "I understand norms",
                "fine",
            ),
            *("Can I ask students something?", "good information", "Is that clear to students"),
            "hi " * 40,
        ),
    ],
)
def test_any_other_text_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "That doesn't help",
            "This is not what I asked for.",
            "that's wrong",
            "I don't understand",
            "not helpful at all",
            "you're not very helpful",
            "You are useless",
        ),
        *(
            "No, that is not what I meant",
            "You didn't answer my question!",
            "that makes no sense",
            "It did not help me",
        ),
        *(
            "not helpful at all",
            "you're not very helpful",
            "You are useless",
            "Your answer is useless",
            "I still don't get it",
            "try again",
            "wrong answer",
            "I meant something else",
        ),
    ],
)
def test_a_complaint_is_answered_with_what_to_do(text: str) -> None:
    assert (small_talk(text) or "").startswith("I am sorry that this did not help.")


@pytest.mark.parametrize("text", ["Eso no me ayuda", "no entiendo", "no es lo que pregunté", "eso está mal"])
def test_a_complaint_in_spanish_is_answered_in_spanish(text: str) -> None:
    assert (small_talk(text) or "").startswith("Lamento")


@pytest.mark.parametrize(
    "text",
    [
        *("My students don't understand fractions", "I don't understand norms", "That doesn't help struggling readers"),
        *("Does it help to regroup?", "What is wrong with grading on a curve?", "Is this right for kindergarten?"),
    ],
)
def test_what_sounds_like_a_complaint_may_be_a_question(text: str) -> None:
    assert small_talk(text) is None
