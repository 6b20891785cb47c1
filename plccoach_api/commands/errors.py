"""How a command ends when it cannot do its work: a line for each thing its user can mend, never a traceback."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import psycopg

from plccoach_api.database.embedded import EmbeddedDatabaseError
from plccoach_api.settings.environment import SettingsError

CONFIGURATION_ERROR = 78  # EX_CONFIG of sysexits.h


class CommandError(Exception):
    """A command cannot be carried out. Each line is for the person at the terminal; `code` is the exit code."""

    def __init__(self, *lines: str, code: int = 1) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.code = code


@contextmanager
def report_errors() -> Iterator[None]:
    """Ends the process with lines on standard error when the work inside fails in a way we expect."""
    try:
        yield
    except SettingsError as error:
        _stop(error.problems, code=CONFIGURATION_ERROR)
    except EmbeddedDatabaseError as error:
        _stop([str(error)], code=CONFIGURATION_ERROR)
    except CommandError as error:
        _stop(error.lines, code=error.code)
    except psycopg.OperationalError as error:
        # The error's message may name the host and the user. It belongs in the server's log, not on a terminal.
        kind = type(error).__name__
        if _is_unreachable(error):
            line = f"the database cannot be reached ({kind}); check DATABASE_URL and try again"
            _stop([line], code=CONFIGURATION_ERROR)
        _stop([f"the database could not do it ({kind}, {error.sqlstate}); try again"], code=1)


def _is_unreachable(error: psycopg.OperationalError) -> bool:
    """False for a database that answers, and says that it is too slow, too full or busy with something else."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "28"))


def _stop(lines: Sequence[str], *, code: int) -> NoReturn:
    for line in lines:
        print(f"plccoach-api: {line}", file=sys.stderr)
    raise SystemExit(code)
