"""The model of `just bench-stream`, as a process: it answers at an even pace.

A delta is a whole sentence, so that the service sends it on at once and its delay can be measured. With `--tokens` it
is a few characters, as from a real model, of an answer that quotes the passages of its prompt.
"""

import argparse
import re
from contextlib import suppress
from itertools import chain, cycle, islice, zip_longest

import uvloop

from tests.tools.front_end_model import passages_in, sentences_in
from tests.tools.model_server import ROUTED, Received, Reply, Say, serve, talkative

_TOKEN = re.compile(r"\s*\S{1,5}")


def in_tokens(request: Received, deltas: int, interval: float) -> Reply:
    """Returns an answer of the passages' sentences, each cited, in that many tokens."""
    if not request.body.get("stream"):
        return Say([ROUTED])
    passages = passages_in(request.messages[-1]["content"])
    cited = [[f"{sentence} [{number}]" for sentence in sentences_in(text)] for number, text in passages]
    # A sentence of each passage comes first, then the second one of each: no two in a row are of one passage.
    paragraph = " ".join(each for each in chain.from_iterable(zip_longest(*cited)) if each)
    return Say([*islice(cycle(_TOKEN.findall(f"{paragraph}\n\n")), deltas)], interval=interval)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deltas", type=int, default=200)
    parser.add_argument("--interval", type=float, default=0.02)
    parser.add_argument("--tokens", action="store_true")
    options = parser.parse_args()
    by_sentence = talkative(options.deltas, options.interval)

    def reply(request: Received) -> Reply:
        return in_tokens(request, options.deltas, options.interval) if options.tokens else by_sentence(request)

    with suppress(KeyboardInterrupt):
        uvloop.run(serve(0, reply))


if __name__ == "__main__":
    main()
