"""Tells a developer the addresses to open, as soon as the service is ready."""

import time
import urllib.request

from plccoach_api import logs
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_SECONDS = 60
_POLL_SECONDS = 0.2


def announce(settings: Settings, address: str) -> None:
    """Waits until a worker answers that it is ready, and logs the addresses of the pages and of the API."""
    host = f"[{address}]" if ":" in address else address
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if _is_ready(f"http://{host}:{settings.port}/ready"):
            pages = {"page": f"{settings.public_url}/try"} if settings.try_page else {}
            _log.info("ready", **pages, docs=f"{settings.public_url}/docs", api=settings.public_url)
            return
        time.sleep(_POLL_SECONDS)


def _is_ready(url: str) -> bool:
    try:
        # urlopen raises for every status that is no success.
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - the service's own address
            return True
    except OSError:
        return False
