"""The process that reads one book: `python -m plccoach_api.corpus.reading_child PATH MEMORY_BYTES CPU_SECONDS`.

It limits its own memory and time before it opens the file, writes a Result to its standard output, and ends. Its
standard input carries nothing: it is a pipe that closes when the parent dies, which ends this process too.
"""

import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import msgspec

from plccoach_api.corpus.book import UnreadableBook
from plccoach_api.corpus.chunks import ChunkedBook, chunk_book
from plccoach_api.corpus.readers.normalize import encodable
from plccoach_api.corpus.readers.read import read
from plccoach_api.process_limits import limit_this_process


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Either the book, or one of three failures."""

    book: ChunkedBook | None = None
    unreadable: str | None = None
    """The message of UnreadableBook."""
    error: str | None = None
    """The class of an exception that no reader expected."""
    out_of_memory: bool = False


def main() -> None:
    path, memory_bytes, cpu_seconds = sys.argv[1:]
    output = _claim_output()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limit_this_process(processor_seconds=int(cpu_seconds), memory_bytes=int(memory_bytes))
    output.write(_encoded_result(Path(path)))
    output.flush()
    # Skips the destructors of libraries, which could crash on a broken file.
    os._exit(0)


def _claim_output() -> BinaryIO:
    """Returns the standard output, and leads everything that a library prints away from it."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def _encoded_result(path: Path) -> bytes:
    try:
        return msgspec.msgpack.encode(Result(book=chunk_book(read(path))))
    except UnreadableBook as error:
        # The message may quote the name of a file, which need not be UTF-8.
        return msgspec.msgpack.encode(Result(unreadable=encodable(str(error))))
    except MemoryError:
        # The traceback held the book. It is gone now, so there is memory for this.
        return msgspec.msgpack.encode(Result(out_of_memory=True))
    except Exception as error:  # noqa: BLE001 - a library may raise anything, and one file must not end an ingest
        return msgspec.msgpack.encode(Result(error=type(error).__name__))


if __name__ == "__main__":
    main()
