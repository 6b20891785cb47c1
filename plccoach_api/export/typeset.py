"""A program that typesets one conversation. It reads JSON from standard input and writes a PDF to standard output.

It limits its own memory and processor time. A typesetter that reaches a limit ends with a signal.

It is a process of its own, because the typesetter never frees its caches. A worker that typeset PDFs itself
would grow to hundreds of megabytes.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

if sys.platform != "win32":
    import resource

_HERE = Path(__file__).parent
# Enough for 1,000 messages of 300 words. Text of very short lines takes ten times the memory of prose.
_MEMORY_BYTES = 768 << 20
_PROCESSOR_SECONDS = 45
# The rest of the machine comes first: other processes answer questions.
_NICENESS = 10


def main(exported_at: int) -> None:
    """Dates the file `exported_at`, in seconds since 1970, so that the same conversation makes the same file."""
    _limit_resources()
    conversation = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        _HERE / "conversation.typ",
        font_paths=[_HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"conversation": conversation},
        timestamp=datetime.fromtimestamp(exported_at, UTC),
    )
    sys.stdout.buffer.write(pdf)


def _limit_resources() -> None:
    if sys.platform != "win32":
        os.nice(_NICENESS)
        limits = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_CPU: _PROCESSOR_SECONDS,
            resource.RLIMIT_DATA: _MEMORY_BYTES,
        }
        for kind, value in limits.items():
            _, hard = resource.getrlimit(kind)
            lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (lower, lower))


if __name__ == "__main__":
    main(int(sys.argv[1]))
