"""`just bench-retrieval`: finds passages among 100,000 with vectors of 3,072 numbers, several questions at once.

The corpus is synthetic; the statements, the pool and the settings are the service's own. What an index finds is
compared with what looking at every vector finds, by the same statement before the index is made. Beside it, in the
same run and the same database, the peer's way.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg

from plccoach_api import logs, settings
from plccoach_api.coach.retrieval.passages import Search, search
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database import embedded, migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.rules.embeddings import EXACT
from tests.tools.bench import report as reports
from tests.tools.bench import systems
from tests.tools.bench.retrieval import peer, report
from tests.tools.bench.retrieval.fill import fill
from tests.tools.bench.retrieval.report import Row
from tests.tools.bench.retrieval.synthetic import Known, Question, Synthetic

_REPORT = systems.ROOT / "docs" / "benchmark-retrieval.md"
_NEAREST = 10
# More at once would not be done before the service's own statement_timeout.
_EXACT_AT_ONCE = 2
_FUSED = Search(limit=_NEAREST, token_limit=1_000_000)
_MEANING = replace(_FUSED, lexical_weight=0.0)

Found = Sequence[UUID]
Find = Callable[[Question], Awaitable[Found]]


def main() -> None:
    options = _options()
    logs.configure("ERROR", readable=True)
    with tempfile.TemporaryDirectory(prefix="plcretrieval") as folder:
        with embedded.running(Path(folder)) as url, psycopg.connect(url, autocommit=True) as connection:
            # As on a server that is meant for it; it is read when the server starts.
            connection.execute("ALTER SYSTEM SET shared_buffers = '2GB'")
        with embedded.running(Path(folder)) as url:
            migrations.upgrade(url)
            rows, text = asyncio.run(_measure(options, url))
    sys.stdout.write(text)
    if not options.dry:
        reports.write(_REPORT, text)
    if missed := report.missed(rows):
        raise SystemExit(f"bench-retrieval: {missed}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench-retrieval", description=__doc__)
    parser.add_argument("--chunks", type=int, default=100_000, help="(default: %(default)s)")
    parser.add_argument("--dimensions", type=int, default=3072, help="(default: %(default)s)")
    parser.add_argument("--questions", type=int, default=400, help="(default: %(default)s)")
    parser.add_argument("--exact", type=int, default=60, help="that are also looked for exactly (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=8, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus (default: %(default)s)")
    parser.add_argument("--dry", action="store_true", help="do not write the report")
    return parser.parse_args()


async def _measure(options: argparse.Namespace, url: str) -> tuple[list[Row], str]:
    corpus = Synthetic(options.chunks, options.dimensions, options.seed)
    began = time.perf_counter()
    async with ingest_lock(url) as connection:
        await fill(connection, corpus, Known.provider, Known.model)
        topics = corpus.topics(options.questions)
        questions = [corpus.question(topic) for topic in topics]
        embedder = Known(questions, corpus.vectors(topics))
        _say(f"{options.chunks:,} passages filled in {time.perf_counter() - began:.0f} s")
        database = Database(settings.load({"DATABASE_URL": url}, None))
        await database.open()
        try:
            rows = await _compare(options, database, embedder, questions, connection)
        finally:
            await database.close()
    return rows, report.markdown(rows)


async def _compare(
    options: argparse.Namespace, database: Database, embedder: Known, questions: Sequence[Question], ingest: Connection
) -> list[Row]:
    def service(how: Search, *, domains: bool) -> Find:
        async def find(question: Question) -> Found:
            known = [question.domain] if domains else []
            found = await search(database, question.text, embedder=embedder, domains=known, how=how)
            return [passage.chunk_id for passage in found]

        return find

    async def as_the_peer(question: Question) -> Found:
        embedding = await embedder.embed_question(question.text)
        return await database.run_idempotent(peer.search, question=question, embedding=embedding, limit=_NEAREST)

    ways = {
        "meaning alone": service(_MEANING, domains=False),
        "words and meaning": service(_FUSED, domains=False),
        "words and meaning, domain known": service(_FUSED, domains=True),
    }
    few, exact = questions[: options.exact], {}
    rows = []
    for name, find in ways.items():
        exact[name] = await _ask(f"{name}, every vector looked at", find, few, _EXACT_AT_ONCE)
        rows.append(exact[name])
    began = time.perf_counter()
    vectors = await Vectors.of(ingest, embedder)
    await vectors.complete(ingest, exact=min(EXACT, options.chunks - 1))
    _say(f"index made in {time.perf_counter() - began:.0f} s")
    for name, find in ways.items():
        await _ask(name, find, few, options.at_once)
        row = await _ask(name, find, questions, options.at_once)
        row.compare(exact[name])
        row.is_ours = True
        rows.append(row)
    await peer.fill(ingest, options.dimensions)
    row = await _ask("the peer's: meaning alone, domain as a filter", as_the_peer, few, options.at_once)
    row.compare(exact["meaning alone"])
    return [*rows, row]


async def _ask(name: str, find: Find, questions: Sequence[Question], at_once: int) -> Row:
    row, waiting = Row(name, at_once), iter(questions)

    async def one_after_another() -> None:
        for question in waiting:
            began = time.perf_counter()
            found = await find(question)
            row.seconds.append(time.perf_counter() - began)
            row.found[question.text] = found

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    row.lasted = time.perf_counter() - began
    return row


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
