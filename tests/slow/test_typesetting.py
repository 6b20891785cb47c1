"""The limits of the process that typesets a PDF."""

import resource

import pytest

from plccoach_api import problems
from plccoach_api.export.pdf import write_pdf
from tests.export.conversations import header, in_pages, question, read_all

_GIGABYTE = 1 << 30


async def test_a_conversation_of_very_short_lines_is_refused_before_it_takes_a_gigabyte() -> None:
    messages = [question("a\n" * 50_000) for _ in range(30)]
    earlier = _peak(resource.RUSAGE_CHILDREN)
    with pytest.raises(problems.ExportTooLong):
        await read_all(write_pdf(header("Short lines"), in_pages(messages)))
    # A process that is started counts with the peak of the one that starts it.
    assert _peak(resource.RUSAGE_CHILDREN) <= max(earlier, _peak(resource.RUSAGE_SELF), _GIGABYTE)


def _peak(whose: int) -> int:
    """Returns the most memory that this process, or one of its children, has taken, in bytes."""
    return resource.getrusage(whose).ru_maxrss * 1024
