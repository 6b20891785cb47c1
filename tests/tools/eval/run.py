"""Measures what the coach finds, answers, refuses and cites: `just eval`, or `just eval --beir FOLDER`."""

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
from plccoach_api.embedding.local import LOCAL
from plccoach_api.logs.configuration import configure_logging
from tests.tools.eval import beir, cases, conversations, goals, handbook
from tests.tools.eval.library import compose

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
            sys.exit(asyncio.run(beir.evaluate(url, arguments.beir)))
    if arguments.ground:
        books = sorted((arguments.ground / "books").iterdir())
        sys.exit(_evaluate(arguments.ground.name, books, arguments.ground / "questions.toml", arguments.data))
    missed = [
        _evaluate_own(corpus, arguments.data) for corpus in (_HANDBOOK, _LIBRARY) if arguments.corpus in {None, corpus}
    ]
    sys.exit(max(missed))


def _evaluate_own(corpus: str, data: Path | None) -> int:
    with tempfile.TemporaryDirectory(prefix="plceval") as folder:
        books = compose.write(Path(folder)) if corpus == _LIBRARY else sorted(resources.SAMPLE_CORPUS.glob("*.md"))
        return _evaluate(corpus, books, _CASES / f"{corpus}.toml", data / corpus if data else None)


@contextmanager
def _database(folder: Path | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="plceval") as temporary, embedded.running(folder or Path(temporary)) as url:
        migrations.upgrade(url)
        yield url


def _evaluate(corpus: str, books: Sequence[Path], questions: Path, data: Path | None) -> int:
    """Prints the figures of a corpus. Returns 1 when one of them misses its goal."""
    with _database(data) as url:
        asyncio.run(ingest(url, books, LOCAL))
        missed = corpus == _HANDBOOK and asyncio.run(handbook.evaluate(url)) == 1
        figures = asyncio.run(_measure(url, cases.load(questions)))
    goals.print_table(corpus, figures)
    return int(missed or any(figure.missed for figure in figures))


async def _measure(url: str, questions: cases.Cases) -> list[goals.Figure]:
    database = Database(settings.load({"DATABASE_URL": url}, None))
    await database.open()
    try:
        return await conversations.measure(database, questions)
    finally:
        await database.close()


if __name__ == "__main__":
    main()
