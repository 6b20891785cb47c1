"""The errors of commands. A command that fails in an expected way prints one line for each fault, and no traceback."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import psycopg

from plccoach_api.database import migrations
from plccoach_api.database.embedded import EmbeddedDatabaseError
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.settings.environment import SettingsError

CONFIGURATION_ERROR = 78  # EX_CONFIG of sysexits.h
INTERRUPTED = 130  # as shells report SIGINT
_OUTPUT_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE})


class CommandError(Exception):
    """The command cannot do its work. The lines are printed to standard error; `code` is the exit code."""

    def __init__(self, *lines: str, code: int = 1) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.code = code


@contextmanager
def report_errors() -> Iterator[None]:
    """Turns an expected exception into lines on standard error and an exit code."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except SettingsError as error:
        _stop(error.problems, code=CONFIGURATION_ERROR)
    except EmbeddedDatabaseError as error:
        _stop([str(error)], code=CONFIGURATION_ERROR)
    except migrations.UnusableDatabase as error:
        _stop([str(error)], code=CONFIGURATION_ERROR)
    except migrations.SchemaMismatch as error:
        _stop([str(error)], code=1)
    except CommandError as error:
        _stop(error.lines, code=error.code)
    except OSError as error:
        if error.errno not in _OUTPUT_ERRORS:
            raise
        # The rest of the buffer goes nowhere. Python would try to write it, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        nobody_reads = error.errno == errno.EPIPE
        _stop([] if nobody_reads else [f"the output cannot be written: {error.strerror}"], code=1)
    except UNAVAILABLE as error:
        # The message is not printed, because it may name the host and the user.
        kind = type(error).__name__
        if _is_unreachable(error):
            line = f"the database cannot be reached ({kind}); check DATABASE_URL, and DATABASE_DIRECT_URL if it is set"
            _stop([line], code=CONFIGURATION_ERROR)
        _stop([f"the database answered with an error ({kind}, {error.sqlstate}); try again"], code=1)


def _is_unreachable(error: psycopg.Error) -> bool:
    """Returns False if the server answered with an error of its own: a timeout, a full disk, a lock."""
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "28"))


def _stop(lines: Sequence[str], *, code: int) -> NoReturn:
    for line in lines:
        print(f"plccoach-api: {line}", file=sys.stderr)
    raise SystemExit(code)
