"""The timings of runs and of their readers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """All timings are in seconds. Tests pass their own values."""

    begin: float = 10.0
    """A question waits this long for those that begin before it. A few hundred at once take some seconds."""
    checkpoint: float = 0.4
    """Each running answer is stored this often."""
    renewal: float = 1.0
    """While a model writes nothing, a checkpoint that renews the lease comes this often."""
    store: float = 5.0
    """A finished answer waits this long for a database that restarts."""
    store_retry: float = 0.5
    poll: float = 1.0
    """A reader polls the row of an answer this often, in case a notification was lost."""
    follow: float = 10.0
    """A reader says this often that it follows an answer of another process."""
    keep_alive: float = 15.0
    """A comment is sent after this much silence, to keep a stream's connection open."""
    rescue: float = 15.0
    """Each process looks for abandoned answers this often."""
    rescue_retry: float = 2.0
    join: float = 10.0
    """A request waits this long for a whole answer that another process generates."""
    stop: float = 3.0
    """A request to stop waits this long for another process, which may have died."""
    wait_poll: float = 0.1
    """The requests of `join` and `stop` poll the answer's row this often."""
    close: float = 2.0
    """A process that stops lets an answer without a stream finish within this time."""


DEFAULT_TIMINGS = Timings()
