"""Measures the retrieval on a collection in the BEIR layout: corpus.jsonl, queries.jsonl, qrels/test.tsv."""

import random
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

from plccoach_api import settings
from plccoach_api.coach.retrieval.passages import SearchOptions, search
from plccoach_api.corpus.book import Book, Chapter, Paragraph
from plccoach_api.corpus.chunks import Chunk, ChunkedBook
from plccoach_api.corpus.load import load
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database.pool import Database
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.embedding.local import LOCAL, count_tokens
from plccoach_api.queries import corpora
from tests.tools.eval.measures import mean, ndcg, recall

_DEPTH = 50
_RESAMPLES = 2000
_ALL = 10**9
METHODS = {
    "vector": SearchOptions(lexical_weight=0.0, limit=_DEPTH, token_limit=_ALL),
    "lexical (BM25)": SearchOptions(vector_weight=0.0, limit=_DEPTH, token_limit=_ALL),
    "fused": SearchOptions(limit=_DEPTH, token_limit=_ALL),
}
HALVES = ("vector", "lexical (BM25)")


class _Text(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""


class Scores(msgspec.Struct, frozen=True):
    """The measures of one method, each with a figure for each query."""

    ndcg_at_10: list[float]
    recall_at_10: list[float]
    recall_at_50: list[float]


async def evaluate(url: str, folder: Path, embedder: Embedder) -> int:
    scores = await measure(url, folder, embedder)
    print(f"{folder.name:18}{'nDCG@10':>10}{'recall@10':>11}{'recall@50':>11}")
    for method, each in scores.items():
        print(f"{method:18}{mean(each.ndcg_at_10):10.4f}{mean(each.recall_at_10):11.4f}{mean(each.recall_at_50):11.4f}")
    better = max(HALVES, key=lambda method: mean(scores[method].ndcg_at_10))
    gains = [fused - half for fused, half in zip(scores["fused"].ndcg_at_10, scores[better].ndcg_at_10, strict=True)]
    low, high = interval(gains)
    print(f"fused - {better}: {mean(gains):+.4f} nDCG@10 (95 %: {low:+.4f} to {high:+.4f}, {len(gains)} queries)")
    return 0


async def measure(url: str, folder: Path, embedder: Embedder = LOCAL) -> dict[str, Scores]:
    """Returns the scores of each method. Each document is one passage."""
    await _load(url, _read(folder / "corpus.jsonl"), embedder)
    queries = _read(folder / "queries.jsonl")
    relevant = _relevant(folder / "qrels" / "test.tsv")
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        scores = {}
        for method, options in METHODS.items():
            rankings = {
                query.id: [
                    each.chapter_title
                    for each in await search(database, query.text, embedder=embedder, options=options)
                ]
                for query in queries
                if query.id in relevant and query.text.strip()
            }
            scores[method] = Scores(
                [ndcg(ranking, relevant[query], 10) for query, ranking in rankings.items()],
                [recall(ranking, relevant[query], 10) for query, ranking in rankings.items()],
                [recall(ranking, relevant[query], 50) for query, ranking in rankings.items()],
            )
        return scores
    finally:
        await database.close()


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Returns the interval that contains the mean difference in 95 of 100 samples of the same queries."""
    generator = random.Random(1)  # The same samples in every run.
    means = sorted(mean(generator.choices(differences, k=len(differences))) for _ in range(_RESAMPLES))
    return means[_RESAMPLES // 40], means[-_RESAMPLES // 40]


async def _load(url: str, documents: list[_Text], embedder: Embedder) -> None:
    """Loads one book. Each document is a chapter of one passage, with the id of the document as its title."""
    texts = [f"{each.title}\n\n{each.text}".strip() or "(empty)" for each in documents]
    chapters = tuple(Chapter(None, each.id, (Paragraph(text),)) for each, text in zip(documents, texts, strict=True))
    chunks = [Chunk(place, text, (), count_tokens(text) or 1) for place, text in enumerate(texts)]
    hashes = [sha256(f"{place} {text}".encode()).digest() for place, text in enumerate(texts)]
    book = ChunkedBook(Book("A collection", (), None, chapters), chunks, hashes, b"\0" * 32)
    async with ingest_lock(url) as connection:
        vectors = await Vectors.of(connection, embedder)
        await load(connection, book, vectors)
        await vectors.complete(connection)
        await vectors.add_windows(connection)
        await corpora.analyze(connection)


def _read(path: Path) -> list[_Text]:
    decoder = msgspec.json.Decoder(_Text)
    return [decoder.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def _relevant(path: Path) -> Mapping[str, dict[str, float]]:
    grades: dict[str, dict[str, float]] = {}
    _, *lines = path.read_text("utf-8").splitlines()
    for line in lines:
        query, document, grade = line.split("\t")
        if float(grade) > 0:
            grades.setdefault(query, {})[document] = float(grade)
    return grades
