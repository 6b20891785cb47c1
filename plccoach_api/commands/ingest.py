"""`plccoach-api ingest`: what the person at the terminal sees of it."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from plccoach_api import logs
from plccoach_api import settings as settings_module
from plccoach_api.corpus import ingest
from plccoach_api.corpus.ingest import IngestProgress, Report
from plccoach_api.database import migrations
from plccoach_api.embedding.choose import make_embedder
from plccoach_api.embedding.embedder import EmbeddingUnavailable
from plccoach_api.settings import Settings

# What the outcomes are called in the summary, in this order.
_OUTCOMES = ("readable", "loaded", "replaced", "unchanged", "failed")


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--dry-run", is_flag=True, help="Read the books and say what would come in; the database is not touched.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def ingest_books(paths: tuple[Path, ...], *, dry_run: bool, as_json: bool) -> None:
    """Bring books into the corpus: PDF, EPUB, Markdown or plain text, files or folders of them.

    A book whose text is there already changes nothing; a changed one takes the place of the old while questions go on
    being answered. What is wrong with one book is said, and keeps no other out. An ingest that was interrupted goes on
    where it was.
    """
    settings = settings_module.load()
    logs.configure("ERROR", readable=True)
    raise SystemExit(_run(settings, paths, dry_run=dry_run, as_json=as_json))


def _run(settings: Settings, paths: Sequence[Path], *, dry_run: bool, as_json: bool) -> int:
    """The exit code: 1 when a book was not loaded."""
    console = Console(stderr=True)
    found = ingest.files(paths)
    if not found:
        console.print("no books there: PDF, EPUB, Markdown and plain text are read", style="red")
        return 1
    embedder = make_embedder(settings)
    with _bar(console, found) as progress:
        if dry_run:
            reports = ingest.dry_run(found, embedder, progress)
        else:
            with migrations.database_of(settings) as database:
                migrations.upgrade(database)
                try:
                    reports = asyncio.run(ingest.ingest(database, found, embedder, progress))
                except EmbeddingUnavailable as error:
                    # Its own words, without a traceback; what was embedded is kept.
                    console.print(f"plccoach-api: {error}; run it again to go on", style="red", soft_wrap=True)
                    return 1
    if as_json:
        sys.stdout.write(msgspec.json.encode(_summary(reports)).decode() + "\n")
    else:
        _tell(Console(), reports)
    return int(any(report.outcome == "failed" for report in reports))


@contextmanager
def _bar(console: Console, paths: Sequence[Path]) -> Iterator[IngestProgress]:
    """By the size of the files, which is known before they are read; nothing where nobody looks."""
    sizes = {path: path.stat().st_size if path.is_file() else 0 for path in paths}
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("books", total=sum(sizes.values()) or 1)
        done = 0
        current = paths[0]

        def begin(path: Path) -> None:
            nonlocal current
            current = path
            bar.update(task, description=path.name)

        def share(part: float) -> None:
            bar.update(task, completed=done + part * sizes[current])

        def end(path: Path) -> None:
            nonlocal done
            done += sizes[path]
            bar.update(task, completed=done)

        yield IngestProgress(begin, share, end)


def _summary(reports: Sequence[Report]) -> dict[str, Any]:
    came = [report for report in reports if report.outcome not in {"failed", "unchanged"}]
    costs = [report.cost_usd for report in came]
    return {
        "books": reports,
        "chunks": sum(report.chunks for report in came),
        "tokens": sum(report.tokens for report in came),
        "cost_usd": None if None in costs else round(sum(cost or 0 for cost in costs), 6),
    }


def _tell(console: Console, reports: Sequence[Report]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("book", "outcome", "chapters", "chunks", "tokens"):
        table.add_column(name, justify="left" if name in {"book", "outcome"} else "right", overflow="fold")
    for report in reports:
        if report.outcome != "failed":
            numbers = (report.chapters, report.chunks, report.tokens)
            table.add_row(report.title, report.outcome, *map(str, numbers))
    if table.row_count:
        console.print(table)
    for report in reports:
        if report.outcome == "failed":
            line = f"{report.path}: not loaded, {report.reason}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    summary = _summary(reports)
    cost = "unknown" if summary["cost_usd"] is None else f"${summary['cost_usd']:.4f}"
    counted = [f"{count} {name}" for name in _OUTCOMES if (count := sum(each.outcome == name for each in reports))]
    totals = f"{', '.join(counted)}; {summary['chunks']} chunks, {summary['tokens']} tokens, cost {cost}"
    console.print(totals, highlight=False, soft_wrap=True)
