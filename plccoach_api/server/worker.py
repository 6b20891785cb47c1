"""The application as a worker process of the server loads it."""

import gc
import os

from litestar import Litestar

from plccoach_api import logs, settings
from plccoach_api.app import create_app
from plccoach_api.server import granian


def create() -> Litestar:
    granian.leave_terminal()
    configured = settings.load()
    logs.configure(configured.log_level, readable=bool(os.environ.get(logs.READABLE)))
    app = create_app(configured)
    app.on_startup.append(granian.end_with_supervisor)
    app.on_shutdown.append(logs.REQUESTS.flush)
    app.on_startup.append(lambda: granian.when_told_to_stop(app.state.coach.end_streams))
    # What start-up made stays for good: collections need not walk through it while requests wait. They come less often
    # than by default: with 500 streams open, it was their pauses that made the gaps uneven.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)
    return app
