"""A model's service for developing a front end: `just model` starts it on loopback, without a key and without a cost.

It answers with sentences of the passages that the service sends it, word by word, and cites each. Some words in the
question ask for a failure, so that a front end can be tried on it: see FAILURES.
"""

import argparse
import re
from contextlib import suppress

import uvloop

from plccoach_api.rules.sentences import sentences
from tests.tools.model_server import ROUTED, Fail, HangUp, Received, Reply, Say, serve

_PASSAGE = re.compile(r"\[(\d+)\]\n<(passage-[0-9a-f]+)>\n[^\n]*\n\n(.*?)\n</\2>", re.DOTALL)
_SHOWN = 4
_SETTINGS = """\
# Put these lines into .env, and start the service again:
ANSWERER=openai
OPENAI_BASE_URL={url}
OPENAI_API_KEY=none
OPENAI_MODEL=front-end"""

FAILURES = {
    "please fail": "the model answers with the status 500: the question ends with a 503",
    "please break": "the connection breaks in the middle of the answer: the message ends as failed",
    "please refuse": "the model finds no answer in the passages: a refusal",
    "please cut": "the answer reaches the limit of its length: stopped_early is length",
}


def reply_to(request: Received, interval: float) -> Reply:
    """Returns the reply to a question with passages, or to the request that routes a question."""
    if not request.body.get("stream"):
        return Say([ROUTED])
    prompt = request.messages[-1]["content"]
    question = prompt.rpartition("Question:\n")[2].lower()
    answer = _words(_answer_from(prompt))
    if "please fail" in question:
        return Fail(500)
    if "please refuse" in question:
        return Say(["NO_ANSWER"])
    if "please break" in question:
        return Say(answer, interval=interval, cut=len(answer) // 2)
    if "please cut" in question:
        return Say(answer[: len(answer) // 2], interval=interval, finish="length")
    return Say(answer, interval=interval) if answer else HangUp()


def _answer_from(prompt: str) -> str:
    """Writes a sentence of the first passage, and one of each further passage as an item of a list."""
    cited = [f"{_first_sentence(text)} [{number}]" for number, text in passages_in(prompt)[:_SHOWN]]
    first, *others = cited
    return "\n".join([first, "", *(f"- {each}" for each in others)])


def passages_in(prompt: str) -> list[tuple[str, str]]:
    """Returns the number and the text of each passage that the service sends with a question."""
    return [(number, text) for number, _, text in _PASSAGE.findall(prompt)]


def sentences_in(passage: str) -> list[str]:
    found = (span.of(passage) for span in sentences(passage))
    return [each for each in found if each.endswith(".") and "\n" not in each]


def _first_sentence(passage: str) -> str:
    return next(iter(sentences_in(passage)), passage)


def _words(answer: str) -> list[str]:
    return re.findall(r"\S+\s*", answer)


def main() -> None:
    parser = argparse.ArgumentParser(description="A model's service for developing a front end.")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--interval", type=float, default=0.05, help="seconds between two words")
    options = parser.parse_args()
    print(_SETTINGS.format(url=f"http://127.0.0.1:{options.port}/v1"))
    for words, effect in FAILURES.items():
        print(f'# A question with "{words}": {effect}')
    with suppress(KeyboardInterrupt):
        uvloop.run(serve(options.port, lambda request: reply_to(request, options.interval)))


if __name__ == "__main__":
    main()
