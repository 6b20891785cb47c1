"""Creates the application in a worker process of the server."""

import gc
import os

from litestar import Litestar

from plccoach_api import metrics, settings
from plccoach_api.app import create_app
from plccoach_api.logs.configuration import READABLE, configure_logging
from plccoach_api.server import signals


def create() -> Litestar:
    signals.detach_from_terminal()
    loaded = settings.load()
    configure_logging(loaded.log_level, readable=bool(os.environ.get(READABLE)), queued=True)
    if loaded.metrics_port is not None:
        metrics.enable()
    app = create_app(loaded)
    app.on_startup.append(signals.exit_with_supervisor)
    app.on_startup.append(lambda: signals.on_stop_signal(app.state.coach.end_streams))
    app.on_startup.append(lambda: signals.on_stopping_soon(app.state.stopping.set))
    # Objects made at start-up live as long as the process, so garbage collections need not visit them. Collections are
    # rarer than by default: with 500 open streams, their pauses made the time between deltas uneven.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)
    return app
