"""`just bench-growth`: how the cost of a request grows with what is stored.

A person's conversations, the passages of the books, and the sessions of all people grow by powers of ten. Everything
else stays as it is.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

import httpx
import psutil

from plccoach_api import settings
from plccoach_api.coach.retrieval.passages import search
from plccoach_api.corpus.lock import ingest_lock
from plccoach_api.corpus.vectors import Vectors
from plccoach_api.database import migrations
from plccoach_api.database.pool import Database
from plccoach_api.logs.configuration import configure_logging
from tests.tools.bench import report as reports
from tests.tools.bench import servers, systems
from tests.tools.bench.growth import people, report
from tests.tools.bench.growth.measure import Line, Point, measured
from tests.tools.bench.processor import Meter
from tests.tools.bench.questions import asked
from tests.tools.bench.retrieval.fill import fill as fill_corpus
from tests.tools.bench.retrieval.synthetic import Known, Question, Synthetic
from tests.tools.bench.systems import Program

_REPORT = systems.ROOT / "docs" / "benchmark-growth.md"
_DRAWING = systems.ROOT / "docs" / "images" / "growth.svg"
_CONVERSATIONS, _OTHERS = (10, 100, 1_000, 10_000), 400
_PASSAGES = (40, 1_000, 10_000, 100_000)
_SESSIONS = (1_000, 10_000, 100_000, 1_000_000)
_DIMENSIONS = 256
_QUESTIONS = 400


def main() -> None:
    options = _options()
    configure_logging("ERROR")
    lines = [
        *of_conversations(_CONVERSATIONS, _OTHERS, options.seconds),
        of_passages(_PASSAGES, options.seconds),
        of_sessions(_SESSIONS, options.seconds),
    ]
    text = report.markdown(lines)
    sys.stdout.write(text)
    if not options.dry:
        reports.write(_REPORT, text)
        _DRAWING.write_text(report.drawing(lines), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench-growth", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement (default: %(default)s)")
    parser.add_argument("--dry", action="store_true", help="do not write the page")
    return parser.parse_args()


def of_conversations(sizes: Sequence[int], others: int, seconds: float) -> list[Line]:
    """Measures people who have so many conversations each, among other people with a hundred each."""
    with _database() as (url, data):
        opened = asyncio.run(people.fill(url, sizes, others))
        questions = cycle(asked())
        with _service(url, data) as (address, meter), ExitStack() as stack:
            clients = {size: stack.enter_context(_signed_in(address, people.email_of(size))) for size in opened}
            # Questions come last, because each makes a conversation.
            lines = {
                "GET /api/conversations": lambda client, _: client.get("/api/conversations"),
                "GET /api/conversations?search= (frequent word)": lambda client, _: _search(client, people.FREQUENT),
                "GET /api/conversations?search= (rare word)": lambda client, _: _search(client, people.RARE),
                "GET /api/conversations/{id}": lambda client, size: client.get(f"/api/conversations/{opened[size]}"),
                "POST /api/coach/query": lambda client, _: client.post(
                    "/api/coach/query", json={"query": next(questions)}
                ),
            }

            def line(name: str, send: Callable[[httpx.Client, int], httpx.Response]) -> Line:
                requests = {size: partial(_sent, send, client, size) for size, client in clients.items()}
                return Line(name, "conversations of a person", measured(requests, meter, seconds))

            return [line(name, send) for name, send in lines.items()]


def _sent(send: Callable[[httpx.Client, int], httpx.Response], client: httpx.Client, size: int) -> None:
    send(client, size).raise_for_status()


def _search(client: httpx.Client, words: str) -> httpx.Response:
    response = client.get("/api/conversations", params={"search": words})
    if not response.json()["items"]:
        raise SystemExit(f"bench-growth: nothing was found for {words!r}")
    return response


def of_passages(sizes: Sequence[int], seconds: float) -> Line:
    return Line("search for passages", "passages", [_passages(size, seconds) for size in sizes])


def _passages(size: int, seconds: float) -> Point:
    with _database() as (url, data), asyncio.Runner() as runner:
        migrations.upgrade(url)
        questions, embedder = runner.run(_fill_corpus(url, size))
        texts = cycle([question.text for question in questions])
        database = Database(settings.load({"DATABASE_URL": url}, None))
        runner.run(database.open())
        try:
            requests = {size: lambda: runner.run(search(database, next(texts), embedder=embedder))}
            [point] = measured(requests, Meter([psutil.Process()], data), seconds)
        finally:
            runner.run(database.close())
        return point


async def _fill_corpus(url: str, size: int) -> tuple[Sequence[Question], Known]:
    corpus = Synthetic(size, _DIMENSIONS)
    async with ingest_lock(url) as connection:
        await fill_corpus(connection, corpus, Known.provider, Known.model)
        topics = corpus.topics(_QUESTIONS)
        questions = [corpus.question(topic) for topic in topics]
        embedder = Known(questions, corpus.vectors(topics))
        # Many passages get an index, as an ingest decides.
        vectors = await Vectors.of(connection, embedder)
        await vectors.complete(connection)
        await vectors.add_windows(connection)
    return questions, embedder


def of_sessions(sizes: Sequence[int], seconds: float) -> Line:
    line = Line("GET /auth/me", "sessions")
    with _database() as (url, data):
        migrations.upgrade(url)
        stored = 0
        with _service(url, data) as (address, meter), _signed_in(address, people.email_of(0)) as client:
            for size in sizes:
                people.add_sessions(url, size - stored)
                stored = size
                requests = {size: lambda: client.get("/auth/me").raise_for_status()}
                line.points.extend(measured(requests, meter, seconds))
    return line


@contextmanager
def _database() -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="plcgrowth") as folder:
        data = Path(folder) / "data"
        with servers.large(data) as url:
            yield url, data


@contextmanager
def _service(url: str, data: Path) -> Iterator[tuple[str, Meter]]:
    program = Program("service", systems.SERVICE, settings=systems.GENEROUS)
    with tempfile.TemporaryDirectory() as folder, program.running(url, Path(folder)) as system:
        yield system.url, Meter(system.workers(), data)


@contextmanager
def _signed_in(address: str, email: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        client.get("/auth/dev/login", params={"email": email})
        yield client


if __name__ == "__main__":
    main()
