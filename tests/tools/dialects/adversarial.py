"""Random streams of models that think, cite wrongly and write marks, cut at random places.

A thought always holds SECRET, so that a reader may never see it. Each service is consistent: a service whose models
mark only the end of their thoughts does so in every stream.
"""

import json
import random
from collections.abc import Sequence
from typing import Any

from tests.tools.dialects.wire import DELTAS, SECRET, STOP, USAGE_CHUNK, chunk, sse
from tests.tools.model_server import Parts

_SENTENCES = (
    "A norm is a promise about conduct that every member of the team agreed to [1].",
    "Trust grows through small promises kept over time [1].",
    "Tier 3 is intensive help with skills that should have been mastered in earlier years [2].",
    "A data protocol leads a team from observation to action [3].",
    "Teams meet [1, 9].",
    "It needs 40 minutes [3][12] and [2024].",
    "Nobody knows why.",
    "A norm is a promise [[1]].",
    "Tiers answer needs [1-3].",
    "Trust [٣] 😀 grows [ 2 ].",
)
_NOISE = (
    "\n\n- ",
    " ",
    "\n",
    "[",
    "]",
    "[1",
    "**",
    "`code`",
    "\n```\nx = [1]\n```\n",
    "<b>",
    "a < b ",
    "&lt;",
    "\x00",
    "\r\n",
    "#",
)
_INSIDE = ("[1]", " and [2] too", "\n", "```", "`x`", '"', " NO_ANSWER ", "<", "[", "é", "1 < 2", "\n\n# Plan\n")
_THOUGHTS = (
    ("<think>", "</think>"),
    ("<think>\n", "\n</think>\n\n"),
    ("<THINK>", "</THINK>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ('<reasoning effort="low">', "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<seed:think>", "</seed:think>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<longcat_think>", "</longcat_think>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    ("<unused94>thought", "<unused95>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|start|>assistant<|channel|>commentary<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
)
_ENDS = ("</think>", "</think>\n\n", "</thinking>", "[/THINK]")


def stream(seed: int, *, unopened: bool) -> Parts:
    """Returns the stream of this number. With `unopened` its thoughts have a closing tag only."""
    chance = random.Random(seed)
    text = _unopened_text(chance) if unopened else _text(chance)
    events = _events(chance, _cut(chance, text, 40), beside=not unopened)
    end = chance.choice(["\n\n", "\n\n", "\r\n\r\n", "\r\r", "\n"])
    prefix = chance.choice(["data: ", "data:"])
    body = sse(events, end=end, prefix=prefix, done=chance.random() < 0.8)
    if chance.random() < 0.1:
        body = b"\xef\xbb\xbf" + body
    return Parts([bytes(part) for part in _cut(chance, body, 12)])


def _text(chance: random.Random) -> str:
    parts = [_thought(chance)] if chance.random() < 0.7 else []
    parts += _sentences(chance)
    if chance.random() < 0.3:
        parts += [_thought(chance), *_sentences(chance)]
    return "".join(parts)


def _unopened_text(chance: random.Random) -> str:
    return _inside(chance) + chance.choice(_ENDS) + "".join(_sentences(chance))


def _sentences(chance: random.Random) -> list[str]:
    count = chance.randint(1, 4)
    return [
        part
        for _ in range(count)
        for part in (chance.choice(_SENTENCES), " ", chance.choice(_NOISE) if chance.random() < 0.3 else "")
    ]


def _thought(chance: random.Random) -> str:
    opening, closing = chance.choice(_THOUGHTS)
    return opening + _inside(chance) + closing


def _inside(chance: random.Random) -> str:
    """Returns a thought. Half of them cite, as a model does that plans its answer."""
    parts = [SECRET, *(chance.choice(_INSIDE) for _ in range(chance.randint(0, 4))), chance.choice(DELTAS), SECRET]
    if chance.random() < 0.5:
        parts.insert(1, f" {chance.choice(_SENTENCES)} ")
    return "".join(parts)


def _events(chance: random.Random, deltas: Sequence[str], *, beside: bool) -> list[Any]:
    """Returns the events of a stream. With `beside` the service also sends thoughts beside the content."""
    style = chance.choice(["text", "text", "parts", "noisy"])
    events: list[Any] = [chunk({"role": "assistant", "content": ""})]
    for delta in deltas:
        content = [{"type": "text", "text": delta}] if style == "parts" else delta
        events.append(chunk({"content": content}))
        if style == "noisy" and chance.random() < 0.2:
            thought = {"reasoning_content": SECRET, "reasoning": SECRET, "content": None} if beside else {}
            events.append(chance.choice([": ping\n\n", chunk(thought), chunk({"tool_calls": []}, usage=None)]))
    return [*events, STOP, USAGE_CHUNK]


def _cut(chance: random.Random, whole: Any, most: int) -> list[Any]:
    """Cuts a text or bytes at up to `most` places."""
    places = sorted(chance.randrange(len(whole) + 1) for _ in range(chance.randint(0, most)))
    return [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]


def text_of(parts: Parts) -> str:
    """Returns what a stream holds, to show it when an answer is wrong."""
    return json.dumps(b"".join(parts.parts).decode("utf-8", "replace"))
