"""A file that exhausts or crashes its reader costs one line, and the next book is read."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.reading_process import ReadingLimits, read_in_process
from tests.live import wait_until
from tests.waiting import until


def readers(parent: int | None = None) -> list[psutil.Process]:
    """Returns the processes that read a book for a process, by default for this one."""
    return [each for each in psutil.Process(parent).children() if "plccoach_api.corpus.reading_child" in each.cmdline()]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.md"
    path.write_text("# Zebras\n\nby Zoe\n\n## Chapter 1: Stripes\n\n<!-- page 3 -->\n\nZebras have stripes.")
    return path


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A book that takes seconds to cut into chunks, because it has a million sentences."""
    path = tmp_path / "slow.md"
    path.write_text("# Slow\n\nword" + ". " * 1_000_000)
    return path


async def test_a_book_comes_back_whole(book: Path) -> None:
    chunked = await read_in_process(book)
    assert (chunked.book.title, chunked.book.authors) == ("Zebras", ("Zoe",))
    [chapter] = chunked.book.chapters
    assert (chapter.number, chapter.title, chapter.paragraphs[0].first_page) == (1, "Stripes", 3)
    assert [chunk.content for chunk in chunked.chunks] == ["Zebras have stripes."]
    assert chunked.chunks[0].page_starts[0].page == 3


@pytest.mark.slow
async def test_a_book_that_takes_too_long_is_given_up(slow: Path) -> None:
    started = time.monotonic()
    reading = asyncio.create_task(read_in_process(slow, ReadingLimits(seconds=1)))
    await until(readers)
    # However fast the machine is, a stopped reader does not end.
    readers()[0].suspend()
    with pytest.raises(UnreadableBook, match=r"^reading it took longer than 3 s$"):
        await reading
    assert time.monotonic() - started < 15
    assert readers() == []


def test_a_large_file_has_more_time() -> None:
    limits = ReadingLimits()
    assert limits.seconds_for(0) == 60
    assert limits.seconds_for(100_000_000) == 160


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not enforce RLIMIT_DATA")
async def test_a_book_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_text("# Large\n\n" + "word\n\n" * 1_000_000)
    with pytest.raises(UnreadableBook, match=r"^reading it needs more than 150 MB of memory$"):
        await read_in_process(path, ReadingLimits(memory_megabytes=150))


async def test_a_file_that_is_too_large_is_not_opened(book: Path) -> None:
    with pytest.raises(UnreadableBook, match=r"^it is larger than 0 MB$"):
        await read_in_process(book, ReadingLimits(file_megabytes=0))


async def test_a_reader_that_crashes_is_named_by_its_signal(slow: Path) -> None:
    reading = asyncio.create_task(read_in_process(slow))
    await until(readers)
    readers()[0].send_signal(signal.SIGSEGV)
    with pytest.raises(UnreadableBook, match=r"^its reader crashed \(SIGSEGV\)"):
        await reading


async def test_a_reader_whose_library_gets_no_memory_says_so(slow: Path) -> None:
    reading = asyncio.create_task(read_in_process(slow))
    await until(readers)
    # A library in C or Rust aborts when it gets no memory.
    readers()[0].send_signal(signal.SIGABRT)
    with pytest.raises(UnreadableBook, match=r"SIGABRT.*needs more than 2 GB of memory$"):
        await reading


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit processor time")
def test_a_reader_that_uses_up_its_processor_time_says_so(slow: Path) -> None:
    # The reader may not have more of it than its parent, who has used some and only waits from now on.
    program = (
        "import asyncio, resource, sys, time\nfrom pathlib import Path\n"
        "from plccoach_api.corpus.reading_process import read_in_process\n"
        "seconds = int(time.process_time()) + 2\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))\n"
        "asyncio.run(read_in_process(Path(sys.argv[1])))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(slow)], check=False, capture_output=True, text=True)
    assert done.stderr.endswith("UnreadableBook: its reader used up its processor time\n"), done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows no such name")
async def test_an_error_that_quotes_a_name_that_is_not_utf_8_is_reported_as_itself(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"x\xff.md")
    path.write_text("# Zebras\n\nZebras have stripes.")
    path.with_suffix(".toml").write_text("[bad")
    with pytest.raises(UnreadableBook, match=r"^x\?\.toml beside it is not valid"):
        await read_in_process(path)


async def test_a_reader_that_returns_something_else_than_a_result_costs_one_book(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "start").mkdir()
    # Python imports this module at its start, before the reader keeps its output for itself.
    (tmp_path / "start/sitecustomize.py").write_text("import os\nos.write(1, b'Loaded.')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "start"), *sys.path]))
    with pytest.raises(UnreadableBook, match=r"^its reader returned no valid result$"):
        await read_in_process(book)


async def test_a_cancelled_ingest_ends_its_reader(slow: Path) -> None:
    reading = asyncio.create_task(read_in_process(slow))
    await until(readers)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert readers() == []


def test_a_reader_ends_with_its_parent(slow: Path) -> None:
    program = (
        "import asyncio, sys\nfrom pathlib import Path\n"
        "from plccoach_api.corpus.reading_process import read_in_process\n"
        "asyncio.run(read_in_process(Path(sys.argv[1])))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(slow)]) as parent:
        wait_until(lambda: bool(readers(parent.pid)), "the reader runs", seconds=20)
        [reader] = readers(parent.pid)
        parent.kill()
    reader.wait(timeout=5)


async def test_a_reader_gets_no_secret(slow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hush@127.0.0.1/db")
    reading = asyncio.create_task(read_in_process(slow))
    await until(readers)
    environment = readers()[0].environ()
    reading.cancel()
    assert "PATH" in environment
    assert not [value for value in environment.values() if "hush" in value]


async def test_a_module_beside_the_books_is_not_imported(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (book.parent / "msgspec.py").write_text("raise SystemExit('imported from the folder of the books')")
    monkeypatch.chdir(book.parent)
    assert (await read_in_process(Path("book.md"))).book.title == "Zebras"


async def test_a_pathological_text_is_read_in_half_a_minute(tmp_path: Path) -> None:
    path = tmp_path / "hostile.md"
    path.write_text("# Hostile\n\nword" + ". " * 2_000)
    chunked = await read_in_process(path, ReadingLimits(seconds=30))
    assert chunked.book.title == "Hostile"
    assert sum(chunk.tokens for chunk in chunked.chunks) > 500


async def test_a_pathological_text_without_words_is_refused_in_half_a_minute(tmp_path: Path) -> None:
    path = tmp_path / "hostile.md"
    path.write_text("# Hostile\n\n" + "> " * 5_000)
    with pytest.raises(UnreadableBook, match="it has no text"):
        await read_in_process(path, ReadingLimits(seconds=30))


@pytest.mark.parametrize("process", ["plccoach_api.corpus.reading_child", "plccoach_api.export.typeset"])
def test_a_process_for_one_book_or_one_pdf_starts_without_looking_its_version_up(process: str) -> None:
    code = f"import sys, {process}; print('importlib.metadata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout == b"False\n"
