"""Tells a developer the addresses to open, as soon as the service is ready."""

import time

from plccoach_api import logs
from plccoach_api.server.healthcheck import succeeds
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

_SECONDS = 60
_POLL_SECONDS = 0.2


def announce(settings: Settings, address: str) -> None:
    """Waits until a worker answers that it is ready, and logs the addresses of the pages and of the API."""
    host = f"[{address}]" if ":" in address else address
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if succeeds(f"http://{host}:{settings.port}/ready"):
            pages = {"page": f"{settings.public_url}/try"} if settings.try_page else {}
            _log.info("ready", **pages, docs=f"{settings.public_url}/docs", api=settings.public_url)
            return
        time.sleep(_POLL_SECONDS)
