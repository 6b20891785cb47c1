"""`plccoach-api ingest`: runs an ingest, and shows its progress and its summary in the terminal."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from plccoach_api import settings as settings_module
from plccoach_api.corpus import ingest
from plccoach_api.corpus.ingest import IngestProgress
from plccoach_api.corpus.report import Outcome, Report
from plccoach_api.database import migrations
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.logs.configuration import configure_logging
from plccoach_api.settings import Settings


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--dry-run", is_flag=True, help="Read the books and report what would be loaded. Needs no database.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def ingest_books(paths: tuple[Path, ...], *, dry_run: bool, as_json: bool) -> None:
    """Load books into the corpus: PDF, EPUB, Markdown or plain text, as files or folders.

    A book whose text is already loaded is left unchanged. A changed book replaces the old one, while questions are
    still answered from the old text. A book that cannot be read is reported, and the others are loaded. After an
    interruption, run the same command again: it continues where it stopped.
    """
    settings = settings_module.load()
    configure_logging("ERROR", readable=True)
    raise SystemExit(_run(settings, paths, dry_run=dry_run, as_json=as_json))


def _run(settings: Settings, paths: Sequence[Path], *, dry_run: bool, as_json: bool) -> int:
    """Returns the exit code, which is 1 when a book was not loaded."""
    console = Console(stderr=True)
    books = ingest.find_books(paths)
    if not books:
        console.print("no books found; PDF, EPUB, Markdown and plain text can be read", style="red")
        return 1
    try:
        reports = _dry_run(settings, books, console) if dry_run else _ingest(settings, books, console)
    except EmbeddingUnavailable as error:
        # Books and vectors that were stored before the failure stay.
        console.print(f"plccoach-api: {error}; run it again to continue", style="red", soft_wrap=True)
        return 1
    if as_json:
        sys.stdout.write(msgspec.json.encode(_summary(reports)).decode() + "\n")
    else:
        _print_reports(Console(), reports)
    return int(any(report.outcome is Outcome.failed for report in reports))


def _dry_run(settings: Settings, books: Sequence[Path], console: Console) -> list[Report]:
    with _progress_bar(console, books) as progress:
        return ingest.dry_run(books, make_embedder(settings), progress)


def _ingest(settings: Settings, books: Sequence[Path], console: Console) -> list[Report]:
    embedder = make_embedder(settings)
    with _progress_bar(console, books) as progress, migrations.database_of(settings) as database:
        migrations.upgrade(database)
        return asyncio.run(ingest.ingest(database, books, embedder, progress))


@contextmanager
def _progress_bar(console: Console, books: Sequence[Path]) -> Iterator[IngestProgress]:
    """Measures progress in bytes, because the sizes of the files are known before they are read.

    Without a terminal nothing is shown.
    """
    sizes = {path: path.stat().st_size if path.is_file() else 0 for path in books}
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("books", total=sum(sizes.values()) or 1)
        finished_bytes = 0
        current = books[0]

        def start(path: Path) -> None:
            nonlocal current
            current = path
            bar.update(task, description=path.name)

        def advance(fraction: float) -> None:
            bar.update(task, completed=finished_bytes + fraction * sizes[current])

        def finish(path: Path) -> None:
            nonlocal finished_bytes
            finished_bytes += sizes[path]
            bar.update(task, completed=finished_bytes)

        yield IngestProgress(start, advance, finish)


def _summary(reports: Sequence[Report]) -> dict[str, Any]:
    loaded = [report for report in reports if report.outcome not in {Outcome.failed, Outcome.unchanged}]
    costs = [report.cost_usd for report in loaded]
    return {
        "books": reports,
        "chunks": sum(report.chunks for report in loaded),
        "tokens": sum(report.tokens for report in loaded),
        "cost_usd": None if None in costs else round(sum(cost or 0 for cost in costs), 6),
    }


def _print_reports(console: Console, reports: Sequence[Report]) -> None:
    table = _table([report for report in reports if report.outcome is not Outcome.failed])
    if table.row_count:
        console.print(table)
    for report in reports:
        if report.outcome is Outcome.failed:
            line = f"{report.path}: not loaded, {report.reason}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(_totals(reports), highlight=False, soft_wrap=True)


def _table(reports: Sequence[Report]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("book", "outcome", "chapters", "chunks", "tokens"):
        table.add_column(name, justify="left" if name in {"book", "outcome"} else "right", overflow="fold")
    for report in reports:
        table.add_row(report.title, report.outcome, *map(str, (report.chapters, report.chunks, report.tokens)))
    return table


def _totals(reports: Sequence[Report]) -> str:
    summary = _summary(reports)
    cost = "unknown" if summary["cost_usd"] is None else f"${summary['cost_usd']:.4f}"
    counts = [f"{count} {name}" for name in Outcome if (count := sum(each.outcome is name for each in reports))]
    return f"{', '.join(counts)}; {summary['chunks']} chunks, {summary['tokens']} tokens, cost {cost}"
