"""The embedders: local vectors equal those of wordllama, and a service's vectors come over HTTP."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from plccoach_api import settings
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.embedding.local import LOCAL, count_tokens
from tests.embedding.vector_service import service, vectors
from tests.tools.model_server import serving

TEXTS = ["What are norms?", "A much longer passage about teams, norms and agendas. " * 20, "é ☃ 数学", "x"]

# The loader of wordllama looks for the tokenizer in a folder that its wheel does not have.
_ORIGINAL = """
import json, sys
from types import SimpleNamespace
from pathlib import Path
import wordllama
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from wordllama.inference import WordLlamaInference
folder = Path(wordllama.__file__).parent
tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
weights = load_file(folder / "weights" / "l2_supercat_256.safetensors")["embedding.weight"].astype("float32")
model = WordLlamaInference(weights, SimpleNamespace(tokenizer=SimpleNamespace(model_dump=dict)), tokenizer)
print(json.dumps(model.embed(json.load(sys.stdin), norm=True).tolist()))
"""


def near(one: Any, other: Any) -> bool:
    return bool(one == pytest.approx(other, abs=1e-5))


@pytest.fixture(scope="module")
def original() -> Any:
    """Embeds TEXTS with wordllama, in another process, because it imports much and configures logging."""
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ORIGINAL],
        input=json.dumps(TEXTS), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(process.stdout)


async def test_the_local_vectors_equal_those_of_wordllama(original: Any) -> None:
    passages = await LOCAL.embed(TEXTS)
    for text, passage, expected in zip(TEXTS, passages, original, strict=True):
        assert near([*passage], expected)
        assert near([*await LOCAL.embed_question(text)], expected)


async def test_a_text_without_tokens_has_a_vector_of_zeros() -> None:
    [passage] = await LOCAL.embed([""])
    assert [*passage] == [*await LOCAL.embed_question("")] == [0.0] * 256


def test_an_empty_text_has_no_tokens_and_a_short_question_about_ten() -> None:
    assert count_tokens("") == 0
    assert 7 <= count_tokens("What are the four critical questions?") <= 12


async def test_the_vectors_of_a_service_are_ordered_and_scaled_to_length_one() -> None:
    with service(vectors) as (embedder, requests):
        first, second = await embedder.embed(["a", "b"])
    assert near([*first], [0.6, 0.8])
    assert near([*second], [2**-0.5, 2**-0.5])
    assert (embedder.provider, embedder.model, embedder.is_billed) == ("openai", "tiny", True)
    assert [(each["path"], each["model"], each["input"]) for each in requests] == [
        ("/v1/embeddings", "tiny", ["a", "b"])
    ]
    assert requests[0]["key"] == "Bearer sk-hush"


async def test_many_texts_are_sent_in_batches() -> None:
    with service(vectors) as (embedder, requests):
        assert len(await embedder.embed([str(number) for number in range(150)])) == 150
    assert [len(each["input"]) for each in requests] == [64, 64, 22]


async def test_a_repeated_question_is_embedded_once() -> None:
    with service(vectors) as (embedder, requests):
        for _ in range(3):
            await embedder.embed_question("What are norms?")
    assert len(requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (401, {"error": {"message": "bad key sk-hush"}}),
        (400, b"<html>"),
        (200, b"<html>"),
        (200, {"data": []}),
        (200, {"data": [{"index": 0, "embedding": []}]}),
        (200, {"data": [{"index": 0, "embedding": [0.0, 0.0]}]}),
        (200, {"data": [{"index": 0, "embedding": "AAAA"}]}),
        (200, {"data": None}),
        (200, {}),
    ],
)
async def test_an_error_of_the_service_is_reported_without_its_text(answer: tuple[int, Any]) -> None:
    with service(lambda _: answer) as (embedder, _), pytest.raises(EmbeddingUnavailable) as caught:
        await embedder.embed_question("What are norms?")
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


ONE, TWO = {"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [0.6, 0.8]}


@pytest.mark.parametrize("data", [[ONE], [ONE, ONE, ONE], [ONE, TWO]])
async def test_too_few_vectors_too_many_and_those_of_two_lengths_are_failures_in_the_log(
    data: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with service(lambda _: (200, {"data": data})) as (embedder, _), pytest.raises(EmbeddingUnavailable):
        await embedder.embed(["a", "b"])
    assert capsys.readouterr().out.count("embedding failed") == 1


async def test_a_redirect_of_the_service_is_never_followed(capsys: pytest.CaptureFixture[str]) -> None:
    class Redirect(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", f"{other.url}/embeddings")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with serving() as other, ThreadingHTTPServer(("127.0.0.1", 0), Redirect) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        variables = {
            "EMBEDDINGS": "openai",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1",
        }
        with pytest.raises(EmbeddingUnavailable):
            await make_embedder(settings.load(variables, None)).embed_question("a question")
        server.shutdown()
        thread.join()
        assert other.requests == []
    assert "redirects are not followed" in capsys.readouterr().out
