"""The embedder that ships with the service: wordllama's 256 dimensions, without a key, a network or a model to run.

A text's vector is the mean of its tokens' vectors. Only the weights and the tokenizer's table are
taken from the package. Importing it, and numpy, which it needs, would cost each worker 50 MB and
more than a second, for an average; and it would configure the process's logging. The weights are
mapped, so that the workers of a machine share them.
"""

import asyncio
import json
import math
import mmap
import struct
import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from plccoach_api.coach.embed import Vector

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_DIMENSIONS = 256
_ROW = struct.Struct(f"<{_DIMENSIONS}e")


class LocalEmbedder:
    provider = "local"
    model = "wordllama-l2-supercat-256"
    tokens_cost = False

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return await asyncio.to_thread(means, texts)

    async def embed_question(self, text: str) -> Vector:
        if _model.cache_info().currsize == 0:
            # Loading it takes a moment, in which other requests go on.
            await asyncio.to_thread(_loaded)
        return _mean(text)


LOCAL = LocalEmbedder()

_loading = threading.Lock()


def count_tokens(text: str) -> int:
    """Of this tokenizer; other models count a few more or less."""
    tokenizer, _, _ = _loaded()
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def _mean(text: str) -> Vector:
    """Of a short text. A text without tokens has no direction, and is near to nothing."""
    tokenizer, weights, start = _loaded()
    tokens = tokenizer.encode(text, add_special_tokens=False).ids
    if not tokens:
        return (0.0,) * _DIMENSIONS
    rows = (_ROW.unpack_from(weights, start + token * _ROW.size) for token in tokens)
    total = [sum(column) for column in zip(*rows, strict=True)]
    length = math.sqrt(sum(value * value for value in total)) or 1.0
    return tuple(value / length for value in total)


def means(texts: Sequence[str]) -> list[Vector]:
    """The same of whole passages, thirty times as fast. Who loads books can afford numpy; a worker never comes here."""
    import numpy as np  # noqa: PLC0415

    tokenizer, weights, start = _loaded()
    rows = np.frombuffer(weights, np.float16, offset=start).reshape(-1, _DIMENSIONS)
    vectors: list[Vector] = []
    for text in texts:
        tokens = tokenizer.encode(text, add_special_tokens=False).ids
        total = rows[tokens].sum(axis=0, dtype=np.float32)
        length = float(np.linalg.norm(total)) or 1.0
        vectors.append(tuple((total / length).tolist()))
    return vectors


def _loaded() -> "tuple[Tokenizer, mmap.mmap, int]":
    with _loading:
        return _model()


@lru_cache(maxsize=1)
def _model() -> "tuple[Tokenizer, mmap.mmap, int]":
    """The tokenizer, the weights in the safetensors format, and where in them the first row begins."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - a worker that nobody asks anything does without

    found = find_spec("wordllama")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("wordllama is not installed")
    folder = Path(found.origin).parent
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    with (folder / "weights" / "l2_supercat_256.safetensors").open("rb") as file:
        weights = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    (header,) = struct.unpack_from("<Q", weights)
    tensor = json.loads(weights[8 : 8 + header])["embedding.weight"]
    if tensor["dtype"] != "F16" or tensor["shape"][1] != _DIMENSIONS:
        raise ValueError(f"wordllama's weights are not {_DIMENSIONS} dimensions of half precision")
    return tokenizer, weights, 8 + header + tensor["data_offsets"][0]
