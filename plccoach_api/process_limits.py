"""The limits of a process that reads one book or typesets one PDF, and may be made to exhaust the machine."""

import os
import sys

if sys.platform != "win32":
    import resource

# The rest of the machine comes first: other processes answer questions.
_NICENESS = 10
# The soft limit sends SIGXCPU, which says what happened. The hard limit sends SIGKILL, which does not.
_GRACE_SECONDS = 1


def limit_this_process(*, processor_seconds: int, memory_bytes: int) -> None:
    """Lowers the priority and the limits of this process, which writes no core dump. Windows has none of them."""
    if sys.platform != "win32":
        os.nice(_NICENESS)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_CPU, processor_seconds, grace=_GRACE_SECONDS)
        # RLIMIT_AS would also count what libraries reserve and never use. macOS enforces neither of the two.
        _limit(resource.RLIMIT_DATA, memory_bytes)


def _limit(kind: int, soft: int, *, grace: int = 0) -> None:
    """Sets a soft limit, and a hard one that is `grace` higher. A hard limit that is lower already stays."""
    if sys.platform != "win32":
        _, earlier = resource.getrlimit(kind)
        hard = soft + grace if earlier == resource.RLIM_INFINITY else min(soft + grace, earlier)
        resource.setrlimit(kind, (hard - grace, hard))
