"""Compares the processor time of `/auth/me` with and without a middleware, in one process.

Two processes of the same program differ by 5 % on a busy machine, and two minutes by more. So one application answers
small batches of requests, with and without the middleware, in random order. `again` is without it too: its difference
shows the error of the measurement.
"""

import argparse
import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeAlias

import uvloop
from litestar import Litestar
from litestar.types import ASGIApp

from plccoach_api import settings
from plccoach_api.app import create_app
from plccoach_api.database import embedded, migrations
from plccoach_api.logs.configuration import configure_logging
from tests.http.conftest import client_of

Variants: TypeAlias = Callable[[Litestar, Path], Mapping[str, ASGIApp]]
"""Returns the application with each middleware, by the name to print. It may use the folder."""

_BATCH, _CONCURRENT = 32, 16


def compare(variants: Variants, *, program: str, description: str | None) -> None:
    """Runs as a program."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.tools.bench.{program}", description=description)
    parser.add_argument("--rounds", type=int, default=600, help="(default: %(default)s)")
    rounds = parser.parse_args().rounds
    configure_logging("ERROR")
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder) / "data") as database:
        migrations.upgrade(database)
        uvloop.run(_measure(database, Path(folder), variants, rounds))


async def _measure(database: str, folder: Path, variants: Variants, rounds: int) -> None:
    app = create_app(settings.load({"DATABASE_URL": database}, None))
    apps: dict[str, ASGIApp] = {"without": app, "again": app, **variants(app, folder)}
    async with app.lifespan():
        cookie = await _sign_in(app)
        times: dict[str, list[float]] = {name: [] for name in apps}
        for each in apps.values():
            await _batch(each, cookie)
        gc.collect()
        gc.freeze()
        gc.set_threshold(5_000, 20, 100)
        for _ in range(rounds):
            for name in random.sample([*apps], len(apps)):
                times[name].append(await _batch(apps[name], cookie))
    base = median(times["without"])
    for name, measured in times.items():
        paired = median(one - other for one, other in zip(measured, times["without"], strict=True))
        quartile, middle, _ = quantiles(measured)
        print(f"{name:8} {quartile:4.0f} µs (quartile), {middle:4.0f} µs (median), {paired / base:+.1%} in pairs")


async def _sign_in(app: Litestar) -> str:
    async with client_of(app) as client:
        await client.get("/auth/dev/login")
        return client.cookies["plc_session"]


async def _batch(app: ASGIApp, cookie: str) -> float:
    """Returns the microseconds of processor time for one request, without other threads."""
    started = time.thread_time()
    for _ in range(_BATCH // _CONCURRENT):
        await asyncio.gather(*(_request(app, cookie) for _ in range(_CONCURRENT)))
    return (time.thread_time() - started) / _BATCH * 1e6


async def _request(app: ASGIApp, cookie: str) -> None:
    statuses: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/auth/me",
        "raw_path": b"/auth/me",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"cookie", f"plc_session={cookie}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    if statuses[0] != HTTPStatus.OK:
        raise SystemExit(f"bench: /auth/me was answered {statuses[0]}")
