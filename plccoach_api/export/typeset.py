"""A program that typesets one conversation. It reads JSON from standard input and writes a PDF to standard output.

It limits its own memory and processor time. A typesetter that reaches a limit ends with a signal.

It is a process of its own, because the typesetter never frees its caches. A worker that typeset PDFs itself
would grow to hundreds of megabytes.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

from plccoach_api.process_limits import limit_this_process

_HERE = Path(__file__).parent
# Enough for 1,000 messages of 300 words. Text of very short lines takes ten times the memory of prose.
_MEMORY_BYTES = 768 << 20
_PROCESSOR_SECONDS = 45


def main(exported_at: int) -> None:
    """Dates the file `exported_at`, in seconds since 1970, so that the same conversation makes the same file."""
    limit_this_process(processor_seconds=_PROCESSOR_SECONDS, memory_bytes=_MEMORY_BYTES)
    conversation = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        _HERE / "conversation.typ",
        font_paths=[_HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"conversation": conversation},
        timestamp=datetime.fromtimestamp(exported_at, UTC),
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(int(sys.argv[1]))
