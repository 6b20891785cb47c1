"""The embedder that ships with the service: wordllama with 256 dimensions, without a key, a network or a model to run.

The vector of a text is the mean of the vectors of its tokens. We use only the files of the package: its weights and its
tokenizer. Importing wordllama, and numpy with it, would cost each worker 50 MB and more than a second, and wordllama
configures the logging of the process. The weights are read from their file token by token, so that all workers share
them in the page cache of the kernel.

The tokenizer splits a word in capitals into fragments that mean nothing. So lines of capitals are embedded in small
letters.
"""

import asyncio
import json
import math
import os
import struct
import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from plccoach_api.embedding.embedder import Vector
from plccoach_api.embedding.vectors import PackedVector, pack, signs, unpack
from plccoach_api.rules.capitals import fold_capitals

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_DIMENSIONS = 256
_ROW = struct.Struct(f"<{_DIMENSIONS}e")


class LocalEmbedder:
    provider = "local"
    model = "wordllama-l2-supercat-256"
    is_billed = False

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        return await asyncio.to_thread(means, texts)

    async def embed_question(self, text: str) -> Vector:
        await load_word_vectors()
        return _mean(text)


LOCAL = LocalEmbedder()


async def load_word_vectors() -> None:
    """Loads what `word_vector` needs, in a thread, so that the first claim does not block other requests."""
    if _model.cache_info().currsize == 0:
        await asyncio.to_thread(_loaded)


_loading = threading.Lock()


def count_tokens(text: str) -> int:
    """Counts the tokens of this tokenizer. The tokenizers of other models count a few more or less."""
    tokenizer = _loaded().tokenizer
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def is_whole_token(word: str) -> bool:
    """Returns True for a word that the tokenizer does not split, as it does not split common English words."""
    token_of = _loaded().tokenizer.token_to_id
    return token_of(f"\u2581{word}") is not None or token_of(f"\u2581{word.capitalize()}") is not None


def is_small_token(word: str) -> bool:
    """Returns True for a word in small letters that the tokenizer does not split. A name is none, as a rule."""
    return _loaded().tokenizer.token_to_id(f"\u2581{word}") is not None


def _mean(text: str) -> Vector:
    """Computes the vector of a short text, in single precision as `means` does. Without tokens it is all zeros."""
    return _of_length_one(total_of(text))


@lru_cache(maxsize=64)
def total_of(text: str) -> "array[float]":
    """Returns the sum of the vectors of a question's tokens.

    The last questions are cached, because one question is routed, searched and answered.
    """
    return array("f", unpacked(packed_total_of(text)))


def packed_total_of(text: str) -> PackedVector:
    """Totals of sentences add up to that of the whole text."""
    return _total(_loaded().tokenizer.encode(fold_capitals(text), add_special_tokens=False).ids)


def unpacked(total: PackedVector) -> Vector:
    return unpack(total, _DIMENSIONS)


def vector_of(text: str) -> Vector:
    """Returns the vector of a text that is no question, and so is not cached."""
    return _of_length_one(unpacked(packed_total_of(text)))


def _of_length_one(vector: Vector) -> Vector:
    length = math.hypot(*vector) or 1.0
    return array("f", [value / length for value in vector])


def _total(tokens: Sequence[int]) -> PackedVector:
    return sum(map(_row, tokens))


@lru_cache(maxsize=2000)
def _row(token: int) -> PackedVector:
    """Reads a token's vector. Texts share their words, and a cached row takes two kilobytes."""
    model = _loaded()
    return pack(_ROW.unpack(os.pread(model.file, _ROW.size, model.start + token * _ROW.size)))


def means(texts: Sequence[str]) -> list[Vector]:
    """Computes the vectors of whole passages with numpy, thirty times as fast as `_mean`.

    Only an ingest calls it. A worker never imports numpy.
    """
    import numpy as np  # noqa: PLC0415

    model = _loaded()
    rows = np.memmap(model.path, np.float16, "r", model.start, (model.tokens, _DIMENSIONS))
    vectors: list[Vector] = []
    for text in texts:
        tokens = model.tokenizer.encode(fold_capitals(text), add_special_tokens=False).ids
        total = rows[tokens].sum(axis=0, dtype=np.float32)
        length = float(np.linalg.norm(total)) or 1.0
        vectors.append(tuple((total / length).tolist()))
    return vectors


class WordVector(NamedTuple):
    """A word with the signs of its vector, and two measures of its length."""

    word: str
    signs: int
    weight: float
    """The length for each token: a rare word has a long vector."""
    topicality: float
    """How much a word says about a subject, the length: "vaccines" has a long vector, "simply" a short one."""


@lru_cache(maxsize=10_000)
def word_vector(word: str) -> WordVector:
    tokens = _loaded().tokenizer.encode(word, add_special_tokens=False).ids
    if not tokens:
        return WordVector(word, 0, 0.0, 0.0)
    vector = unpacked(_total(tokens))
    length = math.hypot(*vector)
    return WordVector(word, signs(vector), length / len(tokens), length)


@dataclass(frozen=True, slots=True)
class _Model:
    """The tokenizer, and the safetensors file of the weights: it has a row for each token, from byte `start` on."""

    tokenizer: "Tokenizer"
    path: Path
    file: int
    start: int
    tokens: int


def _loaded() -> _Model:
    with _loading:
        return _model()


@lru_cache(maxsize=1)
def _model() -> _Model:
    from tokenizers import Tokenizer  # noqa: PLC0415 - loaded by the first question

    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("wordllama is not installed")
    folder = Path(spec.origin).parent
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    # It would keep 10,000 texts with their tokens, 45 MB, and take longer. Few texts come again.
    tokenizer.model._resize_cache(0)  # noqa: SLF001 - there is no public way
    path = folder / "weights" / "l2_supercat_256.safetensors"
    # The file stays open until the process ends.
    file = os.open(path, os.O_RDONLY)
    (length,) = struct.unpack("<Q", os.pread(file, 8, 0))
    tensor = json.loads(os.pread(file, length, 8))["embedding.weight"]
    tokens, dimensions = tensor["shape"]
    if tensor["dtype"] != "F16" or dimensions != _DIMENSIONS:
        raise ValueError(f"the weights of wordllama do not have {_DIMENSIONS} dimensions of half precision")
    return _Model(tokenizer, path, file, 8 + length + tensor["data_offsets"][0], tokens)
