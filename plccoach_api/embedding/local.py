"""The embedder that ships with the service: wordllama's 256 dimensions, without a key, a network or a model to run.

A text's vector is the mean of its tokens' vectors. Only the weights and the tokenizer's table are
taken from the package. Importing it, and numpy, which it needs, would cost each worker 50 MB and
more than a second, for an average; and it would configure the process's logging. The weights are
read from their file token by token: they lie in the kernel's cache, once for all workers.
"""

import asyncio
import json
import math
import os
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from plccoach_api.embedding.embedder import Vector

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
    tokenizer = _loaded().tokenizer
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def _mean(text: str) -> Vector:
    """Of a short text. A text without tokens has no direction, and is near to nothing."""
    model = _loaded()
    tokens = model.tokenizer.encode(text, add_special_tokens=False).ids
    if not tokens:
        return (0.0,) * _DIMENSIONS
    rows = map(model.row, tokens)
    total = [sum(column) for column in zip(*rows, strict=True)]
    length = math.sqrt(sum(value * value for value in total)) or 1.0
    return tuple(value / length for value in total)


def means(texts: Sequence[str]) -> list[Vector]:
    """The same of whole passages, thirty times as fast. Who loads books can afford numpy; a worker never comes here."""
    import numpy as np  # noqa: PLC0415

    model = _loaded()
    rows = np.memmap(model.path, np.float16, "r", model.start, (model.tokens, _DIMENSIONS))
    vectors: list[Vector] = []
    for text in texts:
        tokens = model.tokenizer.encode(text, add_special_tokens=False).ids
        total = rows[tokens].sum(axis=0, dtype=np.float32)
        length = float(np.linalg.norm(total)) or 1.0
        vectors.append(tuple((total / length).tolist()))
    return vectors


@dataclass(frozen=True, slots=True)
class _Model:
    """The tokenizer, and the weights in the safetensors format: a row for each token, from `start` on."""

    tokenizer: "Tokenizer"
    path: Path
    file: int
    start: int
    tokens: int

    def row(self, token: int) -> tuple[float, ...]:
        return _ROW.unpack(os.pread(self.file, _ROW.size, self.start + token * _ROW.size))


def _loaded() -> _Model:
    with _loading:
        return _model()


@lru_cache(maxsize=1)
def _model() -> _Model:
    from tokenizers import Tokenizer  # noqa: PLC0415 - a worker that nobody asks anything does without

    found = find_spec("wordllama")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("wordllama is not installed")
    folder = Path(found.origin).parent
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    path = folder / "weights" / "l2_supercat_256.safetensors"
    # It stays open as long as the process lives.
    file = os.open(path, os.O_RDONLY)
    (length,) = struct.unpack("<Q", os.pread(file, 8, 0))
    tensor = json.loads(os.pread(file, length, 8))["embedding.weight"]
    tokens, dimensions = tensor["shape"]
    if tensor["dtype"] != "F16" or dimensions != _DIMENSIONS:
        raise ValueError(f"wordllama's weights are not {_DIMENSIONS} dimensions of half precision")
    return _Model(tokenizer, path, file, 8 + length + tensor["data_offsets"][0], tokens)
