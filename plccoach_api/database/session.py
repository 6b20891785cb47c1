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
}
"""Values as `pg_settings` shows them: the timeouts are milliseconds."""

OPTIONS: Final = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
"""The startup options of a connection that answers requests."""

_TIMEOUTS: Final = tuple(name for name, value in SETTINGS.items() if value.isdecimal())

UNLIMITED: Final = " ".join(f"-c {name}=0" for name in _TIMEOUTS)
"""The startup options of long work, whose role may have the timeouts of requests."""


def options_of(address: str, ours: str) -> str:
    """Returns the startup options of an address, and after them ours, which win.

    Given to `connect` alone, ours would take the place of the address's, such as its `search_path`.
    """
    return f"{conninfo_to_dict(address).get('options') or ''} {ours}".strip()


def lacking(found: Mapping[str, str]) -> list[str]:
    """Returns the names of the settings that a session lacks. A shorter timeout than ours is a timeout too."""
    return [
        name
        for name, value in SETTINGS.items()
        if not (0 < int(found[name]) <= int(value) if name in _TIMEOUTS else found[name] == value)
    ]
