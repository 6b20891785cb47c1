"""An engine whose model understands Spanish: it routes a question with the same question in English.

The model is a server on loopback that has the English questions. So the figure says whether the coach uses what the
model understood, and nothing about a model. The answers are made without the model.
"""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from plccoach_api.coach.engine import Engine, extractive_engine, openai_engine
from plccoach_api.coach.llm.client import ModelClient
from plccoach_api.embedding.embedder import Embedder
from tests.tools.eval.cases import Case
from tests.tools.model_server import ROUTED, Received, Say, serving
from tests.waiting import until


@asynccontextmanager
async def engine_for(cases: Sequence[Case], embedder: Embedder) -> AsyncGenerator[Engine, None]:
    english = {case.text: case.english for case in cases if case.english}

    def reply(request: Received) -> Say:
        question = request.messages[-1]["content"]
        query = next((query for text, query in english.items() if text in question), None)
        return Say([json.dumps(json.loads(ROUTED) | {"search_query": query})])

    with serving(reply) as server:
        client = ModelClient(base_url=server.url, key="none", name="scripted", timeout=5.0)
        engine = openai_engine(client, embedder=embedder)
        try:
            yield replace(engine, answerer=extractive_engine().answerer)
        finally:
            await engine.close()
            # The server would log the end of a connection that it has not seen as an error.
            await until(lambda: all(connection.is_closing() for connection in server.connections))
