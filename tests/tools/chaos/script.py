"""What is asked, and what the model says to it: every answer another, so that none passes for another's.

As a program, `python -m tests.chaos.script PORT`, it is the model.
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
_NUMBER = re.compile(r"Teacher (\d+) asks:")
_WORDS = 45
_INTERVAL = 0.03
# A reference that has no passage, and with it the space before: the service takes it out.
_INVENTED = " [99]"


def question(number: int) -> str:
    return f"Teacher {number} asks: {_QUESTIONS[number % len(_QUESTIONS)]}"


def number_of(text: str) -> int:
    """Of the last question in a text."""
    return int(_NUMBER.findall(text)[-1])


def deltas(number: int) -> list[str]:
    """In pieces that cut its references in two."""
    words = [f"w{number}n{index} " for index in range(_WORDS)]
    words[3:3] = ["[", "1] "]
    words[12:12] = ["[9", "9] "]
    words[24:24] = ["[2", "] "]
    words[-1] = "end [1]."
    return words


def answer(number: int) -> str:
    """What a reader may see of it."""
    return "".join(deltas(number)).replace(_INVENTED, "")


def say(request: Received) -> Reply:
    if not request.body.get("stream"):
        return Say([ROUTED])
    return Say(deltas(number_of(request.messages[-1]["content"])), interval=_INTERVAL)


if __name__ == "__main__":
    uvloop.run(model_server.serve(int(sys.argv[1]), say))
