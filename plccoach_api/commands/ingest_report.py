"""The report of an ingest for people: the chapters of each book, a table of the books, and what is not in them."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from plccoach_api.commands.output import cell
from plccoach_api.corpus.report import Outcome, Report, ReportedChapter, estimate_cost, percent
from plccoach_api.embedding.embedder import Embedder
from plccoach_api.logs.printable import printable


def print_chapters(console: Console, reports: Sequence[Report]) -> None:
    """Shows how each book was read, so that a person sees a wrong reading before it is loaded."""
    for report in reports:
        if report.title is None:
            continue
        _print_line(console, _title_page(report))
        console.print(_chapter_table(report.chapters))
        if not _is_incomplete(report):
            for line in _left_out(report):
                _print_line(console, line)
        console.print()


def print_summary(console: Console, reports: Sequence[Report], embedder: Embedder) -> None:
    table = _book_table([report for report in reports if report.outcome is not Outcome.failed])
    if table.row_count:
        console.print(table)
    for report in reports:
        if report.outcome is Outcome.failed:
            _print_line(console, f"{report.path}: not loaded, {report.reason}")
        if _is_incomplete(report):
            _print_line(console, f"{report.path}: {percent(report.share or 0.0)} of its text is in the book")
            for line in _left_out(report):
                _print_line(console, line)
    _print_line(console, _totals(reports, embedder))


def _print_line(console: Console, line: str) -> None:
    console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def _title_page(report: Report) -> str:
    authors = f", by {' and '.join(report.authors)}" if report.authors else ", without authors"
    details = [report.edition or "", str(report.year or "without a year")]
    return f"{report.path}: {report.title}{authors} ({', '.join(filter(None, details))})"


def _is_incomplete(report: Report) -> bool:
    """Returns True if a part was lost. Without its line, an ingest would not say so."""
    return any(each.is_lost for each in report.left_out)


def _left_out(report: Report) -> Iterator[str]:
    for each in report.left_out:
        kind = "lost" if each.is_lost else "left out"
        yield f"  {kind}: {each.reason} ({each.characters:,} characters)"


def _chapter_table(chapters: Sequence[ReportedChapter]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("chapter", "title", "pages", "begins"):
        table.add_column(name, justify="right" if name in {"chapter", "pages"} else "left", overflow="fold")
    for chapter in chapters:
        number = "" if chapter.number is None else str(chapter.number)
        pages = "" if chapter.pages is None else "-".join(map(str, dict.fromkeys(chapter.pages)))
        table.add_row(number, cell(chapter.title), pages, cell(chapter.begins))
    return table


def _book_table(reports: Sequence[Report]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("book", "outcome", "share", "chapters", "pages", "tokens"):
        table.add_column(name, justify="left" if name in {"book", "outcome"} else "right", overflow="fold")
    for report in reports:
        share = percent(report.share or 0.0)
        pages = "" if report.pages is None else str(report.pages)
        # A text without headings is one chapter without a title. `books list` counts none for it, either.
        chapters = sum(bool(each.title) for each in report.chapters)
        numbers = share, str(chapters), pages, str(report.tokens)
        table.add_row(cell(report.title or ""), report.outcome, *numbers)
    return table


def _totals(reports: Sequence[Report], embedder: Embedder) -> str:
    loaded = [each for each in reports if each.outcome not in {Outcome.failed, Outcome.unchanged}]
    cost = estimate_cost(embedder, reports)
    counts = [f"{count} {name}" for name in Outcome if (count := sum(each.outcome is name for each in reports))]
    tokens = sum(each.tokens for each in loaded)
    return f"{', '.join(counts)}; {tokens} tokens, cost {'unknown' if cost is None else f'${cost:.4f}'}"
