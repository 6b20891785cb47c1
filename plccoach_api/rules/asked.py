"""Finds the questions in a message that says more: "Hi, I'm Guadalupe from Room 12. What is a SMART goal? Thanks!"."""

import re

from plccoach_api.rules.follow_ups import is_incomplete
from plccoach_api.rules.sentences import sentences

_LEAST_WORDS_OF_STORY = 8
_PLACE = re.compile(
    r"(?:please )?(?:"
    r"(?:which|what) (?:chapter|page|section|book|part)s? (?:talks?|deals?|says?|covers?|explains?|discuss(?:es)?"
    r"|describes?|mentions?|is about|are about)(?: (?:about|with|something about|anything about))?"
    r"|in (?:which|what) (?:chapter|page|section|book|part) (?:is|are)"
    r"|where (?:does it say|do(?:es)? (?:the|your) (?:books?|handbook|manual) say|is it (?:said|explained|written))"
    r"(?: (?:something|anything|more))?(?: about)?"
    r"|where can i (?:read|find)(?: (?:something|anything|more))? about"
    r"|(?:quote|cite)(?: me)?(?: the (?:rule|part|passage|section|sentence|text)s? (?:about|on|for))"
    r") (?P<asked>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_AFTER_THE_MARK = "! \n\"')]\u201d\u2019\u00bb"


def asked_in(message: str) -> str:
    """Returns the questions of a message without its other sentences; the message if it has no whole question."""
    each = [span.of(message) for span in sentences(message)]
    questions = [sentence for sentence in each if sentence.rstrip(_AFTER_THE_MARK).endswith("?")]
    return " ".join(questions) if any(not is_incomplete(question) for question in questions) else message


def what_is_placed(question: str) -> str:
    """Returns what a question for a place asks about: "printers?" for "Which chapter talks about printers?"."""
    match = _PLACE.match(question.strip())
    return match["asked"] if match else question


def tells_a_story(message: str, asked: str) -> bool:
    """Returns True when a message says much around its questions."""
    return len(message.split()) - len(asked.split()) >= _LEAST_WORDS_OF_STORY
