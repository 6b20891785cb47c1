"""Reads each book in a process of its own, with limits on its time, memory and size.

A file may be made to exhaust the reader, or to crash a library written in C. Such a file costs one line of the report.
Cutting a book into chunks happens in that process too, because tokenising is also work on the file's text. The result
comes back over a pipe as MessagePack, which is checked against its types and runs no code, as pickle would.
"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plccoach_api import logs
from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.chunks import ChunkedBook
from plccoach_api.corpus.readers.suffixes import MANUSCRIPT_SUFFIXES, has_suffix
from plccoach_api.corpus.reading_child import Result
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_MEGABYTE = 1_000_000
_MORE_SECONDS_PER_BYTE = 10 / (10 * _MEGABYTE)
# Text and chunks: 20,000 pages of text come to this.
_MOST_RESULT_BYTES = 100 * _MEGABYTE
_RESULT = msgspec.msgpack.Decoder(Result)
# No other variable reaches the process: it needs no key of ours and no address of the database.
_INHERITED = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH"})
# One file does not need more threads, and each would reserve memory.
_SINGLE_THREADED = {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """`seconds` is for a small file: a large one gets ten seconds more for each 10 MB."""

    seconds: float = 60.0
    memory_megabytes: int = 2000
    file_megabytes: int = 500

    @classmethod
    def of(cls, settings: Settings) -> "ReadingLimits":
        return cls(settings.ingest_timeout, settings.ingest_memory_mb, settings.ingest_file_mb)

    def seconds_for(self, size: int) -> float:
        return self.seconds + size * _MORE_SECONDS_PER_BYTE


DEFAULT_LIMITS = ReadingLimits()


async def read_in_process(path: Path, limits: ReadingLimits = DEFAULT_LIMITS) -> ChunkedBook:
    """Raises UnreadableBook. A cancelled call ends the process."""
    size = _size(path)
    if size > limits.file_megabytes * _MEGABYTE:
        raise UnreadableBook(f"it is larger than {limits.file_megabytes} MB")
    seconds = limits.seconds_for(size)
    with _started(path, limits, seconds) as process:
        return await asyncio.to_thread(_receive, process, limits, seconds)


def _size(path: Path) -> int:
    """Returns the bytes of a file, or of the chapters of a folder that is one book."""
    try:
        if path.is_dir():
            # Pictures and a version history are not read, and a link may lead nowhere.
            chapters = (each for each in path.rglob("*") if has_suffix(each, MANUSCRIPT_SUFFIXES))
            return sum(each.stat().st_size for each in chapters if each.is_file())
        return path.stat().st_size
    except FileNotFoundError:
        raise UnreadableBook("not found") from None
    except OSError as error:
        raise UnreadableBook(f"it cannot be read: {error.strerror or type(error).__name__}") from error


@contextmanager
def _started(path: Path, limits: ReadingLimits, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """Starts the process, and kills it at the end of the block if it still runs."""
    command = [sys.executable, "-P", "-m", "plccoach_api.corpus.reading_child", os.fspath(path.absolute())]
    with subprocess.Popen(  # noqa: S603 - this Python, with a module of ours
        [*command, str(limits.memory_megabytes * _MEGABYTE), str(int(seconds) + 1)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name in _INHERITED} | _SINGLE_THREADED,
        # A terminal's Ctrl-C reaches only the parent, which then kills this process.
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _receive(process: subprocess.Popen[bytes], limits: ReadingLimits, seconds: float) -> ChunkedBook:
    if process.stdout is None:
        raise TypeError("the process has no pipe")
    deadline = time.monotonic() + seconds
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        message = process.stdout.read(_MOST_RESULT_BYTES + 1)
        if len(message) > _MOST_RESULT_BYTES:
            raise UnreadableBook(f"its text is longer than {_MOST_RESULT_BYTES // _MEGABYTE} MB")
        exit_code = process.wait()
    finally:
        timer.cancel()
    if time.monotonic() >= deadline:
        raise UnreadableBook(f"reading it took longer than {seconds:.0f} s")
    if exit_code == -signal.SIGXCPU:
        raise UnreadableBook("its reader used up its processor time")
    if exit_code == -signal.SIGABRT:
        # So ends a library in C or Rust that gets no memory.
        memory = _gigabytes(limits.memory_megabytes)
        raise UnreadableBook(f"its reader gave up (SIGABRT): it probably needs more than {memory} of memory")
    if exit_code != 0:
        raise UnreadableBook(f"its reader crashed ({_exit_name(exit_code)}); the file is damaged, or made to do harm")
    try:
        result = _RESULT.decode(message)
    except msgspec.DecodeError as error:
        _log.warning("reader returned no result", error=str(error))
        raise UnreadableBook("its reader returned no valid result") from error
    return _book(result, limits)


def _exit_name(exit_code: int) -> str:
    try:
        return signal.Signals(-exit_code).name
    except ValueError:
        return f"exit code {exit_code}"


def _book(result: Result, limits: ReadingLimits) -> ChunkedBook:
    if result.book:
        return result.book
    if result.out_of_memory:
        raise UnreadableBook(f"reading it needs more than {_gigabytes(limits.memory_megabytes)} of memory")
    if result.error:
        _log.warning("reader failed", error=result.error)
        raise UnreadableBook(f"its reader failed ({result.error}); the file is damaged, or of an unknown kind")
    raise UnreadableBook(result.unreadable or "it has no text")


def _gigabytes(megabytes: int) -> str:
    return f"{megabytes // 1000} GB" if megabytes % 1000 == 0 else f"{megabytes} MB"
