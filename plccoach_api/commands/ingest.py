"""`plccoach-api ingest` and `plccoach-api books check`: they read books, show the progress, and write the report."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from plccoach_api import settings as settings_module
from plccoach_api.commands.errors import INTERRUPTED, CommandError
from plccoach_api.commands.ingest_report import print_chapters, print_summary
from plccoach_api.commands.output import make_console, say_waiting, write_json
from plccoach_api.corpus import finding, ingest
from plccoach_api.corpus.book import Book
from plccoach_api.corpus.ingest import IngestOptions, IngestProgress
from plccoach_api.corpus.reading_process import ReadingLimits, read_in_process
from plccoach_api.corpus.report import Outcome, Report
from plccoach_api.database import migrations
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.logs.printable import printable
from plccoach_api.settings import Settings

_paths = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
_accept = click.option("--accept", is_flag=True, help="Take a book also when less than half of its text could be read.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Write the report as one JSON document.")


@click.command("ingest")
@_paths
@click.option("--dry-run", is_flag=True, help="Read the books and show their chapters. Needs no database.")
@_accept
@_as_json
def ingest_books(paths: tuple[Path, ...], *, dry_run: bool, accept: bool, as_json: bool) -> None:
    """Load books into the corpus, as files or folders.

    A book whose text is already loaded is left unchanged. A changed book replaces the old one, while questions are
    still answered from the old text. A book that cannot be read is reported, and the others are loaded. After an
    interruption, run the same command again: it continues where it stopped.
    """
    _run(paths, dry_run=dry_run, accept=accept, as_json=as_json)


@click.command("check")
@_paths
@_accept
@_as_json
def check_books(paths: tuple[Path, ...], *, accept: bool, as_json: bool) -> None:
    """Read books and show their chapters, as `ingest --dry-run` does. Needs no database, and loads nothing."""
    _run(paths, dry_run=True, accept=accept, as_json=as_json)


def _run(paths: Sequence[Path], *, dry_run: bool, accept: bool, as_json: bool) -> None:
    """Exits with 1 when a book failed."""
    settings = settings_module.load()
    configure_logging("ERROR", readable=True, beside_output=True)
    # The folders are looked through once, because they may change in the minutes that reading takes.
    found = finding.find(paths)
    with _progress_bar(found.books) as progress:
        reports = _read(settings, found.books, progress, dry_run=dry_run, accept=accept)
    reports += found.refused
    if as_json:
        write_json(reports)
    else:
        console = make_console()
        if dry_run:
            print_chapters(console, reports)
        print_summary(console, reports, make_embedder(settings))
    raise SystemExit(int(any(report.outcome is Outcome.failed for report in reports)))


def _read(
    settings: Settings, books: Sequence[Path], progress: IngestProgress, *, dry_run: bool, accept: bool
) -> list[Report]:
    read = partial(read_in_process, limits=ReadingLimits.of(settings))
    options = IngestOptions(accept=accept, read=read, progress=progress)
    try:
        if dry_run:
            return asyncio.run(ingest.dry_run(books, options))
        embedder = make_embedder(settings)
        with migrations.database_of(settings) as database:
            migrations.prepare(database)
            return asyncio.run(ingest.ingest(database, books, embedder, options))
    except EmbeddingUnavailable as error:
        # Books and vectors that were stored before the failure stay.
        raise CommandError(f"{error}; run it again to continue") from error
    except KeyboardInterrupt:
        raise CommandError("interrupted; run it again to continue", code=INTERRUPTED) from None


def _size(path: Path) -> int:
    """Returns the bytes of a file; 0 for a folder, and for a path that cannot be looked at."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


@contextmanager
def _progress_bar(books: Sequence[Path]) -> Iterator[IngestProgress]:
    """Shows the file, its book, how many files are done, and the time left. Without a terminal nothing is shown.

    Measures the time left in bytes, because the sizes of the files are known before they are read.
    """
    sizes = {path: _size(path) for path in books}
    console = Console(stderr=True)
    description = TextColumn("{task.description}", markup=False)
    columns = (description, BarColumn(), TextColumn("{task.fields[files]}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("books", total=sum(sizes.values()) or 1, files="")
        finished: list[Path] = []

        def start(path: Path) -> None:
            bar.update(task, description=printable(path.name), files=f"{len(finished) + 1} of {len(books)}")

        def show_title(book: Book) -> None:
            bar.update(task, description=f"{printable(books[len(finished)].name)}: {printable(book.title)}"[:80])

        def advance(fraction: float) -> None:
            done = sum(sizes[path] for path in finished)
            bar.update(task, completed=done + fraction * sizes[books[len(finished)]])

        def finish(path: Path) -> None:
            finished.append(path)
            bar.update(task, completed=sum(sizes[path] for path in finished))

        yield IngestProgress(wait=say_waiting, start=start, read=show_title, advance=advance, finish=finish)
