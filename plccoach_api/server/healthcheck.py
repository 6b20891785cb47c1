"""The health check of the image: `python -m plccoach_api.server.healthcheck` exits with 0 when /health answers 200."""

import os
import sys
from http import HTTPStatus
from http.client import HTTPException
from urllib.request import ProxyHandler, build_opener

_SECONDS = 2.0


def healthy(port: str) -> bool:
    return succeeds(f"http://127.0.0.1:{port}/health")


def succeeds(url: str) -> bool:
    """Returns True if a GET of the URL, which belongs to this machine, is answered with 200."""
    # The request stays on this machine, so it ignores the proxy settings of the environment.
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(url, timeout=_SECONDS) as response:
            return bool(response.status == HTTPStatus.OK)
    except (OSError, HTTPException):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy(os.environ.get("PORT") or "8000") else 1)
