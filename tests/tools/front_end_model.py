"""A model's service for developing a front end: `just model` starts it on loopback, without a key and without a cost.

It answers with sentences of the passages that the service sends it, word by word, and cites each. Some words in the
question ask for a failure, so that a front end can be tried on it: see FAILURES.
"""

import argparse
import re
from contextlib import suppress
from functools import partial

import uvloop

from plccoach_api.rules.sentences import sentences
from plccoach_api.rules.tokens import estimated_tokens
from tests.tools.model_server import ROUTED, Fail, Received, Reply, Say, serve

_PASSAGE = re.compile(r"\[(\d+)\]\n<(passage-[0-9a-f]+)>\n[^\n]*\n\n(.*?)\n</\2>", re.DOTALL)
_SHOWN = 4
# The reply to `plccoach-api model check` and `doctor`, whose first request has no passages.
_NO_PASSAGES = "This model only repeats passages, and the request has none."
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
    """Returns the reply to a question with passages, to a request that routes a question, or to any other prompt."""
    read = sum(estimated_tokens(message["content"]) for message in request.messages)
    if not request.body.get("stream"):
        return Say([ROUTED], usage=(read, estimated_tokens(ROUTED)))
    prompt = request.messages[-1]["content"]
    question = prompt.rpartition("Question:\n")[2].lower()
    answer = _answer_from(prompt)
    words = _words(answer)
    usage = (read, estimated_tokens(answer))
    say = partial(Say, interval=interval, usage=usage)
    if "please fail" in question:
        return Fail(500)
    if "please refuse" in question:
        return say(["NO_ANSWER"])
    if "please break" in question:
        return say(words, cut=len(words) // 2)
    if "please cut" in question:
        return say(words[: len(words) // 2], finish="length")
    return say(words)


def _answer_from(prompt: str) -> str:
    """Writes a sentence of the first passage, and one of each further passage as an item of a list."""
    cited = [f"{_first_sentence(text)} [{number}]" for number, text in passages_in(prompt)[:_SHOWN]]
    if not cited:
        return _NO_PASSAGES
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
    parser.add_argument("--port", type=int, default=8100, help="the port on loopback (default: 8100)")
    parser.add_argument("--interval", type=float, default=0.05, help="seconds between two words (default: 0.05)")
    options = parser.parse_args()
    print(_SETTINGS.format(url=f"http://127.0.0.1:{options.port}/v1"))
    for words, effect in FAILURES.items():
        print(f'# A question with "{words}": {effect}')
    with suppress(KeyboardInterrupt):
        uvloop.run(serve(options.port, lambda request: reply_to(request, options.interval)))


if __name__ == "__main__":
    main()
