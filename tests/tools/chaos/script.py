"""The questions and the model's answers. Every answer is different, so that no answer can be taken for another.

`python -m tests.tools.chaos.script PORT` runs the model.
"""

import re
import sys

import uvloop

from tests.tools import model_server
from tests.tools.model_server import ROUTED, Received, Reply, Say

_QUESTIONS = (
    "What are the four critical questions of a PLC?",
    "How often should a collaborative team meet?",
    "What makes a common formative assessment useful?",
    "How does a team choose essential standards?",
)
# A person asks this many questions, which are more than COACH_RATE_LIMIT.
QUESTIONS_OF_PERSON = 12
RATE_LIMIT = 10

_NUMBER = re.compile(r"Teacher (\d+) asks:")
# An answer spells the number of its question in binary, in sentences that every passage of the handbook supports.
_BITS = 16
_SENTENCES = (["Teams ", "[", "1", "]. "], ["Students ", "[", "1", "]. "])
_INTERVAL = 0.03
# A reference to a passage that does not exist. The service removes it, with the space before it.
_INVENTED = " [99]"


def question(number: int) -> str:
    return f"Teacher {number} asks: {_QUESTIONS[number % len(_QUESTIONS)]}"


def number_of(text: str) -> int:
    """Returns the number of the last question in a text."""
    return int(_NUMBER.findall(text)[-1])


def person_of(number: int) -> int:
    """Returns the number of the person who asks a question."""
    return number // QUESTIONS_OF_PERSON


def deltas(number: int) -> list[str]:
    """The answer in pieces that split its references in two."""
    pieces = [piece for bit in range(_BITS) for piece in _SENTENCES[number >> bit & 1]]
    pieces[10] = "2"
    pieces[1:1] = ["[9", "9] "]
    return pieces


def answer(number: int) -> str:
    """The answer as readers must see it."""
    return "".join(deltas(number)).replace(_INVENTED, "").rstrip()


def say(request: Received) -> Reply:
    if not request.body.get("stream"):
        return Say([ROUTED])
    return Say(deltas(number_of(request.messages[-1]["content"])), interval=_INTERVAL)


if __name__ == "__main__":
    uvloop.run(model_server.serve(int(sys.argv[1]), say))
