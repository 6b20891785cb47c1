"""The settings of a database session that answers requests, and how a connection gets them.

A direct connection sends them when it connects, which costs no round trip. A pooler refuses that, and lends each
transaction another session. So behind a pooler the role has to have them: docs/operating/pooler.md.
"""

from collections.abc import Mapping
from typing import Final

from psycopg.conninfo import conninfo_to_dict

# JIT compilation of the search for passages takes longer than the search itself; all other statements are shorter.
SETTINGS: Final = {
    "statement_timeout": "5000",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "10000",
    "TimeZone": "UTC",
    "jit": "off",
    # The driver reads no other form of times and durations.
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    # Our statements have regular expressions in plain quotes.
    "standard_conforming_strings": "on",
    # A statement that waited for a lock sees what the other transaction committed.
    "default_transaction_isolation": "read committed",
}
"""Values as `pg_settings` shows them: the timeouts are milliseconds."""

_TIMEOUTS: Final = tuple(name for name, value in SETTINGS.items() if value.isdecimal())


def _options(settings: Mapping[str, str]) -> str:
    # PostgreSQL splits the options at each space that has no backslash.
    values = {name: value.replace(" ", "\\ ") for name, value in settings.items()}
    return " ".join(f"-c {name}={value}" for name, value in values.items())


OPTIONS: Final = _options(SETTINGS)
"""The startup options of a connection that answers requests."""

UNLIMITED: Final = _options(SETTINGS | dict.fromkeys(_TIMEOUTS, "0"))
"""The startup options of long work: no timeout, although its role may have those of requests."""


def options_of(address: str, ours: str) -> str:
    """Returns the startup options of an address, and after them ours, which win.

    Given to `connect` alone, ours would take the place of the address's, such as its `search_path`.
    """
    return f"{conninfo_to_dict(address).get('options') or ''} {ours}".strip()


def lacking(found: Mapping[str, str]) -> list[str]:
    """Returns the names of the settings that a session lacks. A shorter timeout than ours is a timeout too."""
    return [name for name, value in SETTINGS.items() if not _is_enough(name, found[name], value)]


def _is_enough(name: str, found: str, ours: str) -> bool:
    if name in _TIMEOUTS:
        return 0 < int(found) <= int(ours)
    if name == "DateStyle":
        # The order of day and month does not matter, because nobody writes a date in another form.
        return found.startswith("ISO,")
    return found == ours
