"""Logs the origins whose pages a browser keeps from reading responses, so that a missing setting is found quickly.

A developer otherwise sees only the browser's message. Anybody can send any `Origin`, so the log is bounded.
"""

from collections.abc import Callable
from time import monotonic

from plccoach_api import logs

_log = logs.get_logger(__name__)

_SECONDS = 60
_MOST = 100
_LONGEST = 200


class RefusedOrigins:
    """Logs each origin at most once a minute, and at most 100 origins a minute."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._logged: dict[bytes, float] = {}

    def report(self, origin: bytes) -> None:
        shown = origin[:_LONGEST]
        now = self._clock()
        self._logged = {name: at for name, at in self._logged.items() if now - at < _SECONDS}
        if shown in self._logged or len(self._logged) >= _MOST:
            return
        self._logged[shown] = now
        name = shown.decode("latin-1").encode("unicode_escape").decode()
        _log.warning("origin refused", origin=name, setting="CORS_ORIGINS")
