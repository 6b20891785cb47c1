"""`just bench-retrieval`: searches 100,000 passages with vectors of 3,072 dimensions, several questions at once.

The corpus is synthetic; the statements, the pool and the settings are the service's own. The recall compares a search
by the index with the exact search, which runs before the index is built. Passages have no windows, because vectors of
synthetic windows would mean nothing. The peer's search runs in the same database.
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

import psutil

from plccoach_api import settings
from plccoach_api.coach.retrieval.passages import SearchOptions, search
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database import migrations
from plccoach_api.database.pool import Connection, Database
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.rules.embeddings import exact_limit
from tests.tools.bench import report as reports
from tests.tools.bench import servers, systems
from tests.tools.bench.processor import Meter
from tests.tools.bench.retrieval import peer, report, trees
from tests.tools.bench.retrieval.fill import fill
from tests.tools.bench.retrieval.report import Row
from tests.tools.bench.retrieval.synthetic import Known, Question, Synthetic

_REPORT = systems.ROOT / "docs" / "benchmark-retrieval.md"
_NEAREST = 10
# With more at once, a search would run into the service's own statement_timeout.
_EXACT_AT_ONCE = 2
_FUSED = SearchOptions(limit=_NEAREST, token_limit=1_000_000)
_MEANING = replace(_FUSED, lexical_weight=0.0)

Found = Sequence[UUID]
Find = Callable[[Question], Awaitable[Found]]


def main() -> None:
    options = _options()
    if options.tree:
        trees.compare(options)
        return
    configure_logging("ERROR", readable=True)
    with tempfile.TemporaryDirectory(prefix="plcretrieval") as folder, servers.large(Path(folder)) as url:
        migrations.upgrade(url)
        rows, text = asyncio.run(_measure(options, url, Path(folder)))
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
    parser.add_argument("--exact", type=int, default=60, help="also searched exactly (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=8, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus (default: %(default)s)")
    systems.add_tree_option(parser)
    parser.add_argument("--rounds", type=int, default=1, help="with --tree (default: %(default)s)")
    parser.add_argument("--dry", action="store_true", help="do not write the report")
    return parser.parse_args()


async def _measure(options: argparse.Namespace, url: str, data: Path) -> tuple[list[Row], str]:
    corpus = Synthetic(options.chunks, options.dimensions, options.seed)
    began = time.perf_counter()
    async with ingest_lock(url) as connection:
        await fill(connection, corpus, Known.provider, Known.model)
        topics = corpus.topics(options.questions)
        questions = [corpus.question(topic) for topic in topics]
        embedder = Known(questions, corpus.vectors(topics))
        filled = f"{options.chunks:,} passages of {options.dimensions:,} numbers: stored in {_since(began)}"
        _say(filled)
        database = Database(settings.load({"DATABASE_URL": url}, None))
        await database.open()
        try:
            meter = Meter([psutil.Process()], data)
            rows, built = await _compare(options, database, embedder, questions, ingest=connection, meter=meter)
        finally:
            await database.close()
    return rows, report.markdown(rows, f"{filled}; {built}.")


async def _compare(
    options: argparse.Namespace,
    database: Database,
    embedder: Known,
    questions: Sequence[Question],
    *,
    ingest: Connection,
    meter: Meter,
) -> tuple[list[Row], str]:
    """Returns the rows, and what the index took."""
    searches = _searches(database, embedder)
    few = questions[: options.exact]
    exact = {name: await _ask(f"{name}, exact", find, few, _EXACT_AT_ONCE, meter) for name, find in searches.items()}
    began = time.perf_counter()
    vectors = await Vectors.of(ingest, embedder)
    await vectors.complete(ingest, most_exact=min(exact_limit(options.dimensions), options.chunks - 1))
    built = f"index built in {_since(began)}, {await _index_megabytes(ingest):,} MB"
    _say(built)
    indexed = []
    for name, find in searches.items():
        # The first questions only warm the caches.
        await _ask(name, find, few, options.at_once, meter)
        row = await _ask(name, find, questions, options.at_once, meter)
        row.compare(exact[name])
        row.is_ours = True
        indexed.append(row)
    await peer.fill(ingest, options.dimensions)
    by_peer = _peer(database, embedder)
    theirs = await _ask("the peer: meaning alone, domain as a filter", by_peer, few, options.at_once, meter)
    theirs.compare(exact["meaning alone"])
    return [*exact.values(), *indexed, theirs], built


async def _index_megabytes(connection: Connection) -> int:
    """Returns the size of the index that was built for the only set of vectors."""
    name = "^embeddings_[0-9a-f]{32}_(signs_)?idx$"
    select = "SELECT round(pg_relation_size(oid) / 2 ^ 20)::int FROM pg_class WHERE relname ~ %s"
    [[megabytes]] = await (await connection.execute(select, (name,))).fetchall()
    return int(megabytes)


def _searches(database: Database, embedder: Known) -> dict[str, Find]:
    """Returns the service's search with different options, by name."""

    def service(options: SearchOptions, *, with_domain: bool) -> Find:
        async def find(question: Question) -> Found:
            domains = [question.domain] if with_domain else []
            passages = await search(database, question.text, embedder=embedder, domains=domains, options=options)
            return [passage.chunk_id for passage in passages]

        return find

    return {
        "meaning alone": service(_MEANING, with_domain=False),
        "words and meaning": service(_FUSED, with_domain=False),
        "words and meaning, domain known": service(_FUSED, with_domain=True),
    }


def _peer(database: Database, embedder: Known) -> Find:
    async def find(question: Question) -> Found:
        embedding = await embedder.embed_question(question.text)
        return await database.run_idempotent(peer.search, question=question, embedding=embedding, limit=_NEAREST)

    return find


async def _ask(name: str, find: Find, questions: Sequence[Question], at_once: int, meter: Meter) -> Row:
    row, waiting = Row(name, at_once), iter(questions)

    async def one_after_another() -> None:
        for question in waiting:
            began = time.perf_counter()
            found = await find(question)
            row.seconds.append(time.perf_counter() - began)
            row.found[question.text] = found

    began, before = time.perf_counter(), meter.read()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    row.elapsed = time.perf_counter() - began
    row.cost = (meter.read() - before).of_each(len(questions))
    return row


def _since(began: float) -> str:
    return f"{time.perf_counter() - began:,.0f} s"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
