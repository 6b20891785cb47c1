"""Finds the questions in a message that says more: "Hi, I'm Guadalupe from Room 12. What is a SMART goal? Thanks!"."""

from plccoach_api.rules.questions.follow_ups import is_incomplete
from plccoach_api.rules.sentences import sentences

_LEAST_WORDS_OF_STORY = 8
_AFTER_THE_MARK = "! \n\"')]\u201d\u2019\u00bb"


def asked_in(message: str) -> str:
    """Returns the questions of a message without its other sentences; the message if it has no whole question."""
    each = [span.of(message) for span in sentences(message)]
    questions = [sentence for sentence in each if sentence.rstrip(_AFTER_THE_MARK).endswith("?")]
    return " ".join(questions) if any(not is_incomplete(question) for question in questions) else message


def tells_a_story(message: str, asked: str) -> bool:
    """Returns True when a message says much around its questions."""
    return len(message.split()) - len(asked.split()) >= _LEAST_WORDS_OF_STORY
