"""Measures what the coach finds, answers, refuses and shows: `just eval`, or `just eval --beir FOLDER`.

The settings of the environment choose the embedder (EMBEDDINGS), as they do for the service.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from plccoach_api import resources, settings
from plccoach_api.corpus.ingest import ingest
from plccoach_api.database import embedded, migrations
from plccoach_api.database.pool import Database
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.logs.configuration import configure_logging
from tests.tools.eval import beir, cases, claims, conversations, goals, handbook
from tests.tools.eval.library import compose
from tests.tools.eval.questions import added_to

_CASES = Path(__file__).parent / "cases"
_HANDBOOK, _LIBRARY = "handbook", "library"


def main() -> None:
    parser = argparse.ArgumentParser(prog="just eval", description=__doc__)
    parser.add_argument(
        "--beir", type=Path, metavar="FOLDER", help="measure the retrieval on a collection in the BEIR layout instead"
    )
    parser.add_argument(
        "--ground", type=Path, metavar="FOLDER", help="measure on FOLDER/books with FOLDER/questions.toml instead"
    )
    parser.add_argument("--corpus", choices=[_HANDBOOK, _LIBRARY], help="measure on this corpus only")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="keep the database in FOLDER: the next run need not load the books"
    )
    arguments = parser.parse_args()
    configure_logging("ERROR", readable=True)
    if arguments.beir:
        with _database(arguments.data) as url:
            sys.exit(asyncio.run(beir.evaluate(url, arguments.beir, _embedder())))
    if arguments.ground:
        books, questions = arguments.ground / "books", cases.load(arguments.ground / "questions.toml")
        sys.exit(_evaluate(arguments.ground.name, sorted(books.iterdir()), questions, arguments.data))
    missed = [
        evaluate(arguments.data)
        for corpus, evaluate in ((_HANDBOOK, _evaluate_handbook), (_LIBRARY, _evaluate_library))
        if arguments.corpus in {None, corpus}
    ]
    sys.exit(int(any(missed)))


def _evaluate_handbook(data: Path | None) -> bool:
    """Prints the figures of the sample handbook, with those of its older questions. Returns True when one misses."""
    books = sorted(resources.SAMPLE_CORPUS.glob("*.md"))
    data = data and data / _HANDBOOK
    with _database(data, books) as url:
        missed = asyncio.run(handbook.evaluate(url, _embedder())) == 1
    missed = _evaluate(_HANDBOOK, books, added_to(cases.load(_CASES / "handbook.toml")), data) or missed
    return _print("claims", asyncio.run(claims.measure_claims())) or missed


def _evaluate_library(data: Path | None) -> bool:
    with tempfile.TemporaryDirectory(prefix="plceval") as folder:
        return _evaluate(
            _LIBRARY, compose.write(Path(folder)), cases.load(_CASES / "library.toml"), data and data / _LIBRARY
        )


def _evaluate(corpus: str, books: Sequence[Path], questions: cases.Cases, data: Path | None) -> bool:
    """Prints the figures of a corpus. Returns True when one of them misses its goal."""
    with _database(data, books) as url:
        figures = asyncio.run(_measure(url, questions))
    return _print(corpus, figures)


def _print(corpus: str, figures: Sequence[goals.Figure]) -> bool:
    """Prints a table. Returns True when a figure misses its goal."""
    goals.print_table(corpus, figures)
    return any(figure.missed for figure in figures)


@contextmanager
def _database(folder: Path | None, books: Sequence[Path] = ()) -> Iterator[str]:
    """Yields the address of a database with the books. It is kept in the folder, if there is one."""
    with tempfile.TemporaryDirectory(prefix="plceval") as temporary, embedded.running(folder or Path(temporary)) as url:
        migrations.upgrade(url)
        if books:
            asyncio.run(ingest(url, books, _embedder()))
        yield url


def _embedder() -> Embedder:
    """Returns a new embedder: the connections of one belong to the event loop that uses it."""
    return make_embedder(settings.load(dotenv=None))


async def _measure(url: str, questions: cases.Cases) -> list[goals.Figure]:
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        return await conversations.measure(database, questions, _embedder())
    finally:
        await database.close()


if __name__ == "__main__":
    main()
