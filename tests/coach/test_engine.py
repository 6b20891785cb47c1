"""The engines with and without a model: their answers, their imports and their logs."""

import json
import subprocess
import sys
from time import monotonic

import pytest

from plccoach_api.coach.answer import Answer, AnswerRequest, final_answer
from plccoach_api.coach.engine import extractive_engine, openai_engine
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.rules.domains import Domain
from tests.coach.passages import PASSAGES
from tests.live import environment
from tests.tools.model_server import ModelServer, Say

ROUTED = {
    "primary_domain": "school_culture",
    "secondary_domains": [],
    "needs_clarification": False,
    "clarification_question": None,
}
ASK = """
import asyncio, sys
from plccoach_api.coach.answer import AnswerRequest, final_answer
from plccoach_api.coach.engine import openai_engine
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.logs.configuration import configure_logging
from tests.coach.passages import PASSAGES

async def main():
    configure_logging("DEBUG")
    engine = openai_engine(ModelClient(base_url=sys.argv[1], key="sk-private", name="m", timeout=5))
    await final_answer(engine.answerer.answer(AnswerRequest(text="A private question", passages=PASSAGES)))
    await engine.close()

asyncio.run(main())
"""


def run_python(code: str, *arguments: str) -> str:
    process = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment(), capture_output=True, text=True, check=True
    )
    return process.stdout + process.stderr


async def test_without_a_model_a_question_is_routed_and_answered_locally() -> None:
    engine = extractive_engine()
    routed = await engine.router.route("How does trust grow?", (), monotonic() + 40)
    assert routed.routing.primary is Domain.school_culture
    answer = await final_answer(engine.answerer.answer(AnswerRequest(text=routed.text, passages=PASSAGES)))
    assert isinstance(answer, Answer)
    assert answer.citations
    await engine.close()


async def test_with_a_model_the_cost_of_an_answer_includes_its_routing(model_server: ModelServer) -> None:
    model_server.say(Say([json.dumps(ROUTED)], usage=(500, 20)), Say(["Trust [1]."], usage=(1000, 100)))
    engine = openai_engine(ModelClient(base_url=model_server.url, key=None, name="gpt-4o", timeout=5))
    routed = await engine.router.route("How does trust grow?", (), monotonic() + 40)
    request = AnswerRequest(text=routed.text, passages=PASSAGES, domains=routed.routing.domains, usage=routed.usage)
    answer = await final_answer(engine.answerer.answer(request))
    assert (answer.domains, answer.input_tokens, answer.output_tokens) == ((Domain.school_culture,), 1500, 120)
    assert str(answer.cost_usd) == "0.00495"
    await engine.close()


@pytest.mark.slow
def test_even_a_debug_log_contains_nothing_of_a_question(model_server: ModelServer) -> None:
    logged = run_python(ASK, model_server.url)
    assert len(model_server.chats) == 1
    for private in ("A private question", PASSAGES[0].content[:20], "sk-private", "chat/completions"):
        assert private not in logged
