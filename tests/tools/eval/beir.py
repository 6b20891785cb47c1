"""Measures the retrieval on a collection in the BEIR layout: corpus.jsonl, queries.jsonl, qrels/test.tsv."""

from collections.abc import Mapping
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
from plccoach_api.embedding.local import LOCAL, count_tokens
from tests.tools.eval.measures import mean, ndcg, recall

_DEPTH = 50
_ALL = 10**9
METHODS = {
    "vector": SearchOptions(lexical_weight=0.0, limit=_DEPTH, token_limit=_ALL),
    "lexical (BM25)": SearchOptions(vector_weight=0.0, limit=_DEPTH, token_limit=_ALL),
    "fused": SearchOptions(limit=_DEPTH, token_limit=_ALL),
}


class _Text(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""


async def evaluate(url: str, folder: Path) -> int:
    figures = await measure(url, folder)
    print(f"{folder.name:18}{'nDCG@10':>10}{'recall@10':>11}{'recall@50':>11}")
    for method, (at_10, recall_10, recall_50) in figures.items():
        print(f"{method:18}{at_10:10.4f}{recall_10:11.4f}{recall_50:11.4f}")
    return 0


async def measure(url: str, folder: Path) -> dict[str, tuple[float, float, float]]:
    """Returns nDCG@10, recall@10 and recall@50 of each method. Each document is one passage."""
    await _load(url, _read(folder / "corpus.jsonl"))
    queries = _read(folder / "queries.jsonl")
    relevant = _relevant(folder / "qrels" / "test.tsv")
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        figures = {}
        for method, options in METHODS.items():
            rankings = {
                query.id: [
                    each.chapter_title for each in await search(database, query.text, embedder=LOCAL, options=options)
                ]
                for query in queries
                if query.id in relevant and query.text.strip()
            }
            figures[method] = (
                mean(ndcg(ranking, relevant[query], 10) for query, ranking in rankings.items()),
                mean(recall(ranking, relevant[query], 10) for query, ranking in rankings.items()),
                mean(recall(ranking, relevant[query], 50) for query, ranking in rankings.items()),
            )
        return figures
    finally:
        await database.close()


async def _load(url: str, documents: list[_Text]) -> None:
    """Loads one book. Each document is a chapter of one passage, with the id of the document as its title."""
    texts = [f"{each.title}\n\n{each.text}".strip() or "(empty)" for each in documents]
    chapters = tuple(Chapter(None, each.id, (Paragraph(text),)) for each, text in zip(documents, texts, strict=True))
    chunks = [Chunk(place, text, (), count_tokens(text) or 1) for place, text in enumerate(texts)]
    hashes = [sha256(f"{place} {text}".encode()).digest() for place, text in enumerate(texts)]
    book = ChunkedBook(Book("A collection", (), None, chapters), chunks, hashes, b"\0" * 32)
    async with ingest_lock(url) as connection:
        vectors = await Vectors.of(connection, LOCAL)
        await load(connection, book, vectors)
        await vectors.complete(connection)


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
