"""`just bench-ingest`: loads 100 synthetic books of 300 pages into an empty database, and prints how long a page takes.

It prints a line for each tenth of the books, so that the figures show whether the time of a book grows with what is
loaded already. The memory is the peak of this process, of the processes that read a book, and of the server's process
that stores the books.
"""

import argparse
import asyncio
import itertools
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from fpdf import FPDF

from plccoach_api.corpus.ingest import IngestOptions, IngestProgress, ingest
from plccoach_api.corpus.report import Report
from plccoach_api.database import embedded, migrations
from plccoach_api.embedding.local import LOCAL
from plccoach_api.logs.configuration import configure_logging

_PAGES_OF_A_CHAPTER = 20
_PARAGRAPHS_OF_A_PAGE, _SENTENCES_OF_A_PARAGRAPH = 3, 5
_VOCABULARY = 20_000
_SAMPLE_SECONDS = 0.1


class Author:
    """Writes books whose words are as unequally frequent as those of a language."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        syllables = ["".join(each) for each in itertools.product("bdfgklmnprstv", "aeiou")]
        self._words = [
            "".join(self._random.choices(syllables, k=self._random.randint(1, 4))) for _ in range(_VOCABULARY)
        ]
        self._weights = [*itertools.accumulate(1 / rank for rank in range(1, _VOCABULARY + 1))]

    def paragraphs(self) -> list[str]:
        """Returns the text of a page, some 230 words."""
        return [
            " ".join(self._sentence() for _ in range(_SENTENCES_OF_A_PARAGRAPH)) for _ in range(_PARAGRAPHS_OF_A_PAGE)
        ]

    def _sentence(self) -> str:
        words = self._random.choices(self._words, cum_weights=self._weights, k=self._random.randint(8, 22))
        return " ".join(words).capitalize() + "."


def write_markdown(path: Path, title: str, pages: int, author: Author) -> None:
    lines = [f"# {title}", "by Ann Author", "Year: 2026"]
    for page in range(pages):
        if page % _PAGES_OF_A_CHAPTER == 0:
            lines.append(f"## Chapter {page // _PAGES_OF_A_CHAPTER + 1}: Part {page} of {title}")
        lines += [f"<!-- page {page + 1} -->", *author.paragraphs()]
    path.write_text("\n\n".join(lines))


def write_pdf(path: Path, title: str, pages: int, author: Author) -> None:
    pdf = FPDF(format="A5")
    pdf.set_title(title)
    pdf.set_author("Ann Author")
    for page in range(pages):
        pdf.add_page()
        if page % _PAGES_OF_A_CHAPTER == 0:
            pdf.set_font("Times", size=18)
            heading = f"Chapter {page // _PAGES_OF_A_CHAPTER + 1}: Part {page}"
            pdf.start_section(heading)
            pdf.multi_cell(0, 9, heading, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Times", size=10)
        for paragraph in author.paragraphs():
            pdf.multi_cell(0, 4.5, paragraph, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(3)
    pdf.output(str(path))


_WRITERS: Mapping[str, Callable[[Path, str, int, Author], None]] = {"md": write_markdown, "pdf": write_pdf}


@dataclass
class Watch:
    """Notes when each book was finished, and the memory of the processes that read it and store it."""

    server: psutil.Process
    started: float = field(default_factory=time.perf_counter)
    finished: list[float] = field(default_factory=list)
    server_seconds: list[float] = field(default_factory=list)
    """Processor time of the server until each book was finished. Other programs on the machine do not change it."""
    server_bytes: int = 0
    reader_bytes: int = 0

    def finish(self, _: Path) -> None:
        self.finished.append(time.perf_counter() - self.started)
        busiest = 0.0
        for backend in self.server.children():
            # Autovacuum's processes come and go.
            with suppress(psutil.Error):
                self.server_bytes = max(self.server_bytes, backend.memory_full_info().uss)
                busiest = max(busiest, sum(backend.cpu_times()[:2]))
        self.server_seconds.append(busiest)

    def sample_readers(self) -> None:
        """Samples until the program ends. The peak that the system notes for a child counts its parent's memory too."""
        while True:
            for each in psutil.Process().children():
                with suppress(psutil.Error):
                    if "plccoach_api.corpus.reading_child" in each.cmdline():
                        self.reader_bytes = max(self.reader_bytes, each.memory_info().rss)
            time.sleep(_SAMPLE_SECONDS)


def _between(seconds: Sequence[float], start: int, end: int) -> float:
    return seconds[end - 1] - (seconds[start - 1] if start else 0.0)


def main() -> None:
    options = _options()
    configure_logging("ERROR", readable=True)
    with tempfile.TemporaryDirectory(prefix="plcingest") as name:
        folder = Path(name)
        books = [folder / f"book-{number:03}.{options.format}" for number in range(options.books)]
        author = Author(options.seed)
        for number, path in enumerate(books):
            _WRITERS[options.format](path, f"Synthetic Book {number}", options.pages, author)
        (folder / "data").mkdir()
        with embedded.running(folder / "data") as url:
            migrations.upgrade(url)
            watch = Watch(_server(folder))
            threading.Thread(target=watch.sample_readers, daemon=True).start()
            reports = asyncio.run(
                ingest(url, books, LOCAL, IngestOptions(progress=IngestProgress(finish=watch.finish)))
            )
            total = time.perf_counter() - watch.started
    sys.stdout.write(_table(options, watch, reports, total))


def _server(folder: Path) -> psutil.Process:
    [pid_file] = folder.rglob("postmaster.pid")
    return psutil.Process(int(pid_file.read_text().split()[0]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="just bench-ingest", description=__doc__)
    parser.add_argument("--books", type=int, default=100, help="(default: %(default)s)")
    parser.add_argument("--pages", type=int, default=300, help="of each book (default: %(default)s)")
    parser.add_argument("--format", choices=_WRITERS, default="md", help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the text (default: %(default)s)")
    return parser.parse_args()


def _table(options: argparse.Namespace, watch: Watch, reports: Sequence[Report], total: float) -> str:
    failed = [each for each in reports if each.outcome != "loaded"]
    if failed:
        raise SystemExit(f"bench-ingest: {len(failed)} books were not loaded: {failed[0].reason}")
    tokens = sum(each.tokens for each in reports)
    lines = [
        f"{options.books} books of {options.pages} pages ({options.format}), {tokens:,} tokens: {total:.0f} s",
        "",
        "| books | seconds a book | milliseconds a page | of them processor time of the server |",
        "|---|---|---|---|",
    ]
    step = max(1, options.books // 10)
    for start in range(0, options.books, step):
        end = min(start + step, options.books)
        seconds = _between(watch.finished, start, end) / (end - start)
        server = _between(watch.server_seconds, start, end) / (end - start)
        pages = options.pages / 1000
        lines.append(f"| {start + 1}-{end} | {seconds:.2f} | {seconds / pages:.2f} | {server / pages:.2f} |")
    peaks = (
        ("the ingest", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024),
        ("the process that reads a book", watch.reader_bytes),
        ("the server's process that stores it", watch.server_bytes),
    )
    after = total - watch.finished[-1]
    lines += ["", f"After the last book: {after:.1f} s for statistics and the index.", ""]
    lines += [f"Peak memory of {name}: {size / 1e6:.0f} MB" for name, size in peaks]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
